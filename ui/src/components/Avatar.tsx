import { createSignal, Show } from "solid-js";
import type { Status } from "../protocol/generated";
import css from "./Avatar.module.css";
import { cx } from "./cx";

/** The first letters of a name's first and last word. */
export function initials(name: string): string {
  const words = name.trim().split(/[\s_.-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = [...(words[0] ?? "?")];
  const last = words.length > 1 ? [...(words.at(-1) ?? "")][0] : first[1];
  return (first[0] ?? "?").toUpperCase() + (last ?? "");
}

/** As many colours as there are in the tokens. */
const COLORS = 12;

/**
 * The colour behind the initials: always the same for one identifier. Identifiers made at about the same time differ
 * in few digits, so each digit is mixed into all bits (FNV-1a, then the last steps of MurmurHash3).
 */
export function colorOf(id: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return `var(--av-${((hash ^ (hash >>> 16)) >>> 0) % COLORS})`;
}

const statusWords: Record<Status, string> = { online: "Online", idle: "Away", dnd: "Do not disturb", offline: "Offline" };

/** A picture, or initials on a colour of `id`: `name`, `src`, `size` in pixels (32), `status` (a dot), `speaking` (a ring), `square` for a space. Decoration: the name stands beside it. */
export function Avatar(props: { id: string; name: string; src?: string | null | undefined; size?: number | undefined; status?: Status | undefined; speaking?: boolean | undefined; square?: boolean | undefined; class?: string | undefined }) {
  const [broken, setBroken] = createSignal<string>();
  const size = () => props.size ?? 32;
  const picture = () => (props.src && props.src !== broken() ? props.src : undefined);
  return (
    <span
      class={cx(css.avatar, props.square && css.square, props.speaking && css.speaking, props.class)}
      style={{ "--size": `${size() / 16}rem`, "background-color": picture() ? "transparent" : colorOf(props.id) }}
    >
      <Show when={picture()} fallback={<span class={css.initials} data-text={initials(props.name)} aria-hidden="true" />}>
        {(src) => <img src={src()} alt="" loading="lazy" decoding="async" draggable={false} onError={() => setBroken(src())} />}
      </Show>
      <Show when={props.status}>{(status) => <span class={css.dot} data-status={status()} role="img" aria-label={statusWords[status()]} />}</Show>
    </span>
  );
}
