import { Show } from "solid-js";
import { copyText } from "../../backend/notify";
import { createAction } from "../../components/action";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { confirm } from "../../components/ConfirmDialog";
import { ErrorNote } from "../../components/ErrorNote";
import { IconButton } from "../../components/IconButton";
import { Row } from "../../components/Section";
import { toast } from "../../components/Toast";
import { invitePath } from "../../paths";
import type { Invite } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { nameOf } from "../../state/selectors";
import css from "./InviteRow.module.css";
import { lifetime, spent } from "./lifetime";

export function InviteRow(props: { invite: Invite; onRevoked: () => void }) {
  const { api, image, link, state, now } = useSnug();
  const creator = () => nameOf(state, props.invite.creator_id, props.invite.space_id);
  const over = () => spent(props.invite, now());
  const channel = () => (props.invite.channel_id === null ? undefined : state.channels[props.invite.channel_id]?.name);
  const copy = async () => {
    const address = link(invitePath(props.invite.code));
    toast((await copyText(address)) ? { text: "Link copied", kind: "good" } : { text: `The browser does not allow copying here. The link is ${address}` });
  };
  const revoke = createAction(async () => {
    const yes =
      over() !== undefined ||
      (await confirm({ title: "Revoke this invite?", text: `The link by ${creator()} lets nobody in any more. Those who used it stay.`, danger: true, action: "Revoke" }));
    if (!yes) return;
    await api.invites.revoke(props.invite.space_id, props.invite.code);
    props.onRevoked();
  });

  return (
    <Row
      start={<Avatar id={props.invite.creator_id} name={creator()} src={image(state.users[props.invite.creator_id]?.avatar)} size={32} />}
      title={
        <>
          <code class={css.code}>{props.invite.code}</code>
          <Show when={over()}>{(why) => <Badge warn>{why()}</Badge>}</Show>
        </>
      }
      hint={
        <>
          by {creator()}
          {channel() ? `, to ${channel()}` : ""}, {lifetime(props.invite, now())}
          <ErrorNote error={revoke.error()} />
        </>
      }
    >
      <IconButton icon="copy" label="Copy link" disabled={over() !== undefined} onClick={() => void copy()} />
      <IconButton icon="trash" label="Revoke" danger busy={revoke.busy()} onClick={() => void revoke.run()} />
    </Row>
  );
}
