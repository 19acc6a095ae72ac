import { Match, Show, Switch } from "solid-js";
import { BackLink } from "../../components/BackLink";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { useGuard } from "../../components/Guard";
import { Icon } from "../../components/Icon";
import { Tabs } from "../../components/Tabs";
import type { ChannelId, SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { allows, channelPermissions } from "../../state/permissions";
import { ChannelOverview } from "./ChannelOverview";
import css from "./ChannelPage.module.css";
import { ChannelPermissions } from "./ChannelPermissions";
import { KIND } from "./kinds";

type Tab = "overview" | "permissions";

/** One channel: what it is, and who may do what in it. */
export function ChannelPage(props: { spaceId: SpaceId; channelId: ChannelId; tab: string | undefined; onPage: (page: string) => void }) {
  const { state } = useSnug();
  const guard = useGuard();
  const channel = () => (state.channels[props.channelId]?.space_id === props.spaceId ? state.channels[props.channelId] : undefined);
  const may = (permission: "manage_channels" | "manage_roles") => allows(channelPermissions(state, props.channelId), permission);
  const tabs = () => [
    ...(may("manage_channels") ? [{ value: "overview" as Tab, label: "Overview" }] : []),
    ...(may("manage_roles") ? [{ value: "permissions" as Tab, label: "Permissions" }] : []),
  ];
  const tab = (): Tab | undefined => tabs().find((one) => one.value === props.tab)?.value ?? tabs()[0]?.value;
  const open = (to: Tab) => {
    if (to !== tab() && (guard?.mayLeave() ?? true)) props.onPage(to === "overview" ? `channels/${props.channelId}` : `channels/${props.channelId}/${to}`);
  };

  return (
    <>
      <BackLink label="Channels" onClick={() => props.onPage("channels")} />
      <Show
        when={channel()}
        fallback={
          <EmptyState icon="hash" title="This channel is gone" action={<Button onClick={() => props.onPage("channels")}>All channels</Button>}>
            It was deleted, or you may not see it any more. Deleted channels can be restored under Channels.
          </EmptyState>
        }
      >
        {(one) => (
          <>
            <h3 class={css.title}>
              <Icon name={KIND[one().kind].icon} size={22} />
              {one().name}
            </h3>
            <Show when={tab()} fallback={<EmptyState icon="lock" title="Not yours to change">You can read here, but not manage.</EmptyState>}>
              {(value) => (
                <Tabs label="Parts of the channel" tabs={tabs()} value={value()} onChange={open}>
                  {(shown) => (
                    <Switch>
                      <Match when={shown === "overview"}>
                        <ChannelOverview channel={one()} onDeleted={() => props.onPage("channels")} />
                      </Match>
                      <Match when={shown === "permissions"}>
                        <ChannelPermissions channel={one()} />
                      </Match>
                    </Switch>
                  )}
                </Tabs>
              )}
            </Show>
          </>
        )}
      </Show>
    </>
  );
}
