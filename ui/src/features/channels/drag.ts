import { createSignal } from "solid-js";
import type { Channel, ChannelId } from "../../protocol/generated";
import type { Target } from "./reorder";

/** What is dragged, and over what. `edge`: where it would go, seen from the row under the pointer. */
interface Dragging {
  id: ChannelId;
  category: boolean;
  over: { id: ChannelId; edge: "before" | "after" | "into" } | null;
}

export type Drag = ReturnType<typeof createDrag>;

/** Dragging rows of the tree with the mouse. */
export function createDrag(options: { enabled: () => boolean; drop: (id: ChannelId, to: Target) => void }) {
  const [dragging, setDragging] = createSignal<Dragging | null>(null);

  const edgeOf = (event: DragEvent, row: Channel, what: Dragging): "before" | "after" | "into" | null => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const lower = event.clientY > box.top + box.height / 2;
    if (what.category) return row.kind === "category" ? (lower ? "after" : "before") : null;
    return row.kind === "category" ? "into" : lower ? "after" : "before";
  };

  return {
    /** How a row is drawn: dragged itself, or with a line where the other would go. */
    mark: (id: ChannelId): string | undefined => {
      const what = dragging();
      if (what?.id === id) return "dragged";
      return what?.over?.id === id ? what.over.edge : undefined;
    },
    /** For the whole tree: leaving it means dropping nowhere. */
    surface: {
      onDragLeave: (event: DragEvent) => {
        const to = event.relatedTarget;
        if (!(to instanceof Node) || !(event.currentTarget as HTMLElement).contains(to)) setDragging((what) => what && { ...what, over: null });
      },
    },
    /** For each row. `next` is what comes after it in its list. */
    row: (row: () => Channel, next: () => ChannelId | null) => ({
      get draggable() {
        return options.enabled();
      },
      onDragStart: (event: DragEvent) => {
        if (!options.enabled()) return;
        event.dataTransfer?.setData("text/plain", row().name);
        setDragging({ id: row().id, category: row().kind === "category", over: null });
      },
      onDragOver: (event: DragEvent) => {
        const what = dragging();
        const edge = what && what.id !== row().id ? edgeOf(event, row(), what) : null;
        if (!what || edge === null) return;
        event.preventDefault();
        if (what.over?.id !== row().id || what.over.edge !== edge) setDragging({ ...what, over: { id: row().id, edge } });
      },
      onDrop: (event: DragEvent) => {
        const what = dragging();
        setDragging(null);
        if (!what?.over) return;
        event.preventDefault();
        if (what.over.edge === "into") options.drop(what.id, { parentId: row().id, before: null });
        else options.drop(what.id, { parentId: row().parent_id, before: what.over.edge === "before" ? row().id : next() });
      },
      onDragEnd: () => setDragging(null),
    }),
  };
}
