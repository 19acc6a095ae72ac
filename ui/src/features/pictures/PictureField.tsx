import { createSignal, type JSX, onCleanup, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { CropDialog } from "./CropDialog";
import { openPicture } from "./picture";
import css from "./PictureField.module.css";

/** What becomes of a picture when the form is saved. */
export type PictureChange = { kind: "keep" } | { kind: "remove" } | { kind: "replace"; blob: Blob; url: string };

/** The picture of a person or a space: choose or drop a file, cut it, remove it. `has` says whether there is one now; `children` shows it. */
export function PictureField(props: { label: string; round: boolean; has: boolean; onChange: (change: PictureChange) => void; children: JSX.Element }) {
  const [image, setImage] = createSignal<HTMLImageElement>();
  const [over, setOver] = createSignal(false);
  const open = createAction(async (file: File) => setImage(await openPicture(file)));
  let input!: HTMLInputElement;
  const close = () => {
    const current = image();
    if (current) URL.revokeObjectURL(current.src);
    setImage(undefined);
  };
  onCleanup(close);

  return (
    <div
      class={css.field}
      data-over={over() || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer?.files[0];
        if (file) void open.run(file);
      }}
    >
      {props.children}
      <div class={css.words}>
        <p class={css.label}>{props.label}</p>
        <div class={css.buttons}>
          <Button small icon="upload" busy={open.busy()} onClick={() => input.click()}>
            {props.has ? "Change picture" : "Choose picture"}
          </Button>
          <Show when={props.has}>
            <Button small kind="quiet-danger" onClick={() => props.onChange({ kind: "remove" })}>
              Remove
            </Button>
          </Show>
        </div>
        <p class={css.hint}>Or drop one here. You choose which part is shown.</p>
        <ErrorNote error={open.error()} />
      </div>
      <input
        ref={(element) => (input = element)}
        type="file"
        accept="image/png,image/jpeg,image/webp,image/gif,image/avif"
        hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) void open.run(file);
        }}
      />
      <Show when={image()}>
        {(current) => (
          <CropDialog
            image={current()}
            round={props.round}
            onClose={close}
            onDone={(blob) => {
              props.onChange({ kind: "replace", blob, url: URL.createObjectURL(blob) });
              close();
            }}
          />
        )}
      </Show>
    </div>
  );
}
