import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { Avatar } from "../../components/Avatar";
import { Dialog } from "../../components/Dialog";
import { TextField } from "../../components/TextField";
import type { SpaceId, UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { nameOf } from "../../state/selectors";
import css from "./MemberPicker.module.css";
import { findMembers } from "./search";

/** How many are listed before one has to search. */
const MOST = 50;

/** Finds one member of a space. `without` are left out; `extra` stands above the people, as long as nothing is typed. */
export function MemberPicker(props: { open: boolean; title: string; spaceId: SpaceId; without: readonly UserId[]; onPick: (id: UserId) => void; onClose: () => void; extra?: JSX.Element }) {
  const { image, state } = useSnug();
  const [text, setText] = createSignal("");
  const found = createMemo(() => (props.open ? findMembers(state, props.spaceId, text()).filter((member) => !props.without.includes(member.user_id)) : []));
  const close = () => {
    setText("");
    props.onClose();
  };
  const pick = (id: UserId) => {
    close();
    props.onPick(id);
  };
  return (
    <Dialog open={props.open} onOpenChange={(open) => !open && close()} title={props.title} onSubmit={() => found().length === 1 && pick(found()[0]!.user_id)}>
      <TextField label="Search" hideLabel icon="search" placeholder="Name or nickname" value={text()} onInput={setText} autocomplete="off" />
      <Show when={text() === ""}>{props.extra}</Show>
      <ul class={css.list} aria-label="People">
        <For each={found().slice(0, MOST)} fallback={<li class={css.none}>Nobody here is called that.</li>}>
          {(member) => (
            <li>
              <button type="button" class={css.person} onClick={() => pick(member.user_id)}>
                <Avatar id={member.user_id} name={nameOf(state, member.user_id, props.spaceId)} src={image(state.users[member.user_id]?.avatar)} size={28} />
                <span>{nameOf(state, member.user_id, props.spaceId)}</span>
                <span class={css.username}>@{state.users[member.user_id]?.username}</span>
              </button>
            </li>
          )}
        </For>
      </ul>
      <Show when={found().length > MOST}>
        <p class={css.none}>And {found().length - MOST} more. Type a part of the name.</p>
      </Show>
    </Dialog>
  );
}

