/** A connection to the gateway: a WebSocket, or whatever carries text both ways. */
export interface Socket {
  /** Sends; what cannot be sent is dropped. */
  send(text: string): void;
  /** Ends it. The listener hears nothing more. */
  close(): void;
}

export interface SocketListener {
  message(text: string): void;
  /** It is over, or never began. */
  closed(code: number, reason: string): void;
}
