import { createSignal, createUniqueId, Show } from "solid-js";
import { cx } from "../../components/cx";
import { type Format, toggle } from "../../text/format";
import { CompletionList } from "./CompletionList";
import { createCompletion } from "./completion";
import css from "./composer.module.css";

const FORMATS: Record<string, Format> = { b: "bold", i: "italic", u: "underline", e: "code" };

export interface MessageInputProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  /** Enter was pressed. */
  onSubmit: () => void;
  onEscape?: (() => void) | undefined;
  /** The up arrow, in an empty field. */
  onUp?: (() => void) | undefined;
  placeholder?: string | undefined;
  ref?: ((element: HTMLTextAreaElement) => void) | undefined;
  class?: string | undefined;
}

/** A field for a message: grows with its text, completes people, channels and emoji, and knows the keys of formatting. */
export function MessageInput(props: MessageInputProps) {
  const id = createUniqueId();
  const [element, setElement] = createSignal<HTMLTextAreaElement>();
  /** Types `text` between two places, so that the browser's own undo knows of it. */
  const put = (text: string, start: number, end: number, selectFrom: number, selectTo: number): void => {
    const area = element();
    if (!area) return;
    area.focus();
    area.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) area.setRangeText(text, start, end, "end");
    area.setSelectionRange(selectFrom, selectTo);
    props.onInput(area.value);
  };
  const completion = createCompletion({ element, put });

  const format = (kind: Format): void => {
    const area = element();
    if (!area) return;
    const next = toggle(kind, { text: area.value, start: area.selectionStart, end: area.selectionEnd });
    put(next.text, 0, area.value.length, next.start, next.end);
  };
  const keys = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }): void => {
    if (event.isComposing) return;
    if (completion.key(event)) return;
    const modified = event.ctrlKey || event.metaKey;
    const kind = modified && !event.shiftKey && !event.altKey ? FORMATS[event.key.toLowerCase()] : undefined;
    if (kind) {
      event.preventDefault();
      return format(kind);
    }
    if (event.key === "Enter" && !event.shiftKey && !modified && !event.altKey) {
      event.preventDefault();
      return props.onSubmit();
    }
    if (event.key === "Escape" && props.onEscape) {
      event.preventDefault();
      return props.onEscape();
    }
    if (event.key === "ArrowUp" && !event.altKey && !event.shiftKey && !modified && props.value === "" && props.onUp) {
      event.preventDefault();
      props.onUp();
    }
  };
  return (
    <div class={cx(css.input, props.class)}>
      <Show when={completion.items().length > 0}>
        <CompletionList id={id} items={completion.items()} chosen={completion.chosen()} onChoose={completion.choose} onHover={completion.point} />
      </Show>
      {/* The copy of the text below the field gives it its height. */}
      <div class={css.grow} data-text={`${props.value}\u200b`}>
        <textarea
          ref={(area) => {
            setElement(area);
            props.ref?.(area);
          }}
          rows={1}
          aria-label={props.label}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={completion.items().length > 0 ? id : undefined}
          aria-activedescendant={completion.items().length > 0 ? `${id}-${completion.chosen()}` : undefined}
          placeholder={props.placeholder}
          value={props.value}
          onInput={(event) => {
            props.onInput(event.currentTarget.value);
            completion.look();
          }}
          onKeyDown={keys}
          onClick={completion.look}
          onBlur={completion.close}
        />
      </div>
    </div>
  );
}
