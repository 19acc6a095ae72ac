import { confirm } from "../../components/ConfirmDialog";
import type { MenuEntry } from "../../components/Menu";
import { toast } from "../../components/Toast";
import { copyText } from "../../backend/notify";
import { Refusal } from "../../backend/refusal";
import type { SpaceId, UserId } from "../../protocol/generated";
import { allows, spacePermissions, standsAbove } from "../../state/permissions";
import { nameOf, rolesOf } from "../../state/selectors";
import type { Snug } from "../../state/snug";

/** What can be done with somebody in a space. */
export function memberMenu(snug: Snug, userId: UserId, spaceId: SpaceId | undefined): MenuEntry[] {
  const user = snug.state.users[userId];
  const copy: MenuEntry[] = user ? [{ kind: "item", label: "Copy username", icon: "copy", run: () => void copyText(user.username).then((done) => done && toast({ kind: "good", text: "Username copied" })) }] : [];
  if (spaceId === undefined || !snug.state.members[spaceId]?.[userId] || userId === snug.state.account?.id) return copy;
  const may = spacePermissions(snug.state, spaceId);
  const above = standsAbove(snug.state, spaceId, userId);
  const name = nameOf(snug.state, userId, spaceId);
  const out: MenuEntry[] = [
    ...(above && allows(may, "kick_members") ? [{ kind: "item", label: `Remove ${name}`, icon: "leave", danger: true, run: () => void kick(snug, spaceId, userId) } as const] : []),
    ...(above && allows(may, "ban_members") ? [{ kind: "item", label: `Ban ${name}`, icon: "ban", danger: true, run: () => void ban(snug, spaceId, userId) } as const] : []),
  ];
  const roles = above && allows(may, "manage_roles") ? rolesMenu(snug, spaceId, userId) : [];
  return [...copy, ...roles, ...(out.length > 0 ? [{ kind: "separator" } as const] : []), ...out];
}

function rolesMenu(snug: Snug, spaceId: SpaceId, userId: UserId): MenuEntry[] {
  const mine = snug.state.account?.id ?? "";
  const highest = snug.state.spaces[spaceId]?.owner_id === mine ? Infinity : Math.max(0, ...(snug.state.members[spaceId]?.[mine]?.roles ?? []).map((id) => snug.state.roles[id]?.position ?? 0));
  const roles = rolesOf(snug.state, spaceId).filter((role) => role.id !== spaceId && role.position < highest);
  if (roles.length === 0) return [];
  const has = (id: string): boolean => snug.state.members[spaceId]?.[userId]?.roles.includes(id) ?? false;
  const change = (id: string, wanted: boolean): void => {
    const now = snug.state.members[spaceId]?.[userId]?.roles ?? [];
    const next = wanted ? [...now, id] : now.filter((one) => one !== id);
    void attempt(snug.api.members.update(spaceId, userId, { roles: next }));
  };
  return [
    {
      kind: "sub",
      label: "Roles",
      icon: "shield",
      items: roles.map((role) => ({
        kind: "check",
        label: role.name,
        color: role.color,
        get checked() {
          return has(role.id);
        },
        run: (wanted: boolean) => change(role.id, wanted),
      })),
    },
  ];
}

async function kick(snug: Snug, spaceId: SpaceId, userId: UserId): Promise<void> {
  const name = nameOf(snug.state, userId, spaceId);
  const yes = await confirm({ title: `Remove ${name}?`, text: "They can come back with an invite.", danger: true, action: "Remove" });
  if (yes && (await attempt(snug.api.members.kick(spaceId, userId)))) toast({ text: `${name} was removed` });
}

async function ban(snug: Snug, spaceId: SpaceId, userId: UserId): Promise<void> {
  const name = nameOf(snug.state, userId, spaceId);
  const yes = await confirm({ title: `Ban ${name}?`, text: "They are removed and cannot come back until the ban is lifted. Their messages stay.", danger: true, action: "Ban" });
  if (yes && (await attempt(snug.api.bans.create(spaceId, userId, { reason: "", delete_message_s: 0 })))) {
    toast({ text: `${name} was banned`, action: { label: "Undo", run: () => void attempt(snug.api.bans.remove(spaceId, userId)) } });
  }
}

async function attempt(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (thrown) {
    toast({ kind: "error", text: Refusal.from(thrown).message });
    return false;
  }
}
