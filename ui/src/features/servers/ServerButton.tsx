import { createSignal, Show } from "solid-js";
import { Button } from "../../components/Button";
import { Icon } from "../../components/Icon";
import { Popover } from "../../components/Popover";
import { useFleet } from "./context";
import { ServerList } from "./ServerList";
import css from "./servers.module.css";

/** The way to the other servers, wherever one is; only in the desktop app. */
export function ServerButton() {
  return <Show when={useFleet()}>{(fleet) => <Servers others={() => fleet().entries.filter((entry) => entry.id !== fleet().shown()?.id)} />}</Show>;
}

function Servers(props: { others: () => { id: string }[] }) {
  const fleet = useFleet()!;
  const [open, setOpen] = createSignal(false);
  const mentions = () => props.others().reduce((sum, one) => sum + fleet.news(one.id).mentions, 0);
  const unread = () => props.others().some((one) => fleet.news(one.id).unread);
  const label = () => (mentions() > 0 ? `Servers, ${mentions()} ${mentions() === 1 ? "mention" : "mentions"} on others` : unread() ? "Servers, unread messages on others" : "Servers");
  const go = (id: string | null): void => {
    setOpen(false);
    fleet.show(id);
  };
  return (
    <Popover
      label="Servers"
      bare
      placement="right-start"
      open={open()}
      onOpenChange={setOpen}
      trigger={(trigger: object) => (
        <button type="button" class={css.button} aria-label={label()} {...trigger}>
          <Icon name="server" size={21} />
          <Show when={mentions() > 0}>
            <span class={css.badge} style={{ position: "absolute", right: "-5px", bottom: "-5px" }} aria-hidden="true">
              {mentions() > 99 ? "99+" : mentions()}
            </span>
          </Show>
        </button>
      )}
    >
      <div class={css.pop}>
        <ServerList onChoose={go} />
        <Button onClick={() => go(null)}>All servers</Button>
      </div>
    </Popover>
  );
}
