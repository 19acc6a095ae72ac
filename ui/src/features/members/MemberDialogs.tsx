import { Match, Show, Switch } from "solid-js";
import { askedMember, stopAsking } from "./asked";
import { BanDialog } from "./BanDialog";
import { KickDialog } from "./KickDialog";
import { MemberDialog } from "./MemberDialog";

/** Where the dialogs of `askAboutMember` appear. Once, at the root. */
export default function MemberDialogs() {
  return (
    <Show when={askedMember()} keyed>
      {(asked) => (
        <Switch>
          <Match when={asked.what === "edit"}>
            <MemberDialog spaceId={asked.spaceId} userId={asked.userId} onClose={stopAsking} />
          </Match>
          <Match when={asked.what === "kick"}>
            <KickDialog spaceId={asked.spaceId} userId={asked.userId} onClose={stopAsking} />
          </Match>
          <Match when={asked.what === "ban"}>
            <BanDialog spaceId={asked.spaceId} userId={asked.userId} onClose={stopAsking} />
          </Match>
        </Switch>
      )}
    </Show>
  );
}
