import { createContext, createSignal, onCleanup, type JSX, useContext } from "solid-js";

/** Keeps unsaved changes from being left behind: forms hold it while they differ, and who wants to leave asks it. */
export type Guard = { hold: () => () => void; /** Whether one may leave; if not, the forms call attention to themselves. */ mayLeave: () => boolean; /** Rises with every refusal. */ refused: () => number };

const Context = createContext<Guard>();

/** A guard for the pages within. */
export function createGuard(): Guard {
  let held = 0;
  const [refused, setRefused] = createSignal(0);
  const warn = (event: BeforeUnloadEvent) => {
    if (held > 0) event.preventDefault();
  };
  addEventListener("beforeunload", warn);
  onCleanup(() => removeEventListener("beforeunload", warn));
  return {
    hold: () => {
      held += 1;
      return () => void (held -= 1);
    },
    mayLeave: () => {
      if (held > 0) setRefused((times) => times + 1);
      return held === 0;
    },
    refused,
  };
}

export function GuardProvider(props: { guard: Guard; children: JSX.Element }) {
  return <Context.Provider value={props.guard}>{props.children}</Context.Provider>;
}

/** The guard of the settings page one is in, if any. */
export function useGuard(): Guard | undefined {
  return useContext(Context);
}
