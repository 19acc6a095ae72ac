import type { UserId } from "../../src/protocol/generated";
import { heard } from "../harness/voice";
import type { BrowserFriend } from "../interop/friends";
import { until } from "./programs";

/* Whether the app's voice arrives at a friend in Chromium. */

/** RMS of full scale: speech is louder at times, and what does not arrive is silent all the time. */
export const LOUD = 0.02;
export const QUIET = 0.002;
/** Longer than anybody is silent between words. */
const SILENT_MS = 4_000;

const level = async (friend: BrowserFriend, who: UserId): Promise<number> => (await heard(friend.page))[who] ?? 0;

export const arrives = (friend: BrowserFriend, who: UserId): Promise<unknown> =>
  until("the app's voice arrives", async () => (await level(friend, who)) > LOUD, 30_000);

export async function staysSilent(friend: BrowserFriend, who: UserId): Promise<void> {
  let since = performance.now();
  await until("the app's voice is silent", async () => {
    if ((await level(friend, who)) >= QUIET) since = performance.now();
    return performance.now() - since > SILENT_MS;
  });
}
