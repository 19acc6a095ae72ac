import { useNavigate } from "@solidjs/router";
import { createEffect, createSignal, For, on, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Avatar } from "../../components/Avatar";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNote } from "../../components/ErrorNote";
import { Spinner } from "../../components/Spinner";
import { Switch } from "../../components/Switch";
import { Tabs } from "../../components/Tabs";
import { TextField } from "../../components/TextField";
import { invitePath, spacePath } from "../../paths";
import { LIMITS } from "../../protocol/constants";
import type { PublicSpace } from "../../protocol/generated";
import { arrival } from "../../state/arrival";
import { useSnug } from "../../state/context";
import { inviteCode } from "../auth/words";
import css from "./spaces.module.css";

type Way = "create" | "link" | "public";

/** Make a space, join one by a link, or look around in the public ones. */
export function AddSpaceDialog(props: { open: boolean; onOpenChange: (open: boolean) => void; way?: Way }) {
  const [way, setWay] = createSignal<Way>("create");
  createEffect(on(() => props.open, (open) => open && setWay(props.way ?? "create")));
  const close = () => props.onOpenChange(false);
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title="Add a space">
      <Tabs<Way>
        label="How to add a space"
        value={way()}
        onChange={setWay}
        tabs={[
          { value: "create", label: "New" },
          { value: "link", label: "By invite" },
          { value: "public", label: "Public" },
        ]}
      >
        {(chosen) => (
          <div class={css.way}>
            <Show when={chosen === "create"}>
              <CreateSpace onDone={close} />
            </Show>
            <Show when={chosen === "link"}>
              <JoinByLink onDone={close} />
            </Show>
            <Show when={chosen === "public" && way() === "public"}>
              <PublicSpaces onDone={close} />
            </Show>
          </div>
        )}
      </Tabs>
    </Dialog>
  );
}

export function CreateSpace(props: { onDone: () => void }) {
  const { api, state } = useSnug();
  const navigate = useNavigate();
  const [name, setName] = createSignal("");
  const [open, setOpen] = createSignal(false);
  const create = createAction(async () => {
    const space = await api.spaces.create({ name: name().trim(), public: open() });
    await arrival(() => state.spaces[space.id] !== undefined);
    props.onDone();
    navigate(spacePath(space.id));
  });
  return (
    <form class={css.form} onSubmit={(event) => (event.preventDefault(), event.stopPropagation(), void create.run())}>
      <TextField label="Name" data-autofocus required maxLength={LIMITS.spaceName} value={name()} onInput={setName} placeholder="The climbing hall" />
      <Switch label="Public" hint="Everyone on this server can find and join it." checked={open()} onChange={setOpen} />
      <ErrorNote error={create.error()} />
      <Button type="submit" kind="primary" busy={create.busy()} disabled={name().trim() === ""}>
        Create space
      </Button>
    </form>
  );
}

function JoinByLink(props: { onDone: () => void }) {
  const snug = useSnug();
  const navigate = useNavigate();
  const [link, setLink] = createSignal("");
  const go = () => {
    props.onDone();
    navigate(invitePath(inviteCode(link())));
  };
  return (
    <form class={css.form} onSubmit={(event) => (event.preventDefault(), event.stopPropagation(), go())}>
      <TextField label="Invite link or code" data-autofocus required value={link()} onInput={setLink} placeholder={snug.link("/invite/…")} hint="Somebody who is in the space can make one: space menu, Invite people." />
      <Button type="submit" kind="primary" disabled={inviteCode(link()) === ""}>
        Look at the invitation
      </Button>
    </form>
  );
}

/** Spaces that anyone may join; `others` leaves out those one is in. */
export function PublicSpaces(props: { onDone: () => void; others?: boolean }) {
  const { api, state } = useSnug();
  const [spaces, setSpaces] = createSignal<PublicSpace[]>();
  const shown = () => spaces()?.filter((found) => !props.others || !state.spaces[found.space.id]);
  const load = createAction(async () => setSpaces(await api.spaces.public()));
  void load.run();
  return (
    <Show when={shown()} fallback={<Show when={load.error()} fallback={<Spinner label="Looking for spaces" />}><ErrorNote error={load.error()} onRetry={() => void load.run()} /></Show>}>
      {(list) => (
        <Show
          when={list().length > 0}
          fallback={
            <EmptyState icon="globe" title={props.others && spaces()?.length ? "You are in all of them" : "No public spaces"}>
              When somebody makes another one, it is listed here. Until then: make your own, or ask for an invite.
            </EmptyState>
          }
        >
          <ul class={css.public}>
            <For each={list()}>{(found) => <PublicRow found={found} onDone={props.onDone} />}</For>
          </ul>
        </Show>
      )}
    </Show>
  );
}

function PublicRow(props: { found: PublicSpace; onDone: () => void }) {
  const snug = useSnug();
  const navigate = useNavigate();
  const joined = () => snug.state.spaces[props.found.space.id] !== undefined;
  const join = createAction(async () => {
    const { id } = props.found.space;
    if (!joined()) await snug.api.spaces.join(id);
    await arrival(() => snug.state.spaces[id] !== undefined);
    props.onDone();
    navigate(spacePath(id));
  });
  return (
    <li class={css.found}>
      <Avatar square id={props.found.space.id} name={props.found.space.name} src={snug.image(props.found.space.icon)} size={40} />
      <div class={css.words}>
        <div class={css.name}>{props.found.space.name}</div>
        <div class={css.hint}>{props.found.space.description || `${props.found.members} ${props.found.members === 1 ? "member" : "members"}`}</div>
        <ErrorNote error={join.error()} />
      </div>
      <Button small busy={join.busy()} onClick={() => void join.run()} aria-label={`${joined() ? "Open" : "Join"} ${props.found.space.name}`}>
        {joined() ? "Open" : "Join"}
      </Button>
    </li>
  );
}
