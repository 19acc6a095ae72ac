import type { MenuEntry } from "../../components/Menu";
import { toast } from "../../components/Toast";
import { copyText } from "../../backend/notify";
import { Refusal } from "../../backend/refusal";
import type { SpaceId, UserId } from "../../protocol/generated";
import { nameOf, rolesOf } from "../../state/selectors";
import type { Snug } from "../../state/snug";
import type { Asked } from "./MemberDialogs";
import { powersOverMember } from "./powers";

/** What can be done with somebody in a space. */
export function memberMenu(snug: Snug, userId: UserId, spaceId: SpaceId | undefined, ask: (what: Asked) => void): MenuEntry[] {
  const user = snug.state.users[userId];
  const copy: MenuEntry[] = user ? [{ kind: "item", label: "Copy username", icon: "copy", run: () => void copyText(user.username).then((done) => done && toast({ kind: "good", text: "Username copied" })) }] : [];
  if (spaceId === undefined || !snug.state.members[spaceId]?.[userId] || userId === snug.state.account?.id) return copy;
  const may = powersOverMember(snug.state, spaceId, userId);
  const name = nameOf(snug.state, userId, spaceId);
  const out: MenuEntry[] = [
    ...(may.kick ? [{ kind: "item", label: `Remove ${name}`, icon: "leave", danger: true, run: () => ask("kick") } as const] : []),
    ...(may.ban ? [{ kind: "item", label: `Ban ${name}`, icon: "ban", danger: true, run: () => ask("ban") } as const] : []),
  ];
  const change: MenuEntry[] = [
    ...(may.nickname ? [{ kind: "item", label: "Nickname and roles", icon: "edit", run: () => ask("edit") } as const] : []),
    ...(may.roles ? rolesMenu(snug, spaceId, userId) : []),
  ];
  return [...copy, ...change, ...(out.length > 0 ? [{ kind: "separator" } as const] : []), ...out];
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

async function attempt(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (thrown) {
    toast({ kind: "error", text: Refusal.from(thrown).message });
    return false;
  }
}
