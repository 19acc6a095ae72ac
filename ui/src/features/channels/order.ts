import type { Channel, ChannelId } from "../../protocol/generated";
import type { Branch } from "../../state/selectors";
import type { Target } from "./reorder";

/** The rows of the channel list, top to bottom: each category stands before what is in it. */
export function rowsOf(tree: readonly Branch[]): Channel[] {
  return tree.flatMap((branch) => (branch.category ? [branch.category, ...branch.channels] : branch.channels));
}

/** Where a row goes that is dropped into the gap before row number `gap`: a channel behind the row above, a category before the next one. */
export function targetOfGap(tree: readonly Branch[], id: ChannelId, gap: number): Target | null {
  const rows = rowsOf(tree);
  const moving = rows.find((row) => row.id === id);
  if (!moving) return null;
  const above = rows.slice(0, gap).filter((row) => row.id !== id);
  if (moving.kind === "category") {
    const others = rows.filter((row) => row.kind === "category" && row.id !== id);
    return { parentId: null, before: others[above.filter((row) => row.kind === "category").length]?.id ?? null };
  }
  const last = above.at(-1);
  const branch = last === undefined ? tree.find((one) => one.category === null) : tree.find((one) => one.category?.id === last.id || one.channels.includes(last));
  const list = branch?.channels.filter((channel) => channel.id !== id) ?? [];
  const at = last === undefined ? 0 : list.indexOf(last) + 1;
  return { parentId: branch?.category?.id ?? null, before: list[at]?.id ?? null };
}
