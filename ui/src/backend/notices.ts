import type { ChannelId, SpaceId } from "../protocol/generated";

/** Whether the system's notifications can be used. Browsers offer them only to secure origins. */
export type Permission = "granted" | "denied" | "default" | "unavailable";

/** A message that nobody looks at. A later one in the same channel takes the place of this one. */
export interface Notice {
  spaceId: SpaceId;
  channelId: ChannelId;
  /** Who, and where. */
  title: string;
  /** The first words, plain. */
  body: string;
  icon?: string | undefined;
}

/** Who tells of messages that nobody looks at. */
export interface Notices {
  /** Whether the system's notifications are used unless somebody says otherwise. */
  readonly usual: boolean;
  permission(): Permission;
  /** Asks the person. Must be called from a click. */
  ask(): Promise<Permission>;
  /** Tells of it: in the system's way, with a sound, or both. `opened` is for those who learn of the click here. */
  tell(notice: Notice, how: { shown: boolean; sound: boolean }, opened: () => void): void;
  /** The sound by itself. */
  ring(): void;
  /** The channel was read. */
  withdraw(channelId: ChannelId): void;
}
