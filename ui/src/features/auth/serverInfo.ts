import { createSignal } from "solid-js";
import { Refusal } from "../../backend/refusal";
import type { ServerInfo } from "../../protocol/generated";
import { useSnug } from "../../state/context";

/** What anyone may know of the server, asked once; `retry` asks again. */
export function createServerInfo() {
  const { api } = useSnug();
  const [info, setInfo] = createSignal<ServerInfo>();
  const [error, setError] = createSignal<Refusal>();
  const retry = async (): Promise<void> => {
    setError(undefined);
    try {
      setInfo(await api.server());
    } catch (thrown) {
      setError(Refusal.from(thrown));
    }
  };
  void retry();
  return { info, error, retry };
}
