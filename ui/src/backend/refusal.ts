import type { ApiError, ErrorCode } from "../protocol/generated";

/** What the server can refuse with, and what happens when it cannot be asked at all. */
export type RefusalCode = ErrorCode | "offline";

/** Why something did not work, in words for a person. Every failed request throws one. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly hint?: string,
    /** The field of the request that is at fault. */
    readonly field?: string,
    /** How long to wait before trying again. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }

  /** Whether the same request may well succeed later, unchanged. */
  get passing(): boolean {
    return this.code === "offline" || this.code === "unavailable" || this.code === "rate_limited" || this.code === "slow_mode";
  }

  static offline(): Refusal {
    return new Refusal("offline", "The server cannot be reached.", "Check the connection. What you typed is kept.");
  }

  /** Anything that was thrown, as a refusal. */
  static from(thrown: unknown): Refusal {
    if (thrown instanceof Refusal) return thrown;
    return new Refusal("internal", thrown instanceof Error ? thrown.message : String(thrown), "Reload the page. If it happens again, tell whoever runs the server.");
  }

  /** The refusal in an answer of the server, or in one of a proxy before it. */
  static async read(answer: Response): Promise<Refusal> {
    const seconds = Number(answer.headers.get("Retry-After"));
    const wait = answer.headers.has("Retry-After") && Number.isFinite(seconds) ? seconds * 1000 : undefined;
    const body: unknown = await answer.json().catch(() => null);
    if (isApiError(body)) return new Refusal(body.code, body.message, body.hint, body.field, wait);
    if (answer.status >= 502 && answer.status <= 504) {
      return new Refusal("unavailable", "The server does not answer right now.", "It may be starting. Try again in a moment.", undefined, wait);
    }
    return new Refusal("internal", `The server answered with ${answer.status}.`, "Try again. If it happens again, tell whoever runs the server.");
  }
}

function isApiError(body: unknown): body is ApiError {
  return typeof body === "object" && body !== null && "code" in body && "message" in body && typeof body.message === "string";
}
