import type { ChannelId } from "../../protocol/generated";
import { useSnug } from "../../state/context";

/** The server passes on one in so many milliseconds. */
const EVERY_MS = 5_000;

/** Tells the others that one types, no more often than it is passed on. */
export function createTypingSignal(channelId: () => ChannelId) {
  const snug = useSnug();
  let said = 0;
  return {
    typed: (text: string): void => {
      if (text.trim() === "" || snug.now() - said < EVERY_MS) return;
      said = snug.now();
      snug.connection.say({ op: "typing", d: { channel_id: channelId() } });
    },
    sent: (): void => void (said = 0),
  };
}
