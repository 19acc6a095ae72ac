import type { Note, NoteTold } from "../../protocol/desktop";
import type { ChannelId } from "../../protocol/generated";
import type { Notices } from "../notices";

/** The desktop's side of it. */
export interface Teller {
  note(note: Note): Promise<NoteTold>;
  withdraw(account: string, channel: ChannelId): Promise<void>;
}

/** Notifications by the desktop app, for one account. Whoever clicks one is told to the whole app, since it may show
 *  another account. `ring` makes the sound where the desktop does not. */
export function desktopNotices(account: string, teller: Teller, ring: () => void): Notices {
  return {
    usual: true,
    permission: () => "granted",
    ask: () => Promise.resolve("granted"),
    tell: ({ spaceId, channelId, title, body }, how) => {
      if (!how.shown) return how.sound ? ring() : undefined;
      teller
        .note({ account, space: spaceId, channel: channelId, title, body, sound: how.sound })
        .catch((): NoteTold => "nobody")
        // Desktops that make no sound themselves leave it to this.
        .then((told) => how.sound && (told === "shown" || told === "nobody") && ring());
    },
    ring,
    withdraw: (channelId) => void teller.withdraw(account, channelId).catch(() => undefined),
  };
}
