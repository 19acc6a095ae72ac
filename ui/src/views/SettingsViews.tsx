import { useNavigate, useParams } from "@solidjs/router";
import { type JSX, lazy, Suspense } from "solid-js";
import { Portal } from "solid-js/web";
import { Spinner } from "../components/Spinner";
import { openShortcuts } from "../features/shortcuts/open";
import { adminPath, settingsPath, spacePath, spaceSettingsPath } from "../paths";
import { cameFrom } from "./came-from";
import css from "./SpaceView.module.css";
import { usePageTitle } from "./title";

const AccountSettings = lazy(() => import("../features/account/AccountSettings"));
const AdminSettings = lazy(() => import("../features/admin/AdminSettings"));
const SpaceSettings = lazy(() => import("../features/spaces/SpaceSettings"));

/** Settings cover the whole window. */
function Cover(props: { children: JSX.Element }) {
  return (
    <Portal>
      <Suspense
        fallback={
          <div class={css.cover}>
            <Spinner label="Loading settings" />
          </div>
        }
      >
        {props.children}
      </Suspense>
    </Portal>
  );
}

/** The page named by the address; nothing for the first. */
const pageOf = (page: string | undefined): string | undefined => (page === undefined || page === "" ? undefined : page);

export function AccountSettingsView() {
  const navigate = useNavigate();
  const params = useParams<{ page?: string }>();
  usePageTitle(() => "Settings");
  return (
    <Cover>
      <AccountSettings
        page={pageOf(params.page)}
        onPage={(page) => navigate(settingsPath(page), { replace: true })}
        onClose={() => navigate(cameFrom("/"))}
        onAdmin={() => navigate(adminPath())}
        onShortcuts={openShortcuts}
      />
    </Cover>
  );
}

export function SpaceSettingsView() {
  const navigate = useNavigate();
  const params = useParams<{ space: string; page?: string }>();
  usePageTitle(() => "Space settings");
  return (
    <Cover>
      <SpaceSettings
        spaceId={params.space}
        page={pageOf(params.page)}
        onPage={(page) => navigate(spaceSettingsPath(params.space, page), { replace: true })}
        onClose={() => navigate(cameFrom(spacePath(params.space)))}
      />
    </Cover>
  );
}

export function AdminView() {
  const navigate = useNavigate();
  const params = useParams<{ page?: string }>();
  usePageTitle(() => "Administration");
  return (
    <Cover>
      <AdminSettings page={pageOf(params.page)} onPage={(page) => navigate(adminPath(page), { replace: true })} onClose={() => navigate(cameFrom("/"))} />
    </Cover>
  );
}
