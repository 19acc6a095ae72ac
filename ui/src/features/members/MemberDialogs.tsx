import { Match, Show, Switch } from "solid-js";
import type { SpaceId, UserId } from "../../protocol/generated";
import { BanDialog } from "./BanDialog";
import { KickDialog } from "./KickDialog";
import { MemberDialog } from "./MemberDialog";

/** What one wants to do with a member. */
export type Asked = "edit" | "kick" | "ban";

/** The dialogs about a member, for wherever members are shown: `asked` opens one. */
export function MemberDialogs(props: { spaceId: SpaceId; userId: UserId | undefined; asked: Asked | undefined; onClose: () => void }) {
  return (
    <Show when={props.userId} keyed>
      {(user) => (
        <Switch>
          <Match when={props.asked === "edit"}>
            <MemberDialog spaceId={props.spaceId} userId={user} onClose={props.onClose} />
          </Match>
          <Match when={props.asked === "kick"}>
            <KickDialog spaceId={props.spaceId} userId={user} onClose={props.onClose} />
          </Match>
          <Match when={props.asked === "ban"}>
            <BanDialog spaceId={props.spaceId} userId={user} onClose={props.onClose} />
          </Match>
        </Switch>
      )}
    </Show>
  );
}
