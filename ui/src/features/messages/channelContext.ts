import { createContext, useContext } from "solid-js";
import type { Channel, Message, MessageId } from "../../protocol/generated";
import type { Labels } from "../../text/wire";
import type { MessageActions } from "./actions";

/** What everything in an open channel shares. */
export interface OpenChannel {
  channel(): Channel;
  labels(): Labels;
  actions: MessageActions;
  /** Shows a message, wherever in the history it is. */
  jump(id: MessageId): void;
  /** Goes to the newest message, and stays with it. */
  toPresent(): void;
  /** Lets a reaction be chosen beside `anchor`. */
  pickReaction(message: Message, anchor: HTMLElement): void;
  /** The message for which one is being chosen. */
  reactingTo(): MessageId | null;
  /** Puts the caret into the composer. */
  focusComposer(): void;
}

export const OpenChannelContext = createContext<OpenChannel>();

export function useOpenChannel(): OpenChannel {
  const open = useContext(OpenChannelContext);
  if (!open) throw new Error("useOpenChannel is for components within an open channel");
  return open;
}
