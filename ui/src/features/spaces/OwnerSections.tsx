import { createSignal, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { confirm } from "../../components/ConfirmDialog";
import { ErrorNote } from "../../components/ErrorNote";
import { Section } from "../../components/Section";
import { toast } from "../../components/Toast";
import type { Space, UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { nameOf } from "../../state/selectors";
import { MemberPicker } from "../members/MemberPicker";
import { DeleteSpaceDialog } from "./DeleteSpaceDialog";

/** What only the owner of a space can do. */
export function OwnerSections(props: { space: Space; onDeleted: () => void }) {
  const { api, state } = useSnug();
  const [open, setOpen] = createSignal<"picker" | "delete">();
  const transfer = createAction(async (to: UserId) => {
    const name = nameOf(state, to, props.space.id);
    const yes = await confirm({
      title: `Give ${props.space.name} to ${name}?`,
      text: `${name} will own it, and can do everything here, to you as well. Only ${name} can give it back.`,
      danger: true,
      action: `Give it to ${name}`,
    });
    if (!yes) return;
    await api.spaces.update(props.space.id, { owner_id: to });
    toast({ text: `${name} now owns ${props.space.name}.`, kind: "good" });
  });
  const alone = () => Object.keys(state.members[props.space.id] ?? {}).length < 2;

  return (
    <>
      <Section title="Ownership" hint="The owner may do everything in the space, whatever roles and channels say.">
        <div>
          <Button icon="crown" busy={transfer.busy()} disabled={alone()} onClick={() => setOpen("picker")}>
            Give it to somebody else
          </Button>
        </div>
        <Show when={alone()}>
          <p>You are alone here. Invite somebody first.</p>
        </Show>
        <ErrorNote error={transfer.error()} />
        <MemberPicker
          open={open() === "picker"}
          title="Who will own it?"
          spaceId={props.space.id}
          without={[props.space.owner_id]}
          onClose={() => setOpen(undefined)}
          onPick={(id) => void transfer.run(id)}
        />
      </Section>
      <Section danger title="Delete the space" hint="Its channels, messages, roles and invites go for good, for everyone.">
        <div>
          <Button kind="soft-danger" icon="trash" onClick={() => setOpen("delete")}>
            Delete {props.space.name}
          </Button>
        </div>
        <DeleteSpaceDialog space={props.space} open={open() === "delete"} onClose={() => setOpen(undefined)} onDeleted={props.onDeleted} />
      </Section>
    </>
  );
}
