import type { IconName } from "../../components/icons";
import type { MenuEntry } from "../../components/Menu";
import type { SpaceId, UserId } from "../../protocol/generated";
import type { State } from "../../state/model";
import { askAboutMember, type AskedMember } from "./asked";
import { powersOverMember } from "./powers";

/** What one may do with a member of a space, for menus. */
export function memberEntries(state: State, spaceId: SpaceId, userId: UserId): MenuEntry[] {
  const powers = powersOverMember(state, spaceId, userId);
  const entry = (what: AskedMember["what"], label: string, icon: IconName, danger: boolean): MenuEntry => ({
    kind: "item",
    label,
    icon,
    danger,
    run: () => askAboutMember({ what, spaceId, userId }),
  });
  return [
    ...(powers.edit ? [entry("edit", "Nickname and roles", "edit", false)] : []),
    ...(powers.edit && (powers.kick || powers.ban) ? [{ kind: "separator" } as const] : []),
    ...(powers.kick ? [entry("kick", "Kick", "door", true)] : []),
    ...(powers.ban ? [entry("ban", "Ban", "ban", true)] : []),
  ];
}
