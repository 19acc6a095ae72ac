import type { Member, SpaceId } from "../../protocol/generated";
import type { State } from "../../state/model";
import { nameOf } from "../../state/selectors";
import { fold } from "../../text/fold";

/** The members of a space whose name, nickname or username has `text` in it, by name. */
export function findMembers(state: State, spaceId: SpaceId, text: string): Member[] {
  const wanted = fold(text.trim());
  const fits = (member: Member): boolean => {
    const user = state.users[member.user_id];
    return [member.nickname, user?.display_name, user?.username].some((name) => name !== null && name !== undefined && fold(name).includes(wanted));
  };
  return Object.values(state.members[spaceId] ?? {})
    .filter(fits)
    .map((member) => ({ member, name: nameOf(state, member.user_id, spaceId) }))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { sensitivity: "base" }))
    .map(({ member }) => member);
}
