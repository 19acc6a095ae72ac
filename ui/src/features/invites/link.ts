import { invitePath } from "../../paths";

/** The address that lets somebody in. */
export const inviteLink = (code: string): string => location.origin + invitePath(code);
