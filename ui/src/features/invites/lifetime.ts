import type { Invite } from "../../protocol/generated";
import { expiry } from "../../text/dates";

/** How long an invite is good for, in seconds; "never" has no end. */
export const AGES = [
  { value: "1800", label: "30 minutes" },
  { value: "21600", label: "6 hours" },
  { value: "86400", label: "1 day" },
  { value: "604800", label: "7 days" },
  { value: "2592000", label: "30 days" },
  { value: "never", label: "Never" },
] as const;
export type Age = (typeof AGES)[number]["value"];

/** How often it may be used. */
export const USES = [
  { value: "any", label: "Any number of people" },
  { value: "1", label: "1 person" },
  { value: "5", label: "5 people" },
  { value: "10", label: "10 people" },
  { value: "25", label: "25 people" },
  { value: "100", label: "100 people" },
] as const;
export type Uses = (typeof USES)[number]["value"];

/** Whether an invite lets nobody in any more, and why. */
export function spent(invite: Invite, now: number): "ended" | "used up" | undefined {
  if (invite.expires_at !== null && invite.expires_at <= now) return "ended";
  return invite.max_uses !== null && invite.uses >= invite.max_uses ? "used up" : undefined;
}

/** "3 of 5 used, ends in 2 days". */
export function lifetime(invite: Invite, now: number): string {
  const uses = invite.max_uses === null ? `used ${invite.uses === 1 ? "once" : `${invite.uses} times`}` : `${invite.uses} of ${invite.max_uses} used`;
  return `${uses}, ${expiry(invite.expires_at, now)}`;
}
