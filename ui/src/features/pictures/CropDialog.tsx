import { createSignal } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { Slider } from "../../components/Slider";
import { middle, MOST_ZOOM, moved, type Size, zoomed, zoomOf } from "./crop";
import css from "./CropDialog.module.css";
import { cutOut } from "./picture";

/** Chooses a square of a picture: drag it or use the arrow keys, and zoom. */
export function CropDialog(props: { image: HTMLImageElement; round: boolean; onDone: (picture: Blob) => void; onClose: () => void }) {
  const size = (): Size => ({ width: props.image.naturalWidth, height: props.image.naturalHeight });
  const [crop, setCrop] = createSignal(middle(size()));
  const zoom = () => zoomOf(crop(), size());
  let frame!: HTMLDivElement;

  /** Pixels of the picture in one pixel of the screen. */
  const scale = () => crop().size / frame.clientWidth;
  const drag = (event: PointerEvent) => {
    if (event.buttons === 0) return;
    setCrop(moved(crop(), -event.movementX * scale(), -event.movementY * scale(), size()));
  };
  const keys = (event: KeyboardEvent) => {
    const step = crop().size / 40;
    const by = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[event.key];
    if (!by) return;
    event.preventDefault();
    setCrop(moved(crop(), by[0]!, by[1]!, size()));
  };
  const done = createAction(async () => props.onDone(await cutOut(props.image, crop())));

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && props.onClose()}
      title="Choose the part to show"
      onSubmit={() => void done.run()}
      footer={
        <>
          <Button kind="quiet" onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" busy={done.busy()}>
            Use picture
          </Button>
        </>
      }
    >
      <div
        ref={(element) => (frame = element)}
        class={css.frame}
        data-round={props.round || undefined}
        tabIndex={0}
        role="application"
        aria-label="Picture. Drag it, or move it with the arrow keys."
        onKeyDown={keys}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onWheel={(event) => {
          event.preventDefault();
          setCrop(zoomed(crop(), zoom() * (event.deltaY < 0 ? 1.08 : 1 / 1.08), size()));
        }}
      >
        <img
          src={props.image.src}
          alt=""
          draggable={false}
          style={{
            width: `${(size().width / crop().size) * 100}%`,
            left: `${(-crop().x / crop().size) * 100}%`,
            top: `${(-crop().y / crop().size) * 100}%`,
          }}
        />
        <span class={css.ring} />
      </div>
      <Slider label="Zoom" value={zoom()} min={1} max={MOST_ZOOM} step={0.01} onInput={(value) => setCrop(zoomed(crop(), value, size()))} />
      <ErrorNote error={done.error()} />
    </Dialog>
  );
}
