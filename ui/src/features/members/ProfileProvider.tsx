import { createContext, createSignal, type ParentProps, Show, useContext } from "solid-js";
import { FloatingCard } from "../../components/FloatingCard";
import type { UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { ProfileCard } from "./ProfileCard";
import css from "./members.module.css";

interface Profile {
  /** Shows the card of somebody beside `anchor`. */
  open(userId: UserId, anchor: HTMLElement): void;
}

const ProfileContext = createContext<Profile>();

export function useProfile(): Profile {
  const profile = useContext(ProfileContext);
  if (!profile) throw new Error("useProfile is for components within ProfileProvider");
  return profile;
}

/** One card for everyone: whoever is chosen last. */
export function ProfileProvider(props: ParentProps) {
  const { state } = useSnug();
  const [shown, setShown] = createSignal<{ userId: UserId; anchor: HTMLElement } | null>(null);
  const close = () => setShown(null);
  return (
    <ProfileContext.Provider value={{ open: (userId, anchor) => setShown({ userId, anchor }) }}>
      {props.children}
      <FloatingCard anchor={shown()?.anchor ?? null} onClose={close} label={`Profile of ${state.users[shown()?.userId ?? ""]?.display_name ?? "somebody"}`} class={css.cardSurface}>
        <Show when={shown()}>{(one) => <ProfileCard userId={one().userId} onClose={close} />}</Show>
      </FloatingCard>
    </ProfileContext.Provider>
  );
}
