import type { MenuEntry } from "../../components/Menu";
import { toast } from "../../components/Toast";
import { copyText } from "../../backend/notify";
import type { SpaceId, UserId } from "../../protocol/generated";
import type { Snug } from "../../state/snug";
import { voiceEntries } from "../voice/menu";
import { memberEntries } from "./memberEntries";

/** What can be done with somebody, in a space or anywhere. */
export function memberMenu(snug: Snug, userId: UserId, spaceId: SpaceId | undefined): MenuEntry[] {
  const user = snug.state.users[userId];
  const copy: MenuEntry[] = user ? [{ kind: "item", label: "Copy username", icon: "copy", run: () => void copyText(user.username).then((done) => done && toast({ kind: "good", text: "Username copied" })) }] : [];
  if (spaceId === undefined || !snug.state.members[spaceId]?.[userId]) return copy;
  const voice = voiceEntries(snug, spaceId, userId);
  return [...voice, ...(voice.length > 0 ? [{ kind: "separator" } as const] : []), ...copy, ...memberEntries(snug.state, spaceId, userId)];
}
