import type { Channel, ChannelId, ChannelPlace } from "../../protocol/generated";
import type { Branch } from "../../state/selectors";

/** The rows of the channel list, top to bottom: each category stands before what is in it. */
export function rowsOf(tree: readonly Branch[]): Channel[] {
  return tree.flatMap((branch) => (branch.category ? [branch.category, ...branch.channels] : branch.channels));
}

/** The places after row `id` is dropped into the gap before row number `gap`. Nothing if all stay where they are. */
export function dropped(tree: readonly Branch[], id: ChannelId, gap: number): ChannelPlace[] | undefined {
  const rows = rowsOf(tree);
  const moving = rows.find((row) => row.id === id);
  if (!moving) return undefined;
  const above = rows.slice(0, gap).filter((row) => row.id !== id);
  return moving.kind === "category" ? placed(tree, categoryDropped(tree, moving, above)) : placed(tree, channelDropped(tree, moving, above));
}

/** The gap one step up or down from where the row is: past one row, or for a category past its neighbour. */
export function stepGap(tree: readonly Branch[], id: ChannelId, by: -1 | 1): number {
  const rows = rowsOf(tree);
  const at = rows.findIndex((row) => row.id === id);
  if (rows[at]?.kind !== "category") return by < 0 ? Math.max(0, at - 1) : Math.min(rows.length, at + 2);
  const starts = rows.flatMap((row, index) => (row.kind === "category" ? [index] : []));
  const place = starts.indexOf(at);
  return by < 0 ? (starts[place - 1] ?? at) : (starts[place + 2] ?? rows.length);
}

/** A channel goes into the category of the row above it, after that row. */
function channelDropped(tree: readonly Branch[], moving: Channel, above: Channel[]): Branch[] {
  const before = above.at(-1);
  const into = before === undefined ? null : before.kind === "category" ? before.id : (branchOf(tree, before.id)?.category?.id ?? null);
  return tree.map((branch) => {
    const channels = branch.channels.filter((channel) => channel.id !== moving.id);
    if ((branch.category?.id ?? null) !== into) return { ...branch, channels };
    const at = before === undefined || before.kind === "category" ? 0 : channels.findIndex((channel) => channel.id === before.id) + 1;
    return { ...branch, channels: channels.toSpliced(at, 0, moving) };
  });
}

/** A category goes, with all in it, behind the last category that begins above it. */
function categoryDropped(tree: readonly Branch[], moving: Channel, above: Channel[]): Branch[] {
  const own = tree.find((branch) => branch.category?.id === moving.id);
  const rest = tree.filter((branch) => branch !== own);
  const before = above.filter((row) => row.kind === "category").length;
  const loose = rest.findIndex((branch) => branch.category === null) + 1;
  return own ? rest.toSpliced(loose + before, 0, own) : [...rest];
}

const branchOf = (tree: readonly Branch[], id: ChannelId): Branch | undefined => tree.find((branch) => branch.channels.some((channel) => channel.id === id));

/** Numbers everything anew: channels in no category first, then the categories, among those with the same parent. */
function placed(before: readonly Branch[], after: readonly Branch[]): ChannelPlace[] | undefined {
  const now = new Map(rowsOf(before).map((channel, at) => [channel.id, { at, parent: branchOf(before, channel.id)?.category?.id }]));
  const rows = rowsOf(after);
  const parentOf = (channel: Channel) => branchOf(after, channel.id)?.category?.id;
  if (rows.every((channel, at) => now.get(channel.id)?.at === at && now.get(channel.id)?.parent === parentOf(channel))) return undefined;
  const counts = new Map<ChannelId | undefined, number>();
  return rows.map((channel) => {
    const parent = parentOf(channel);
    const position = counts.get(parent) ?? 0;
    counts.set(parent, position + 1);
    return parent === undefined ? { id: channel.id, position } : { id: channel.id, parent_id: parent, position };
  });
}
