import type { Member, SpaceId } from "../../protocol/generated";
import type { State } from "../../state/model";
import { nameOf } from "../../state/selectors";

/** The members of a space whose name, nickname or username has `text` in it, by name. */
export function findMembers(state: State, spaceId: SpaceId, text: string): Member[] {
  const wanted = plain(text);
  const fits = (member: Member): boolean => {
    const user = state.users[member.user_id];
    return [member.nickname, user?.display_name, user?.username].some((name) => name !== null && name !== undefined && plain(name).includes(wanted));
  };
  return Object.values(state.members[spaceId] ?? {})
    .filter(fits)
    .map((member) => ({ member, name: nameOf(state, member.user_id, spaceId) }))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { sensitivity: "base" }))
    .map(({ member }) => member);
}

/** Without case and accents: whoever types "zoe" finds Zoë. */
const plain = (text: string): string => text.trim().normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
