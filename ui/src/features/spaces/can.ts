import type { Permission, SpaceId } from "../../protocol/generated";
import type { State } from "../../state/model";
import { allows, channelPermissions, spacePermissions } from "../../state/permissions";
import { channelsOf } from "../../state/selectors";

/** Whether one has a permission in a space. */
export const may = (state: State, spaceId: SpaceId, permission: Permission): boolean => allows(spacePermissions(state, spaceId), permission);

export const owns = (state: State, spaceId: SpaceId): boolean => state.spaces[spaceId]?.owner_id === state.account?.id;

/** The pages of a space's settings that one can do something on. */
export type SpacePage = "overview" | "channels" | "roles" | "members" | "invites" | "bans";

export function pagesOf(state: State, spaceId: SpaceId): SpacePage[] {
  const can = (permission: Permission) => may(state, spaceId, permission);
  const inSome = channelsOf(state, spaceId).some((channel) => {
    const set = channelPermissions(state, channel.id);
    return allows(set, "manage_channels") || allows(set, "manage_roles");
  });
  const pages: [SpacePage, boolean][] = [
    ["overview", can("manage_space")],
    ["channels", can("manage_channels") || inSome],
    ["roles", can("manage_roles")],
    ["members", can("manage_roles") || can("manage_nicknames") || can("kick_members") || can("ban_members")],
    ["invites", can("manage_space")],
    ["bans", can("ban_members")],
  ];
  return pages.flatMap(([page, open]) => (open ? [page] : []));
}
