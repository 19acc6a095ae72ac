import { For } from "solid-js";
import { absurd } from "../../absurd";
import { Icon } from "../../components/Icon";
import { IconButton } from "../../components/IconButton";
import { useSnug } from "../../state/context";
import type { Parting } from "../../state/model";
import css from "./spaces.module.css";

/** Says why a space is gone, until it is read. */
export function Partings() {
  const snug = useSnug();
  return (
    <div role="status" aria-live="polite">
      <For each={snug.state.partings}>
        {(parting) => (
          <div class={css.parting}>
            <Icon name="info" size={18} />
            <p>{words(parting)}</p>
            <IconButton icon="close" label="Dismiss" onClick={() => snug.partingRead(parting.id)} />
          </div>
        )}
      </For>
    </div>
  );
}

function words(parting: Parting): string {
  switch (parting.reason) {
    case "left":
      return `You left ${parting.name}.`;
    case "kicked":
      return `You were removed from ${parting.name}. With a new invite you can come back.`;
    case "banned":
      return `You were banned from ${parting.name} and cannot come back. If that surprises you, talk to whoever runs it.`;
    case "deleted":
      return `${parting.name} was deleted by its owner.`;
    default:
      return absurd(parting.reason);
  }
}
