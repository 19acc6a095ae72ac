import { createSignal, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { Select } from "../../components/Select";
import { invitePath } from "../../paths";
import type { ChannelId, Invite, SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { channelTree } from "../../state/selectors";
import { CopyField } from "../../components/CopyField";
import { type Age, AGES, lifetime, type Uses, USES } from "./lifetime";

/** Makes a link that lets others into a space. `channelId` is opened first for them, if given. */
export function InviteDialog(props: { spaceId: SpaceId; channelId?: ChannelId | undefined; open: boolean; onClose: () => void; onMade?: ((invite: Invite) => void) | undefined }) {
  const { api, link, state, now } = useSnug();
  const [age, setAge] = createSignal<Age>("604800");
  const [uses, setUses] = createSignal<Uses>("any");
  const [channel, setChannel] = createSignal<string>();
  const [made, setMade] = createSignal<Invite>();
  const chosen = () => channel() ?? props.channelId ?? "any";
  const channels = () => channelTree(state, props.spaceId).flatMap((branch) => branch.channels);

  const make = createAction(async () => {
    const invite = await api.invites.create(props.spaceId, {
      ...(chosen() === "any" ? {} : { channel_id: chosen() }),
      ...(age() === "never" ? {} : { max_age_s: Number(age()) }),
      ...(uses() === "any" ? {} : { max_uses: Number(uses()) }),
    });
    setMade(invite);
    props.onMade?.(invite);
  });
  const close = () => {
    setMade(undefined);
    make.clear();
    props.onClose();
  };

  return (
    <Dialog
      open={props.open}
      onOpenChange={(open) => !open && close()}
      title={`Invite people to ${state.spaces[props.spaceId]?.name ?? "this space"}`}
      description={made() ? "Send this link to your friends. Whoever has it can come in." : "You get a link to send to your friends."}
      onSubmit={() => !made() && void make.run()}
      footer={
        <Show
          when={made()}
          fallback={
            <>
              <Button kind="quiet" onClick={close}>
                Cancel
              </Button>
              <Button kind="primary" type="submit" icon="link" busy={make.busy()}>
                Make the link
              </Button>
            </>
          }
        >
          <Button kind="quiet" onClick={() => setMade(undefined)}>
            Make another
          </Button>
          <Button kind="primary" onClick={close}>
            Done
          </Button>
        </Show>
      }
    >
      <Show
        when={made()}
        fallback={
          <>
            <Select label="It ends after" value={age()} options={[...AGES]} onChange={setAge} />
            <Select label="It lets in" value={uses()} options={[...USES]} onChange={setUses} />
            <Select
              label="It leads to"
              value={chosen()}
              onChange={setChannel}
              options={[
                { value: "any", label: "The space", icon: "home" },
                ...channels().map((one) => ({ value: one.id, label: one.name, icon: one.kind === "voice" ? ("speaker" as const) : ("hash" as const) })),
              ]}
            />
            <ErrorNote error={make.error()} />
          </>
        }
      >
        {(invite) => <CopyField label="Link" value={link(invitePath(invite().code))} hint={lifetime(invite(), now())} copyAtOnce />}
      </Show>
    </Dialog>
  );
}
