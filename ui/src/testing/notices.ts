import type { Notices } from "../backend/notices";

/** Tells nobody of anything. */
export const noNotices: Notices = {
  usual: false,
  permission: () => "unavailable",
  ask: () => Promise.resolve("unavailable"),
  tell: () => undefined,
  ring: () => undefined,
  withdraw: () => undefined,
};
