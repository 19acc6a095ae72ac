/** How often it is looked. */
export const LOOK_MS = 300;
/** With nothing for so long there is reason to doubt that the server is reached, and for so long it is not. */
const DOUBT_MS = 1_000;
const GONE_MS = 1_700;

export type Pulse = "there" | "doubtful" | "gone";

/**
 * Whether anything still comes from the server. It sends a report on what it hears or sends twice a second, also when nobody talks,
 * so silence soon tells; ICE takes more than five seconds to notice.
 */
export class PulseWatch {
  #bytes = -1;
  #since = 0;

  /** `bytes`: how much has come in all. */
  look(now: number, bytes: number): Pulse {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#since = now;
    }
    const silent = now - this.#since;
    return silent >= GONE_MS ? "gone" : silent >= DOUBT_MS ? "doubtful" : "there";
  }
}
