import type { LoggedIn } from "../protocol/generated";
import type { Lock } from "./lock";
import { mark } from "./random";
import { Refusal } from "./refusal";
import type { Shelf } from "./storage";

/** A token is renewed this long before it ends, so that it does not end on its way. */
const EARLY_MS = 30_000;
const ATTEMPT = "snug.refresh-attempt";

export interface TokensOptions {
  refresh(attempt: string): Promise<LoggedIn>;
  lock: Lock;
  shelf: Shelf;
  now(): number;
}

/**
 * The access token, in memory. The refresh token lies in a cookie that no script can read and that all tabs share, so
 * they refresh one after the other.
 */
export class Tokens {
  #token: { text: string; expiresAt: number } | null = null;
  #refreshing: Promise<string> | null = null;
  /** Called after each refresh: another tab may have logged in as somebody else. */
  onLoggedIn: (loggedIn: LoggedIn) => void = () => undefined;
  /** Called when the log-in is over. */
  onEnded: (refusal: Refusal) => void = () => undefined;

  constructor(private readonly options: TokensOptions) {}

  accept(loggedIn: LoggedIn): void {
    this.#token = { text: loggedIn.tokens.access_token, expiresAt: loggedIn.tokens.access_expires_at };
  }

  clear(): void {
    this.#token = null;
    this.options.shelf.remove(ATTEMPT);
  }

  /** A token that is good for a while. `refused` is one that the server no longer takes. */
  async access(refused?: string): Promise<string> {
    const token = this.#token;
    if (token && token.text !== refused && token.expiresAt - this.options.now() > EARLY_MS) return token.text;
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  async #refresh(): Promise<string> {
    try {
      const loggedIn = await this.options.lock("refresh", async () => {
        // The mark outlives this tab: an attempt whose answer was lost must be repeated with it, or it looks like theft.
        const attempt = this.options.shelf.get(ATTEMPT) ?? mark();
        this.options.shelf.set(ATTEMPT, attempt);
        const answer = await this.options.refresh(attempt);
        this.options.shelf.remove(ATTEMPT);
        return answer;
      });
      this.accept(loggedIn);
      this.onLoggedIn(loggedIn);
      return loggedIn.tokens.access_token;
    } catch (thrown) {
      const refusal = Refusal.from(thrown);
      if (endsLogIn(refusal)) {
        this.clear();
        this.onEnded(refusal);
      }
      throw refusal;
    }
  }
}

/** Whether a refused refresh means that one has to log in again. */
function endsLogIn(refusal: Refusal): boolean {
  return refusal.code === "session_ended" || refusal.code === "unauthorized" || refusal.code === "suspended";
}
