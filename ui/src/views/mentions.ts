import { createEffect, onCleanup } from "solid-js";
import { unreadOfSpace } from "../state/selectors";
import type { Snug } from "../state/snug";
import { showCount } from "./title";

/** Tells of mentions as a count in the tab's title. */
export function watchMentions(snug: Snug): void {
  createEffect(() => showCount(snug.state.spaceIds.reduce((sum, id) => sum + unreadOfSpace(snug.state, id).mentions, 0)));
  onCleanup(() => showCount(0));
}
