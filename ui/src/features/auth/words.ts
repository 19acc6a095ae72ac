import { absurd } from "../../absurd";
import { LIMITS } from "../../protocol/constants";
import type { ServerInfo } from "../../protocol/generated";

/** What registering means on this server: whether one can, and in which words. */
export interface RegistrationWords {
  title: string;
  text: string;
  /** What the button says; nothing where one cannot register. */
  action: string | null;
  asksInvite: boolean;
  asksKnock: boolean;
  asksPassword: boolean;
}

export function registrationWords(info: ServerInfo, invited: boolean): RegistrationWords {
  const plain = { asksInvite: false, asksKnock: false, asksPassword: info.password_required };
  if (info.first_run) return { ...plain, title: "Nobody is here yet.", text: "The first account owns the server.", action: "Make it mine" };
  switch (info.registration) {
    case "open":
      return { ...plain, title: `Join ${info.name}`, text: "Anyone may come in. Choose a name and a password.", action: "Create account" };
    case "invite":
      return invited
        ? { ...plain, title: `Join ${info.name}`, text: "You are invited. Choose a name and a password.", action: "Create account" }
        : { ...plain, asksInvite: true, title: `Join ${info.name}`, text: "The server is invite only. Ask a friend for a link.", action: "Create account" };
    case "approval":
      return { ...plain, asksKnock: true, title: `Knock at ${info.name}`, text: "An administrator lets you in. Say who you are, so that they know.", action: "Knock" };
    case "closed":
      return { ...plain, title: `${info.name} is full`, text: "The server takes no new accounts. If you have one, log in.", action: null };
    default:
      return absurd(info.registration);
  }
}

/** What is wrong with a username, before the server is asked. */
export function usernameProblem(name: string): string | undefined {
  if (name === "") return undefined;
  if (!/^[a-z0-9_.-]*$/i.test(name)) return "Only letters a to z, digits, and . _ -";
  if (!/^[a-z0-9]/i.test(name)) return "Begin with a letter or a digit.";
  if (name.length > LIMITS.usernameMax) return `At most ${LIMITS.usernameMax} characters.`;
  return undefined;
}

/** The code in an invite link, or the code itself. */
export function inviteCode(text: string): string {
  const trimmed = text.trim();
  return /\/invite\/([^/?#\s]+)/.exec(trimmed)?.[1] ?? trimmed;
}
