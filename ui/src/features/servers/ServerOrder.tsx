import type { JSX } from "solid-js";
import { Show } from "solid-js";
import { Menu } from "../../components/Menu";
import { confirm } from "../../components/ConfirmDialog";
import { Sortable } from "../../components/Sortable";
import { toast } from "../../components/Toast";
import type { Entry } from "../../protocol/desktop";
import { useFleet } from "./context";
import { ServerRow } from "./ServerRow";
import { ServerTrouble } from "./ServerTrouble";
import { called } from "./words";
import css from "./servers.module.css";

/** All accounts, to be put in order, gone to, and removed. */
export function ServerOrder() {
  const fleet = useFleet()!;
  const ids = (): string[] => fleet.entries.map((entry) => entry.id);
  const entry = (id: string): Entry | undefined => fleet.entries.find((one) => one.id === id);
  const nameOf = (id: string): string => {
    const one = entry(id);
    return one ? called(one) : "";
  };
  const complain = (thrown: Error): void => void toast({ kind: "error", text: thrown.message });
  /** Puts one into a gap: 0 is before the first. */
  const put = (id: string, gap: number): void => {
    const [before, after] = [ids().slice(0, Math.max(0, gap)), ids().slice(Math.max(0, gap))];
    fleet.order([...before.filter((one) => one !== id), id, ...after.filter((one) => one !== id)]).catch(complain);
  };
  const step = (id: string, by: -1 | 1): void => put(id, ids().indexOf(id) + (by < 0 ? -1 : 2));
  const remove = async (one: Entry): Promise<void> => {
    const text = `You are logged out of ${one.name} on this computer, and what you wrote and did not send there is lost. Your account stays.`;
    if (!(await confirm({ title: `Remove ${called(one)}?`, text, danger: true, action: "Remove" }))) return;
    await fleet.remove(one.id).catch(complain);
  };
  const row = (one: Entry, grip: JSX.Element) => (
    <div class={css.row}>
      <Show when={fleet.entries.length > 1}>{grip}</Show>
      <ServerRow entry={one} onChoose={fleet.show} />
      <Menu label={`What to do with ${called(one)}`} size="s" items={[{ kind: "item", label: "Remove", icon: "trash", danger: true, run: () => void remove(one) }]} />
      <Show when={fleet.standing(one.id) !== "online"}>
        <ServerTrouble id={one.id} />
      </Show>
    </div>
  );
  return (
    <Sortable label="Servers" items={ids()} nameOf={nameOf} onDrop={put} onStep={step}>
      {(id, grip) => <Show when={entry(id)}>{(one) => row(one(), grip)}</Show>}
    </Sortable>
  );
}
