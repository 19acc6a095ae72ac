import { For } from "solid-js";
import { pieces } from "./pieces";

/** A description, with what is code in it shown as code. */
export function Prose(props: { text: string }) {
  return <For each={pieces(props.text)}>{(piece) => (piece.code ? <code>{piece.text}</code> : piece.text)}</For>;
}
