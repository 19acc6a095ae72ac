import { createSignal } from "solid-js";
import type { SpaceId, UserId } from "../../protocol/generated";

/** Something to do with a member that needs a dialog. */
export interface AskedMember {
  what: "edit" | "kick" | "ban";
  spaceId: SpaceId;
  userId: UserId;
}

const [asked, setAsked] = createSignal<AskedMember | null>(null);

/** The member somebody wants to do something with, and opens a dialog for it: see `MemberDialogs`. */
export const askedMember = asked;
export const askAboutMember = (wish: AskedMember): void => void setAsked(wish);
export const stopAsking = (): void => void setAsked(null);
