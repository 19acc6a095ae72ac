import { Show } from "solid-js";
import { BackLink } from "../../components/BackLink";
import { useFleet } from "./context";

/** The way to the other servers for who is not inside of this one; in a browser there are none. */
export function ServersLink() {
  return <Show when={useFleet()}>{(fleet) => <BackLink label="All servers" onClick={() => fleet().show(null)} />}</Show>;
}
