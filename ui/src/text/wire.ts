import { isAlnum, isWord } from "./chars";
import { scan, type Token } from "./scan";

/*
 * The composer shows `@Marta` and `#general`; the wire has `<@1>` and `<#2>`.
 *
 * A label names one thing and no other: of two Martas neither is `@Marta`, each is her username, and where no name is
 * left the wire's own form is shown. Where one label begins another ("Ann", "Ann Marie") the longer wins.
 * `toShown` converts back what it made and compares; what would not come back as it was is shown in the wire's form.
 */

/** Who and what can be mentioned here. */
export interface Known {
  users: readonly { id: string; name: string; username: string }[];
  roles: readonly { id: string; name: string }[];
  channels: readonly { id: string; name: string }[];
}

type Kind = "user" | "role" | "channel";
interface Label {
  /** In lower case, without the sigil. */
  key: string;
  kind: Kind;
  id: string;
  /** Whether another label goes on where this one ends. */
  begins: boolean;
}

/** The names of everything that can be mentioned, each of one thing only. */
export class Labels {
  private readonly byFirst = { "@": new Map<string, Label[]>(), "#": new Map<string, Label[]>() };
  private readonly shown = new Map<string, string[]>();

  constructor(known: Known) {
    const usernames = known.users.map(({ id, username }) => ({ kind: "user" as const, id, name: username }));
    const people = [...known.users.map(({ id, name }) => ({ kind: "user" as const, id, name })), ...known.roles.map(({ id, name }) => ({ kind: "role" as const, id, name }))];
    this.fill("@", people, usernames);
    this.fill("#", known.channels.map(({ id, name }) => ({ kind: "channel" as const, id, name })), []);
  }

  /** What the composer shows for a mention. One that is chosen gets a label that no longer one begins with. */
  label(kind: Kind, id: string): string {
    return this.shown.get(`${kind} ${id}`)?.[0] ?? wireForm(kind, id);
  }

  /** All that may be shown for a mention beside the wire's form, the best first. */
  labels(kind: Kind, id: string): readonly string[] {
    return this.shown.get(`${kind} ${id}`) ?? [];
  }

  /** The longest label at `at`, where the sigil stands. */
  find(text: string, at: number): { end: number; wire: string } | undefined {
    const sigil = text.charAt(at);
    if ((sigil !== "@" && sigil !== "#") || isAlnum(text.charCodeAt(at - 1))) return undefined;
    for (const label of this.byFirst[sigil].get(text.charAt(at + 1).toLowerCase()) ?? []) {
      const end = at + 1 + label.key.length;
      if (isWord(text.charCodeAt(end)) || text.slice(at + 1, end).toLowerCase() !== label.key) continue;
      return { end, wire: wireForm(label.kind, label.id) };
    }
    return undefined;
  }

  private fill(sigil: "@" | "#", names: readonly { kind: Kind; id: string; name: string }[], usernames: readonly { kind: Kind; id: string; name: string }[]): void {
    const taken = new Map<string, { kind: Kind; id: string; name: string } | "several">();
    const take = (entry: { kind: Kind; id: string; name: string }): void => {
      const key = entry.name.toLowerCase();
      if (key.length !== entry.name.length || !isLabel(entry.name)) return;
      const other = taken.get(key);
      if (other === undefined) taken.set(key, entry);
      else if (other === "several" || other.id !== entry.id || other.kind !== entry.kind) taken.set(key, "several");
    };
    // A username is somebody's for good: a display name that is somebody else's username is no label.
    const owners = new Map(usernames.map((entry) => [entry.name.toLowerCase(), entry.id]));
    names.filter((entry) => !owners.has(entry.name.toLowerCase())).forEach(take);
    usernames.forEach(take);

    const labels: Label[] = [];
    for (const [key, entry] of taken) if (entry !== "several") labels.push({ key, kind: entry.kind, id: entry.id, begins: false });
    // In order, what a label begins comes right after it.
    labels.sort((a, b) => (a.key < b.key ? -1 : 1));
    labels.forEach((label, i) => {
      for (let j = i + 1; j < labels.length && labels[j]!.key.startsWith(label.key); j++) {
        if (!isWord(labels[j]!.key.charCodeAt(label.key.length))) label.begins = true;
        if (label.begins) break;
      }
    });
    labels.sort((a, b) => b.key.length - a.key.length);
    for (const label of labels) {
      const first = this.byFirst[sigil].get(label.key.charAt(0));
      if (first === undefined) this.byFirst[sigil].set(label.key.charAt(0), [label]);
      else first.push(label);
    }
    const byKey = new Map(labels.map((label) => [label.key, label]));
    for (const entry of [...names, ...usernames]) {
      const label = byKey.get(entry.name.toLowerCase());
      if (label === undefined || label.id !== entry.id || label.kind !== entry.kind) continue;
      const key = `${entry.kind} ${entry.id}`;
      const list = this.shown.get(key) ?? [];
      const text = sigil + entry.name;
      if (!list.includes(text)) list.push(text);
      // Those that begin another last.
      list.sort((a, b) => Number(byKey.get(a.slice(1).toLowerCase())!.begins) - Number(byKey.get(b.slice(1).toLowerCase())!.begins));
      this.shown.set(key, list);
    }
  }
}

/** The wire's form of what the composer shows. */
export function toWire(shown: string, labels: Labels): string {
  return between(shown, scan(shown), (gap, at) => {
    let out = "";
    let from = at;
    for (let i = at; i < gap; i++) {
      const found = labels.find(shown, i);
      if (found === undefined || found.end > gap) continue;
      out += shown.slice(from, i) + found.wire;
      from = found.end;
      i = found.end - 1;
    }
    return out + shown.slice(from, gap);
  });
}

/** What the composer shows for the wire's form, such that `toWire` makes the same message of it. */
export function toShown(wire: string, labels: Labels): string {
  const safe = escaped(wire, labels);
  const mentions = scan(safe).filter((token): token is Token & { type: Kind } => token.type === "user" || token.type === "role" || token.type === "channel");
  // From the end, because what follows decides how long a label is.
  let shown = safe;
  for (const token of mentions.toReversed()) {
    const form = wireForm(token.type, token.id);
    const rest = shown.slice(token.end);
    for (const label of labels.labels(token.type, token.id)) {
      const candidate = safe.slice(0, token.start) + label + rest;
      const found = labels.find(candidate, token.start);
      if (found?.wire !== form || found.end !== token.start + label.length) continue;
      shown = candidate;
      break;
    }
  }
  return toWire(shown, labels) === safe ? shown : safe;
}

/** Replaces `:shortcode:` by its emoji where `emoji` knows one, but not in code or addresses. */
export function replaceShortcodes(text: string, emoji: (shortcode: string) => string | undefined): string {
  return between(text, scan(text), (gap, at) => {
    const part = text.slice(at, gap);
    let out = "";
    let from = 0;
    for (let open = part.indexOf(":"); open >= 0; ) {
      const close = part.indexOf(":", open + 1);
      if (close < 0) break;
      const found = close - open > 1 && close - open < 64 ? emoji(part.slice(open + 1, close)) : undefined;
      if (found !== undefined) {
        out += part.slice(from, open) + found;
        from = close + 1;
        open = part.indexOf(":", from);
      } else {
        open = close;
      }
    }
    return out + part.slice(from);
  });
}

/** `text` with what is between the tokens replaced. `change` gets the end of a gap and where it begins. */
function between(text: string, tokens: readonly Token[], change: (end: number, start: number) => string): string {
  let out = "";
  let at = 0;
  for (const token of tokens) {
    if (token.start > at) out += change(token.start, at);
    out += text.slice(token.start, token.end);
    at = token.end;
  }
  return at < text.length ? out + change(text.length, at) : out;
}

/** The wire's form, with a backslash before what would be taken for a mention and is none. */
function escaped(wire: string, labels: Labels): string {
  return between(wire, scan(wire), (gap, at) => {
    let out = "";
    for (let i = at; i < gap; i++) out += labels.find(wire, i) === undefined ? wire.charAt(i) : `\\${wire.charAt(i)}`;
    return out;
  });
}

function wireForm(kind: Kind, id: string): string {
  switch (kind) {
    case "user":
      return `<@${id}>`;
    case "role":
      return `<@&${id}>`;
    case "channel":
      return `<#${id}>`;
  }
}

/** Whether a name can stand in a text and be found there again. */
function isLabel(name: string): boolean {
  return name !== "" && name.trim() === name && !/[`\\<>@#\n\r\]]|https?:|mailto:/i.test(name) && !/^(?:everyone|here)\b/i.test(name);
}
