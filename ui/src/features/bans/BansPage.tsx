import { createMemo, createSignal, For, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Avatar } from "../../components/Avatar";
import { Button } from "../../components/Button";
import { confirm } from "../../components/ConfirmDialog";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNote } from "../../components/ErrorNote";
import { createLoad } from "../../components/load";
import { Loaded } from "../../components/Loaded";
import { Row, Rows, Section } from "../../components/Section";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/Toast";
import type { Ban, SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { nameOf } from "../../state/selectors";
import { fullTime, relativeTime } from "../../text/dates";

/** How many bans need a search. */
const MANY = 8;

export function BansPage(props: { spaceId: SpaceId }) {
  const { api } = useSnug();
  const bans = createLoad(() => api.bans.list(props.spaceId));
  const [text, setText] = createSignal("");
  return (
    <Loaded of={bans} what="the bans">
      {(all) => {
        const found = createMemo(() => all().filter((ban) => `${ban.user.username} ${ban.user.display_name} ${ban.reason}`.toLowerCase().includes(text().trim().toLowerCase())));
        return (
          <Show
            when={all().length > 0}
            fallback={
              <EmptyState icon="ban" title="Nobody is banned">
                Should it ever be needed: under Members, the menu beside a name has it.
              </EmptyState>
            }
          >
            <Section title={`${all().length} banned`} hint="They cannot come back with any invite until the ban is lifted.">
              <Show when={all().length > MANY}>
                <TextField label="Search bans" hideLabel icon="search" placeholder="Name or reason" type="search" value={text()} onInput={setText} />
              </Show>
              <Rows label="Bans">
                <For each={found()} fallback={<li>No ban fits that.</li>}>
                  {(ban) => <BanRow ban={ban} onLifted={() => bans.set((list) => list.filter((one) => one !== ban))} />}
                </For>
              </Rows>
            </Section>
          </Show>
        );
      }}
    </Loaded>
  );
}

function BanRow(props: { ban: Ban; onLifted: () => void }) {
  const { api, image, state, now } = useSnug();
  const name = () => props.ban.user.display_name;
  const lift = createAction(async () => {
    if (!(await confirm({ title: `Lift the ban on ${name()}?`, text: "They can come back with an invite. Their roles are not restored.", action: "Lift the ban" }))) return;
    await api.bans.remove(props.ban.space_id, props.ban.user.id);
    toast({ text: `${name()} may come back.`, kind: "good" });
    props.onLifted();
  });
  return (
    <Row
      start={<Avatar id={props.ban.user.id} name={name()} src={image(props.ban.user.avatar)} size={40} />}
      title={name()}
      hint={
        <>
          {props.ban.reason || "No reason given."} By {nameOf(state, props.ban.banned_by, props.ban.space_id)},{" "}
          <time title={fullTime(props.ban.created_at)}>{relativeTime(props.ban.created_at, now())}</time>
          <ErrorNote error={lift.error()} />
        </>
      }
    >
      <Button small busy={lift.busy()} onClick={() => void lift.run()} aria-label={`Lift ban on ${name()}`}>
        Lift ban
      </Button>
    </Row>
  );
}
