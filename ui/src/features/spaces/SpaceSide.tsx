import { useNavigate } from "@solidjs/router";
import { createSignal, Show, Suspense } from "solid-js";
import { confirm } from "../../components/ConfirmDialog";
import { Icon } from "../../components/Icon";
import { Menu, type MenuEntry } from "../../components/Menu";
import { part } from "../../components/part";
import { toast } from "../../components/Toast";
import { Refusal } from "../../backend/refusal";
import { spaceSettingsPath } from "../../paths";
import type { Space } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { allows, spacePermissions } from "../../state/permissions";
import { channelsOf } from "../../state/selectors";
import { ChannelTree } from "../channels/ChannelTree";
import type { NewChannel } from "../channels/CreateChannelDialog";
import { pagesOf } from "./can";
import css from "./spaces.module.css";

const InviteDialog = part(() => import("../invites/InviteDialog").then((module) => ({ default: module.InviteDialog })));
const CreateChannelDialog = part(() => import("../channels/CreateChannelDialog").then((module) => ({ default: module.CreateChannelDialog })));

/** The column of a space: its name with its menu, and its channels. */
export function SpaceSide(props: { space: Space }) {
  const snug = useSnug();
  const navigate = useNavigate();
  const [inviting, setInviting] = createSignal(false);
  const [making, setMaking] = createSignal<NewChannel | null>(null);
  const may = (permission: Parameters<typeof allows>[1]) => allows(spacePermissions(snug.state, props.space.id), permission);
  const owner = () => props.space.owner_id === snug.state.account?.id;

  const markAllRead = () => {
    for (const channel of channelsOf(snug.state, props.space.id)) if (channel.last_message_id !== null) snug.reads.seen(channel.id, channel.last_message_id);
  };
  const leave = async () => {
    const yes = await confirm({ title: `Leave ${props.space.name}?`, text: "You need an invite to come back, unless the space is public.", danger: true, action: "Leave space" });
    if (!yes) return;
    try {
      await snug.api.spaces.leave(props.space.id);
      navigate("/");
    } catch (thrown) {
      toast({ kind: "error", text: Refusal.from(thrown).message });
    }
  };
  const items = (): MenuEntry[] => [
    ...(may("create_invites") ? [{ kind: "item", label: "Invite people", icon: "personAdd", run: () => setInviting(true) } as const] : []),
    ...(pagesOf(snug.state, props.space.id).length > 0 ? [{ kind: "item", label: "Space settings", icon: "settings", run: () => navigate(spaceSettingsPath(props.space.id)) } as const] : []),
    ...(may("manage_channels")
      ? ([
          { kind: "item", label: "New channel", icon: "plus", run: () => setMaking({ kind: "text", parentId: null }) },
          { kind: "item", label: "New category", icon: "folder", run: () => setMaking({ kind: "category", parentId: null }) },
        ] as const)
      : []),
    { kind: "item", label: "Mark all as read", icon: "check", run: markAllRead },
    ...(owner() ? [] : ([{ kind: "separator" }, { kind: "item", label: "Leave space", icon: "leave", danger: true, run: () => void leave() }] as const)),
  ];
  return (
    <>
      <header class={css.head}>
        <Menu
          items={items()}
          label={`${props.space.name}: space menu`}
          placement="bottom-start"
          trigger={(trigger: object) => (
            <button type="button" {...trigger} class={css.title} aria-label={`${props.space.name}: space menu`}>
              <span>{props.space.name}</span>
              <Icon name="chevronDown" size={16} />
            </button>
          )}
        />
      </header>
      <ChannelTree spaceId={props.space.id} onCreate={setMaking} />
      <Suspense>
      <Show when={inviting()}>
        <InviteDialog spaceId={props.space.id} open onClose={() => setInviting(false)} />
      </Show>
      <Show when={making()}>{(wanted) => <CreateChannelDialog spaceId={props.space.id} wanted={wanted()} onClose={() => setMaking(null)} />}</Show>
      </Suspense>
    </>
  );
}
