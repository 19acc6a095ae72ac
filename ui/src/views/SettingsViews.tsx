import { useNavigate, useParams } from "@solidjs/router";
import { Suspense } from "solid-js";
import { part } from "../components/part";
import { openShortcuts } from "../features/shortcuts/open";
import { adminPath, apiDocsPath, settingsPath, spacePath, spaceSettingsPath } from "../paths";
import { useSnug } from "../state/context";
import { usePageTitle } from "./title";

const AccountSettings = part(() => import("../features/account/AccountSettings"));
const SpaceSettings = part(() => import("../features/spaces/SpaceSettings"));
const ApiDocs = part(() => import("../features/api-docs/ApiDocs"));
const AdminSettings = part(() => import("../features/admin/AdminSettings"));

/** Settings by their address. They close to where one was last: the start page knows. */
export function AccountSettingsView() {
  const navigate = useNavigate();
  const params = useParams<{ page?: string }>();
  usePageTitle(() => "Settings");
  return (
    <Suspense>
      <AccountSettings
        page={params.page || undefined}
        onPage={(page) => navigate(settingsPath(page))}
        onClose={() => navigate("/")}
        onAdmin={() => navigate(adminPath())}
        onApi={() => navigate(apiDocsPath)}
        onShortcuts={openShortcuts}
      />
    </Suspense>
  );
}

export function SpaceSettingsView() {
  const { state } = useSnug();
  const navigate = useNavigate();
  const params = useParams<{ space: string; page?: string }>();
  usePageTitle(() => `${state.spaces[params.space]?.name ?? "Space"}: settings`);
  return (
    <Suspense>
      <SpaceSettings
        spaceId={params.space}
        page={params.page || undefined}
        onPage={(page) => navigate(spaceSettingsPath(params.space, page))}
        onClose={() => navigate(state.spaces[params.space] ? spacePath(params.space) : "/")}
      />
    </Suspense>
  );
}

/** How the server's API is used, for anyone. */
export function ApiDocsView() {
  usePageTitle(() => "API");
  return (
    <Suspense>
      <ApiDocs />
    </Suspense>
  );
}

export function AdminView() {
  const navigate = useNavigate();
  const params = useParams<{ page?: string }>();
  usePageTitle(() => "Administration");
  return (
    <Suspense>
      <AdminSettings page={params.page || undefined} onPage={(page) => navigate(adminPath(page))} onClose={() => navigate("/")} />
    </Suspense>
  );
}
