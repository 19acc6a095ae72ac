import type { Channel, ChannelId, ChannelPlace } from "../../protocol/generated";
import type { Branch } from "../../state/selectors";

/** Where something is put: before `before`, or last, within a category (or within none). For a category, among the categories. */
export interface Target {
  parentId: ChannelId | null;
  before: ChannelId | null;
}

/** The places of all channels that change when one is moved. */
export function moved(tree: readonly Branch[], id: ChannelId, to: Target): ChannelPlace[] {
  const lists = listsOf(tree);
  const from = [...lists.entries()].find(([, list]) => list.some((channel) => channel.id === id));
  const channel = from?.[1].find((one) => one.id === id);
  if (!from || !channel || to.before === id) return [];
  const [fromParent, fromList] = from;
  const parentId = channel.kind === "category" ? null : to.parentId;
  const without = (parentId === fromParent ? fromList : (lists.get(parentId) ?? [])).filter((one) => one.id !== id);
  const at = to.before === null ? endOf(without, channel) : without.findIndex((one) => one.id === to.before);
  if (at < 0) return [];
  const next = without.toSpliced(at, 0, channel);
  if (parentId === fromParent && next.every((one, i) => one.id === fromList[i]?.id)) return [];
  return next.map((one, position) => (parentId === null ? { id: one.id, position } : { id: one.id, parent_id: parentId, position }));
}

/** Where one step up or down leads to; nothing at the end. A channel goes from one category into the next. */
export function stepOf(tree: readonly Branch[], id: ChannelId, direction: -1 | 1): Target | null {
  const categories = tree.flatMap((branch) => branch.category ?? []);
  const place = categories.findIndex((category) => category.id === id);
  if (place >= 0) {
    if (direction < 0) return place === 0 ? null : { parentId: null, before: categories[place - 1]!.id };
    return place === categories.length - 1 ? null : { parentId: null, before: categories[place + 2]?.id ?? null };
  }
  const branchAt = tree.findIndex((branch) => branch.channels.some((channel) => channel.id === id));
  const branch = tree[branchAt];
  if (!branch) return null;
  const at = branch.channels.findIndex((channel) => channel.id === id);
  const parentId = branch.category?.id ?? null;
  if (direction < 0 && at > 0) return { parentId, before: branch.channels[at - 1]!.id };
  if (direction > 0 && at < branch.channels.length - 1) return { parentId, before: branch.channels[at + 2]?.id ?? null };
  const next = tree[branchAt + direction];
  if (!next) return null;
  return { parentId: next.category?.id ?? null, before: direction < 0 ? null : (next.channels[0]?.id ?? null) };
}

/** The top level holds the channels in no category, then the categories. */
function listsOf(tree: readonly Branch[]): Map<ChannelId | null, Channel[]> {
  const lists = new Map<ChannelId | null, Channel[]>();
  for (const branch of tree) lists.set(branch.category?.id ?? null, [...branch.channels]);
  lists.set(null, [...(lists.get(null) ?? []), ...tree.flatMap((branch) => branch.category ?? [])]);
  return lists;
}

function endOf(list: readonly Channel[], channel: Channel): number {
  if (channel.kind === "category") return list.length;
  const category = list.findIndex((one) => one.kind === "category");
  return category < 0 ? list.length : category;
}
