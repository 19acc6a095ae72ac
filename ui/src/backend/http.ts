import { Refusal } from "./refusal";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Query = Record<string, string | number | undefined>;

export interface Ask {
  body?: unknown;
  query?: Query;
  /** A picture to send instead of JSON. */
  file?: Blob;
  /** Ask without a token. */
  anyone?: boolean;
}

export interface HttpOptions {
  base: string;
  fetch: typeof fetch;
  access(refused?: string): Promise<string>;
}

/** Asks the REST side. Every failure is a {@link Refusal}. */
export class Http {
  constructor(private readonly options: HttpOptions) {}

  async ask<T>(method: Method, path: string, ask: Ask = {}): Promise<T> {
    if (ask.anyone) return read(await this.#send(method, path, ask));
    const token = await this.options.access();
    const answer = await this.#send(method, path, ask, token);
    if (answer.status !== 401) return read(answer);
    const refusal = await Refusal.read(answer);
    if (refusal.code !== "unauthorized") throw refusal;
    return read(await this.#send(method, path, ask, await this.options.access(token)));
  }

  async #send(method: Method, path: string, ask: Ask, token?: string): Promise<Response> {
    const headers: Record<string, string> = {};
    if (token !== undefined) headers["Authorization"] = `Bearer ${token}`;
    if (ask.body !== undefined) headers["Content-Type"] = "application/json";
    if (ask.file) headers["Content-Type"] = ask.file.type;
    const body = ask.file ?? (ask.body === undefined ? null : JSON.stringify(ask.body));
    try {
      return await this.options.fetch(this.options.base + path + search(ask.query), { method, headers, body, credentials: "same-origin" });
    } catch {
      throw Refusal.offline();
    }
  }
}

async function read<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw await Refusal.read(answer);
  const text = await answer.text().catch(() => {
    throw Refusal.offline();
  });
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

function search(query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  return pairs.length === 0 ? "" : "?" + new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]));
}
