import type { Api } from "../../backend/api";
import type { Channel } from "../../protocol/generated";
import type { State } from "../../state/model";
import { channelTree } from "../../state/selectors";
import type { ChannelForm } from "./ChannelFields";

/** What of a channel can be edited, as it is. */
export const formOf = (channel: Channel): ChannelForm => ({
  name: channel.name,
  topic: channel.topic,
  slow_mode_s: channel.slow_mode_s,
  user_limit: channel.user_limit,
  parent_id: channel.parent_id,
});

/** Saves what was changed of a channel. In another category it comes last. */
export async function saveChannel(api: Api, state: State, channel: Channel, changes: Partial<ChannelForm>): Promise<void> {
  const { parent_id, ...fields } = changes;
  if (Object.keys(fields).length > 0) await api.channels.update(channel.id, fields);
  if (parent_id === undefined) return;
  const position = channelTree(state, channel.space_id).find((branch) => (branch.category?.id ?? null) === parent_id)?.channels.length ?? 0;
  await api.channels.order(channel.space_id, { places: [{ id: channel.id, position, ...(parent_id === null ? {} : { parent_id }) }] });
}
