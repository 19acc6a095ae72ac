import { useNavigate, useSearchParams } from "@solidjs/router";
import type { LoggedIn } from "../protocol/generated";
import { useSnug } from "../state/context";

/** What the pages of those who are outside share: where to go once one is in. */
export function useEntrance() {
  const snug = useSnug();
  const navigate = useNavigate();
  const [search] = useSearchParams<{ next?: string; invite?: string }>();
  /** Only paths of this app: a link must not lead elsewhere through the log-in page. */
  const next = (): string => {
    const wanted = typeof search.next === "string" ? search.next : "/";
    return /^\/(?![/\\])/.test(wanted) ? wanted : "/";
  };
  return {
    next,
    invite: (): string | undefined => (typeof search.invite === "string" && search.invite !== "" ? search.invite : undefined),
    enter: (loggedIn: LoggedIn): void => {
      snug.welcome(loggedIn);
      navigate(loggedIn.space_id === null ? next() : `/spaces/${loggedIn.space_id}`, { replace: true });
    },
    toWaiting: (): void => navigate("/waiting", { replace: true }),
  };
}
