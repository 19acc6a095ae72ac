import { Navigate, Route, Router } from "@solidjs/router";
import { onCleanup, type ParentProps, Suspense } from "solid-js";
import { ConfirmDialog, dismiss } from "../components/ConfirmDialog";
import { part } from "../components/part";
import { Toasts } from "../components/Toast";
import { MentionsProvider } from "../features/messages/MentionsProvider";
import { stopAsking } from "../features/members/asked";
import { ProfileProvider } from "../features/members/ProfileProvider";
import { setShortcutsOpen } from "../features/shortcuts/open";
import { setSwitcherOpen } from "../features/switcher/open";
import { apiDocsPath } from "../paths";
import { SnugContext } from "../state/context";
import type { Snug } from "../state/snug";
import { ChannelView } from "./ChannelView";
import { HomeView } from "./HomeView";
import { Inside } from "./Inside";
import { applyAppearance } from "./appearance";
import { InviteView } from "./InviteView";
import { LogInView } from "./LogInView";
import { RegisterView } from "./RegisterView";
import { AccountSettingsView, AdminView, ApiDocsView, SpaceSettingsView } from "./SettingsViews";
import { Shell } from "./Shell";
import { SpaceView, StartView } from "./SpaceView";
import { WaitingView } from "./WaitingView";

const MemberDialogs = part(() => import("../features/members/MemberDialogs"));

/** The whole app: who is inside sees spaces, who is not sees how to get in. */
export function App(props: { snug: Snug }) {
  applyAppearance(props.snug.preferences);
  return (
    <SnugContext.Provider value={props.snug}>
      <Router root={Root}>
        <Route path="/login" component={LogInView} />
        <Route path="/register" component={RegisterView} />
        <Route path="/waiting" component={WaitingView} />
        <Route path="/invite/:code" component={InviteView} />
        <Route path={apiDocsPath} component={ApiDocsView} />
        <Route path="/" component={Inside}>
          <Route path="/" component={Shell}>
            <Route path="/" component={StartView} />
            <Route path="/home" component={HomeView} />
            <Route path="/spaces/:space" component={SpaceView} />
            <Route path="/spaces/:space/channels/:channel/:message?" component={ChannelView} />
          </Route>
          <Route path="/settings/*page" component={AccountSettingsView} />
          <Route path="/spaces/:space/settings/*page" component={SpaceSettingsView} />
          <Route path="/admin/*page" component={AdminView} />
        </Route>
        <Route path="*" component={() => <Navigate href="/" />} />
      </Router>
    </SnugContext.Provider>
  );
}

function Root(props: ParentProps) {
  // What one account was asked is none of another's.
  onCleanup(() => {
    dismiss();
    stopAsking();
    setSwitcherOpen(false);
    setShortcutsOpen(false);
  });
  return (
    <>
      <ProfileProvider>
        <MentionsProvider>{props.children}</MentionsProvider>
      </ProfileProvider>
      <Suspense>
        <MemberDialogs />
      </Suspense>
      <Toasts />
      <ConfirmDialog />
    </>
  );
}
