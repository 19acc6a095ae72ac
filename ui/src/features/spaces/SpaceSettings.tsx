import { Match, Show, Switch } from "solid-js";
import { Avatar } from "../../components/Avatar";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import type { IconName } from "../../components/icons";
import { SettingsPage } from "../../components/SettingsPage";
import type { SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { BansPage } from "../bans/BansPage";
import { ChannelPage } from "../channels/ChannelPage";
import { ChannelsPage } from "../channels/ChannelsPage";
import { InvitesPage } from "../invites/InvitesPage";
import { MembersPage } from "../members/MembersPage";
import { RolePage } from "../roles/RolePage";
import { RolesPage } from "../roles/RolesPage";
import { pagesOf, type SpacePage } from "./can";
import { OverviewPage } from "./OverviewPage";
import css from "./SpaceSettings.module.css";

const ITEMS: Record<SpacePage, { label: string; icon: IconName; group: "space" | "people" }> = {
  overview: { label: "Overview", icon: "home", group: "space" },
  channels: { label: "Channels", icon: "hash", group: "space" },
  roles: { label: "Roles", icon: "shield", group: "space" },
  members: { label: "Members", icon: "people", group: "people" },
  invites: { label: "Invites", icon: "link", group: "people" },
  bans: { label: "Bans", icon: "ban", group: "people" },
};

/** A space's settings, as far as one may use them. `page` is `overview`, `channels`, `channels/{id}`, `channels/{id}/permissions`, `roles`, `roles/{id}`, `members`, `invites`, `bans`, or nothing for the first (on a phone: the list). */
export default function SpaceSettings(props: { spaceId: SpaceId; page: string | undefined; onPage: (page: string | undefined) => void; onClose: () => void }) {
  const { image, state } = useSnug();
  const space = () => state.spaces[props.spaceId];
  const pages = () => (space() ? pagesOf(state, props.spaceId) : []);
  const path = () => (props.page ?? pages()[0] ?? "").split("/");
  const at = (page: SpacePage) => path()[0] === page && pages().includes(page);
  const items = (group: "space" | "people") => pages().flatMap((id) => (ITEMS[id].group === group ? [{ id, label: ITEMS[id].label, icon: ITEMS[id].icon }] : []));

  return (
    <SettingsPage
      title={space()?.name ?? "Space"}
      current={props.page === undefined ? undefined : path()[0]}
      onPick={props.onPage}
      onClose={props.onClose}
      groups={[
        { label: "Space", items: items("space") },
        { label: "People", items: items("people") },
      ].filter((group) => group.items.length > 0)}
      head={
        <Show when={space()}>
          {(one) => (
            <div class={css.head}>
              <Avatar square id={one().id} name={one().name} src={image(one().icon)} size={36} />
              <h1 class={css.name}>{one().name}</h1>
            </div>
          )}
        </Show>
      }
    >
      <Show
        when={space()}
        fallback={
          <EmptyState alone icon="door" title="This space is gone" action={<Button onClick={() => props.onClose()}>Back</Button>}>
            It was deleted, or you are no longer in it.
          </EmptyState>
        }
      >
        {(one) => (
          <Switch
            fallback={
              <EmptyState alone icon="lock" title="Nothing for you to set here" action={<Button onClick={() => props.onClose()}>Back</Button>}>
                Whoever manages {one().name} can give you a role that lets you.
              </EmptyState>
            }
          >
            <Match when={at("overview")}>
              <OverviewPage space={one()} onDeleted={props.onClose} />
            </Match>
            <Match when={at("channels") && path()[1]}>
              {(id) => <ChannelPage spaceId={props.spaceId} channelId={id()} tab={path()[2]} onPage={props.onPage} />}
            </Match>
            <Match when={at("channels")}>
              <ChannelsPage spaceId={props.spaceId} onOpen={(id) => props.onPage(`channels/${id}`)} />
            </Match>
            <Match when={at("roles") && path()[1]}>{(id) => <RolePage spaceId={props.spaceId} roleId={id()} onBack={() => props.onPage("roles")} />}</Match>
            <Match when={at("roles")}>
              <RolesPage spaceId={props.spaceId} onOpen={(id) => props.onPage(`roles/${id}`)} />
            </Match>
            <Match when={at("members")}>
              <MembersPage spaceId={props.spaceId} />
            </Match>
            <Match when={at("invites")}>
              <InvitesPage spaceId={props.spaceId} />
            </Match>
            <Match when={at("bans")}>
              <BansPage spaceId={props.spaceId} />
            </Match>
          </Switch>
        )}
      </Show>
    </SettingsPage>
  );
}
