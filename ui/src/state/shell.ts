import { absurd } from "../absurd";
import { channelPath } from "../paths";
import type { ShellUpdate, TrayState } from "../protocol/desktop";
import type { Account, Fleet } from "./fleet";

/** What the tray shows of all accounts. */
export function trayState(fleet: Fleet): TrayState {
  const talking = fleet.talking();
  const voice = steered(fleet)?.snug.voice;
  const news = fleet.entries.map((entry) => fleet.news(entry.id));
  return {
    voice: talking === undefined ? null : `${channelName(fleet.account(talking.id)!)} · ${talking.name}`,
    muted: voice?.muted() ?? false,
    deafened: voice?.deafened() ?? false,
    unread: news.some((one) => one.unread),
    mentions: news.reduce((sum, one) => sum + one.mentions, 0),
  };
}

/** Does what was clicked outside of the window. */
export function obey(fleet: Fleet, update: ShellUpdate): void {
  switch (update.type) {
    case "open":
      return fleet.follow(update.link);
    case "channel":
      return fleet.go(update.account, channelPath(update.space, update.channel));
    case "mute":
      return steered(fleet)?.snug.voice.setMuted(update.on);
    case "deafen":
      return steered(fleet)?.snug.voice.setDeafened(update.on);
    case "leave": {
      const talking = fleet.talking();
      return talking && fleet.account(talking.id)?.snug.voice.leave();
    }
    case "wake":
      return wakeAll(fleet);
    default:
      return absurd(update);
  }
}

/** There is reason to doubt that servers are still reached. */
export function wakeAll(fleet: Fleet): void {
  for (const entry of fleet.entries) fleet.account(entry.id)?.snug.connection.wake();
}

/** Whose voice is muted: of the account that talks, or else of the one that is shown. */
function steered(fleet: Fleet): Account | undefined {
  const talking = fleet.talking();
  return talking === undefined ? (fleet.shown() ?? fleet.account(fleet.entries[0]?.id ?? "")) : fleet.account(talking.id);
}

function channelName({ snug }: Account): string {
  return snug.state.channels[snug.voice.channel() ?? ""]?.name ?? "Voice";
}
