import { createContext, createSignal, lazy, type ParentProps, Show, useContext } from "solid-js";
import { FloatingCard } from "../../components/FloatingCard";
import type { SpaceId, UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import type { Asked } from "./MemberDialogs";
import { ProfileCard } from "./ProfileCard";
import css from "./members.module.css";

const MemberDialogs = lazy(() => import("./MemberDialogs").then((module) => ({ default: module.MemberDialogs })));

interface Profile {
  /** Shows the card of somebody beside `anchor`. */
  open(userId: UserId, anchor: HTMLElement): void;
  /** Opens a dialog about a member. */
  ask(what: Asked, spaceId: SpaceId, userId: UserId): void;
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
  const [asked, setAsked] = createSignal<{ what: Asked; spaceId: SpaceId; userId: UserId } | null>(null);
  const close = () => setShown(null);
  const ask: Profile["ask"] = (what, spaceId, userId) => {
    close();
    setAsked({ what, spaceId, userId });
  };
  return (
    <ProfileContext.Provider value={{ open: (userId, anchor) => setShown({ userId, anchor }), ask }}>
      {props.children}
      <FloatingCard anchor={shown()?.anchor ?? null} onClose={close} label={`Profile of ${state.users[shown()?.userId ?? ""]?.display_name ?? "somebody"}`} class={css.cardSurface}>
        <Show when={shown()}>{(one) => <ProfileCard userId={one().userId} onClose={close} />}</Show>
      </FloatingCard>
      <Show when={asked()}>{(one) => <MemberDialogs spaceId={one().spaceId} userId={one().userId} asked={one().what} onClose={() => setAsked(null)} />}</Show>
    </ProfileContext.Provider>
  );
}
