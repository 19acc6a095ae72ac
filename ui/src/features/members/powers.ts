import type { SpaceId, UserId } from "../../protocol/generated";
import type { State } from "../../state/model";
import { allows, spacePermissions, standsAbove } from "../../state/permissions";

/** What one may do with a member: change the nickname, give and take roles, put them out. */
export interface MemberPowers {
  nickname: boolean;
  roles: boolean;
  /** Either of those two. */
  edit: boolean;
  kick: boolean;
  ban: boolean;
}

export function powersOverMember(state: State, spaceId: SpaceId, userId: UserId): MemberPowers {
  const set = spacePermissions(state, spaceId);
  const self = userId === state.account?.id;
  const above = standsAbove(state, spaceId, userId);
  const nickname = self ? allows(set, "change_nickname") || allows(set, "manage_nicknames") : above && allows(set, "manage_nicknames");
  const roles = (self || above) && allows(set, "manage_roles");
  return { nickname, roles, edit: nickname || roles, kick: !self && above && allows(set, "kick_members"), ban: !self && above && allows(set, "ban_members") };
}
