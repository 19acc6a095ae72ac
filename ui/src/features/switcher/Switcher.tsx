import { useNavigate } from "@solidjs/router";
import { createEffect, createMemo, createSignal, createUniqueId, For, on, onCleanup, Show } from "solid-js";
import { Avatar } from "../../components/Avatar";
import { Badge } from "../../components/Badge";
import { Dialog } from "../../components/Dialog";
import { Icon } from "../../components/Icon";
import { useSnug } from "../../state/context";
import { ProfileCard } from "../members/ProfileCard";
import { setSwitcherOpen, switcherOpen } from "./open";
import { findPlaces, type Place } from "./places";
import css from "./switcher.module.css";

/** Goes to a channel, a space or a person by a few letters: Ctrl+K. */
export function Switcher() {
  const keys = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      setSwitcherOpen((open) => !open);
    }
  };
  addEventListener("keydown", keys);
  onCleanup(() => {
    removeEventListener("keydown", keys);
    setSwitcherOpen(false);
  });
  return (
    <Dialog open={switcherOpen()} onOpenChange={setSwitcherOpen} title="Go to">
      <Search onDone={() => setSwitcherOpen(false)} />
    </Dialog>
  );
}

function Search(props: { onDone: () => void }) {
  const snug = useSnug();
  const navigate = useNavigate();
  const id = createUniqueId();
  const [query, setQuery] = createSignal("");
  const [chosen, setChosen] = createSignal(0);
  const [person, setPerson] = createSignal<string | null>(null);
  const places = createMemo(() => findPlaces(snug.state, query()));
  createEffect(on(query, () => setChosen(0)));

  const go = (place: Place | undefined): void => {
    if (!place) return;
    if (place.href === null) return void setPerson(place.id);
    props.onDone();
    navigate(place.href);
  };
  const keys = (event: KeyboardEvent): void => {
    const count = places().length;
    if (event.key === "ArrowDown") setChosen((at) => (count === 0 ? 0 : (at + 1) % count));
    else if (event.key === "ArrowUp") setChosen((at) => (count === 0 ? 0 : (at - 1 + count) % count));
    else if (event.key === "Enter") go(places()[chosen()]);
    else return;
    event.preventDefault();
    document.getElementById(`${id}-${chosen()}`)?.scrollIntoView({ block: "nearest" });
  };
  return (
    <Show
      when={person() === null}
      fallback={
        <div>
          <button type="button" class={css.back} onClick={() => setPerson(null)}>
            <Icon name="arrowLeft" size={16} /> Back
          </button>
          <ProfileCard userId={person() ?? ""} onClose={props.onDone} />
        </div>
      }
    >
      <div class={css.search}>
        <Icon name="search" size={18} />
        <input
          class={css.query}
          type="text"
          role="combobox"
          aria-label="Channel, space or person"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={`${id}-${chosen()}`}
          placeholder="Channel, space or person"
          data-autofocus
          value={query()}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={keys}
        />
      </div>
      <ul class={css.places} id={id} role="listbox" aria-label="Places">
        <For each={places()}>
          {(place, at) => (
            <li id={`${id}-${at()}`} class={css.place} role="option" aria-selected={at() === chosen()} onPointerMove={() => setChosen(at())} onClick={() => go(place)}>
              <Look place={place} />
              <span class={css.label}>{place.label}</span>
              <Show when={place.mentions > 0}>
                <Badge>{place.mentions}</Badge>
              </Show>
              <span class={css.hint}>{place.hint}</span>
            </li>
          )}
        </For>
      </ul>
      <Show when={places().length === 0}>
        <p class={css.none}>Nothing is called that. Begin with # for channels, @ for people, * for spaces.</p>
      </Show>
    </Show>
  );
}

function Look(props: { place: Place }) {
  const { image, state } = useSnug();
  const picture = () => (props.place.kind === "space" ? state.spaces[props.place.id]?.icon : state.users[props.place.id]?.avatar);
  return (
    <Show when={props.place.kind === "space" || props.place.kind === "person"} fallback={<Icon name={props.place.kind === "voice" ? "speaker" : "hash"} size={20} />}>
      <Avatar id={props.place.id} name={props.place.label} square={props.place.kind === "space"} src={image(picture())} size={22} />
    </Show>
  );
}
