import { absurd } from "../../absurd";
import type { IconName } from "../../components/icons";
import type { Channel } from "../../protocol/generated";

export function iconOf(channel: Channel): IconName {
  switch (channel.kind) {
    case "text":
      return "hash";
    case "voice":
      return "speaker";
    case "category":
      return "folder";
    default:
      return absurd(channel.kind);
  }
}
