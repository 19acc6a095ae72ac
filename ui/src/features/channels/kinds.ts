import type { IconName } from "../../components/icons";
import type { Channel, ChannelKind } from "../../protocol/generated";

export const KIND: Record<ChannelKind, { label: string; icon: IconName; hint: string }> = {
  text: { label: "Text", icon: "hash", hint: "Messages and pictures, to read at any time." },
  voice: { label: "Voice", icon: "speaker", hint: "A room to talk in, with a chat beside it." },
  category: { label: "Category", icon: "folder", hint: "A heading with channels under it, which take over who may do what." },
};

/** What a channel is called with its mark: "#plans". */
export const marked = (channel: Channel): string => (channel.kind === "text" ? `#${channel.name}` : channel.name);

/** The pauses to choose from, in seconds. */
export const PAUSES = [0, 5, 10, 30, 60, 300, 900, 3600, 21_600] as const;
