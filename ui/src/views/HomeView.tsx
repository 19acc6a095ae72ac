import { Welcome } from "../features/spaces/Welcome";
import { usePageTitle } from "./title";

/** Where one is while no space is open. */
export function HomeView() {
  usePageTitle(() => "Home");
  return <Welcome />;
}
