import type { Api } from "../../backend/api";
import { createAction } from "../../components/action";
import { confirm } from "../../components/ConfirmDialog";
import type { MenuEntry } from "../../components/Menu";
import { toast } from "../../components/Toast";
import type { AdminUser } from "../../protocol/generated";

interface About {
  person: () => AdminUser;
  self: () => boolean;
  owner: () => boolean;
  changed: (person: AdminUser) => void;
  gone: () => void;
  /** A new password was made, to be shown once. */
  password: (password: string) => void;
}

/** What an administrator can do about an account: the entries of its menu, and what went wrong. Nobody reaches the owner or themselves, and only the owner reaches other administrators. */
export function createPersonActions(api: Api, about: About) {
  const name = () => about.person().user.display_name;
  const id = () => about.person().user.id;

  const suspend = createAction(async (suspended: boolean) => {
    const yes = !suspended || (await confirm({ title: `Suspend ${name()}?`, text: "They are logged out within a second and cannot log in until you let them in again. What they wrote stays.", danger: true, action: "Suspend" }));
    if (!yes) return;
    about.changed(await api.admin.updateUser(id(), { suspended }));
    toast({ text: suspended ? `${name()} is suspended.` : `${name()} can log in again.` });
  });
  const admin = createAction(async (make: boolean) => {
    const yes = await confirm(
      make
        ? { title: `Make ${name()} an administrator?`, text: "Administrators change the server's settings, let people in and put them out. Only you can take that back.", action: "Make administrator" }
        : { title: `${name()} is no longer to be an administrator?`, text: "They keep their account and their spaces.", action: "Take it away" },
    );
    if (yes) about.changed(await api.admin.updateUser(id(), { admin: make }));
  });
  const password = createAction(async () => {
    const yes = await confirm({ title: `Give ${name()} a new password?`, text: "The old one ends at once, and so do all of their sessions. You see the new one once, to hand it over.", danger: true, action: "Make a new password" });
    if (yes) about.password((await api.admin.resetPassword(id())).password);
  });
  const remove = createAction(async () => {
    const yes = await confirm({ title: `Delete ${name()}'s account?`, text: "Their name and profile go for good, and they leave every space. What they wrote stays, without their name. This cannot be undone.", danger: true, action: "Delete account" });
    if (!yes) return;
    await api.admin.deleteUser(id());
    toast({ text: `${name()}'s account is deleted.` });
    about.gone();
  });

  const entries = (): MenuEntry[] => {
    const { owner, state, admin: administers } = about.person();
    if (owner || about.self() || (administers && !about.owner())) return [];
    return [
      { kind: "item", label: "New password", icon: "key", run: () => void password.run() },
      ...(about.owner()
        ? [{ kind: "item", label: administers ? "No longer an administrator" : "Make administrator", icon: "shield", run: () => void admin.run(!administers) } as const]
        : []),
      { kind: "separator" },
      state === "suspended"
        ? { kind: "item", label: "Let in again", icon: "unlock", run: () => void suspend.run(false) }
        : { kind: "item", label: "Suspend", icon: "lock", danger: true, run: () => void suspend.run(true) },
      { kind: "item", label: "Delete account", icon: "trash", danger: true, run: () => void remove.run() },
    ];
  };
  return { entries, error: () => suspend.error() ?? admin.error() ?? password.error() ?? remove.error() };
}
