import { createMemo, For, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { confirm } from "../../components/ConfirmDialog";
import { ErrorNote } from "../../components/ErrorNote";
import { createLoad } from "../../components/load";
import { Loaded } from "../../components/Loaded";
import { Rows, Section } from "../../components/Section";
import { toast } from "../../components/Toast";
import type { Session } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { SessionRow } from "./SessionRow";

export function SessionsPage() {
  const { api } = useSnug();
  const sessions = createLoad(() => api.me.sessions());
  const drop = (id: string) => sessions.set((all) => all.filter((one) => one.id !== id));

  const endOthers = createAction(async (others: Session[]) => {
    for (const session of others) {
      await api.me.endSession(session.id);
      drop(session.id);
    }
    toast({ text: "All other sessions have ended.", kind: "good" });
  });
  const ask = async (others: Session[]) => {
    const yes = await confirm({
      title: others.length === 1 ? "End the other session?" : `End all ${others.length} other sessions?`,
      text: "They are logged out within a second. This device stays logged in.",
      danger: true,
      action: "End them",
    });
    if (yes) await endOthers.run(others);
  };

  return (
    <Loaded of={sessions} what="your sessions">
      {(all) => {
        const current = createMemo(() => all().filter((session) => session.current));
        const others = createMemo(() => all().filter((session) => !session.current).sort((a, b) => b.last_used_at - a.last_used_at));
        return (
          <>
            <Section title="This device">
              <Rows label="This device">
                <For each={current()}>{(session) => <SessionRow session={session} onEnded={() => undefined} />}</For>
              </Rows>
            </Section>
            <Section
              title="Other sessions"
              hint="Everywhere else you are logged in. End what you do not recognise, and change your password."
              aside={
                <Show when={others().length > 0}>
                  <Button small icon="logOut" busy={endOthers.busy()} onClick={() => void ask(others())}>
                    End all others
                  </Button>
                </Show>
              }
            >
              <ErrorNote error={endOthers.error()} />
              <Show when={others().length > 0} fallback={<p>You are logged in nowhere else.</p>}>
                <Rows label="Other sessions">
                  <For each={others()}>{(session) => <SessionRow session={session} onEnded={() => drop(session.id)} />}</For>
                </Rows>
              </Show>
            </Section>
          </>
        );
      }}
    </Loaded>
  );
}
