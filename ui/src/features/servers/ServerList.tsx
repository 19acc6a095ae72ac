import { For } from "solid-js";
import { useFleet } from "./context";
import { ServerRow } from "./ServerRow";
import css from "./servers.module.css";

/** All accounts, to go from one to another. */
export function ServerList(props: { onChoose: (id: string) => void }) {
  const fleet = useFleet()!;
  return (
    <ul class={css.list}>
      <For each={fleet.entries}>
        {(entry) => (
          <li>
            <ServerRow entry={entry} onChoose={props.onChoose} />
          </li>
        )}
      </For>
    </ul>
  );
}
