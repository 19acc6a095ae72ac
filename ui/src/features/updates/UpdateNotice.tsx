import { createEffect, createSignal, on } from "solid-js";
import { Dialog } from "../../components/Dialog";
import { toast } from "../../components/Toast";
import type { Updates } from "../../state/updates";
import { UpdatesSection } from "./UpdatesSection";

/** How long the word about an update stays. Missed, it still stands in the settings. */
const LASTS_MS = 20_000;

/** Tells of an update that nobody asked for, once, at the edge; and shows it to who wants to see it. */
export function UpdateNotice(props: { updates: Updates }) {
  const [open, setOpen] = createSignal(false);
  createEffect(
    on(props.updates.news, (update) => {
      if (update) toast({ text: `Snug ${update.version} is there.`, action: { label: "What is new", run: () => setOpen(true) }, lasts: LASTS_MS });
    }),
  );
  return (
    <Dialog open={open()} onOpenChange={setOpen} title="Updates">
      <UpdatesSection updates={props.updates} bare />
    </Dialog>
  );
}
