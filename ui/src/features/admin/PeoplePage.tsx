import { createEffect, For, on, Show } from "solid-js";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNote } from "../../components/ErrorNote";
import { Rows } from "../../components/Section";
import { Spinner } from "../../components/Spinner";
import { Tabs } from "../../components/Tabs";
import { TextField } from "../../components/TextField";
import { useSnug } from "../../state/context";
import { createPeople, type Filter } from "./people";
import { PersonRow } from "./PersonRow";
import css from "./PeoplePage.module.css";

const EMPTY: Record<Filter, { title: string; text: string }> = {
  all: { title: "Nobody yet", text: "Invite your friends: make a link in one of your spaces." },
  active: { title: "Nobody yet", text: "Invite your friends: make a link in one of your spaces." },
  waiting: { title: "Nobody knocks", text: "With registration by knocking, those who ask to come in stand here." },
  suspended: { title: "Nobody is suspended", text: "Who is suspended cannot log in until you let them in again." },
};

export function PeoplePage() {
  const { api, state } = useSnug();
  const people = createPeople(api.admin);
  createEffect(on(() => state.knocks, people.refresh, { defer: true }));

  return (
    <>
      <TextField label="Search people" hideLabel icon="search" type="search" placeholder="Name or username" value={people.text()} onInput={people.search} />
      <Tabs
        label="Which people"
        value={people.filter()}
        onChange={people.show}
        tabs={[
          { value: "all", label: "All", count: people.counts().all },
          { value: "waiting", label: "Knocking", count: people.counts().waiting },
          { value: "suspended", label: "Suspended", count: people.counts().suspended },
        ]}
      >
        {(filter) => (
          <>
            <ErrorNote error={people.error()} onRetry={people.refresh} />
            <Show when={people.users()} fallback={<Show when={people.busy()}><span class={css.wait}><Spinner label="Loading people" size={24} /></span></Show>}>
              {(users) => (
                <Show
                  when={users().length > 0}
                  fallback={
                    <EmptyState
                      icon="people"
                      title={people.text().trim() === "" ? EMPTY[filter].title : "Nobody found"}
                      action={<Show when={people.text().trim() !== ""}><Button onClick={() => people.search("")}>Clear the search</Button></Show>}
                    >
                      {people.text().trim() === "" ? EMPTY[filter].text : "Nobody here is called that."}
                    </EmptyState>
                  }
                >
                  <Rows label="People">
                    <For each={users().map((one) => one.user.id)}>
                      {(id) => (
                        <Show when={users().find((one) => one.user.id === id)}>
                          {(person) => <PersonRow person={person()} onChanged={people.changed} onGone={() => people.gone(id)} onAnswered={people.refresh} />}
                        </Show>
                      )}
                    </For>
                  </Rows>
                  <Show when={people.left() > 0}>
                    <Button busy={people.busy()} onClick={people.more}>
                      Show more ({people.left()} left)
                    </Button>
                  </Show>
                </Show>
              )}
            </Show>
          </>
        )}
      </Tabs>
    </>
  );
}
