import type { IconName } from "../../components/icons";
import type { MenuEntry } from "../../components/Menu";
import type { SpaceId, UserId } from "../../protocol/generated";
import type { Snug } from "../../state/snug";
import { moveTo, silence, voicePowers } from "./powers";

/** What can be done with somebody in voice. */
export function voiceEntries(snug: Snug, spaceId: SpaceId, userId: UserId): MenuEntry[] {
  const { state, voice } = snug;
  const self = userId === state.account?.id;
  const member = state.members[spaceId]?.[userId];
  const at = state.voiceStates[userId]?.channel_id;
  const here = at !== undefined && state.channels[at]?.space_id === spaceId;
  const powers = voicePowers(state, spaceId, userId);
  const own: MenuEntry[] = self || !here ? [] : [toggle(voice.volumeOf(userId).muted, ["Mute for me", "Hear again"], ["speakerOff", "speaker"], (muted) => voice.setVolume(userId, { muted }))];
  const silences: MenuEntry[] = [
    ...(powers.mute && (here || member?.muted) ? [toggle(member?.muted ?? false, ["Mute for everyone", "Unmute for everyone"], ["micOff", "mic"], (muted) => silence(snug, spaceId, userId, { muted }))] : []),
    ...(powers.deafen && (here || member?.deafened) ? [toggle(member?.deafened ?? false, ["Deafen", "Undeafen"], ["headphonesOff", "headphones"], (deafened) => silence(snug, spaceId, userId, { deafened }))] : []),
  ];
  const moves: MenuEntry[] = [
    ...(powers.targets.length > 0
      ? [{ kind: "sub", label: "Move to", items: powers.targets.map((channel) => ({ kind: "item" as const, label: channel.name, icon: "speaker" as const, run: () => moveTo(snug, spaceId, userId, channel.id) })) } as const]
      : []),
    ...(powers.disconnect ? [{ kind: "item", label: "Put out of voice", icon: "leave", danger: true, run: () => moveTo(snug, spaceId, userId, null) } as const] : []),
  ];
  return [...own, ...silences, ...moves];
}

/** An entry that turns something on, or off when it is on. */
function toggle(on: boolean, labels: readonly [string, string], icons: readonly [IconName, IconName], set: (on: boolean) => void): MenuEntry {
  return { kind: "item", label: labels[on ? 1 : 0], icon: icons[on ? 1 : 0], run: () => set(!on) };
}
