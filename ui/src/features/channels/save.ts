import type { Api } from "../../backend/api";
import { OPUS_DEFAULT } from "../../protocol/constants";
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
  opus_bitrate: (channel.opus ?? OPUS_DEFAULT).bitrate,
  opus_dtx: (channel.opus ?? OPUS_DEFAULT).dtx,
  opus_fec: (channel.opus ?? OPUS_DEFAULT).fec,
});

/** Saves what was changed of a channel. In another category it comes last. */
export async function saveChannel(api: Api, state: State, channel: Channel, changes: Partial<ChannelForm>): Promise<void> {
  const { parent_id, opus_bitrate, opus_dtx, opus_fec, ...plain } = changes;
  const before = channel.opus ?? OPUS_DEFAULT;
  const opus = { bitrate: opus_bitrate ?? before.bitrate, dtx: opus_dtx ?? before.dtx, fec: opus_fec ?? before.fec };
  const voice = opus_bitrate !== undefined || opus_dtx !== undefined || opus_fec !== undefined;
  const fields = { ...plain, ...(voice ? { opus } : {}) };
  if (Object.keys(fields).length > 0) await api.channels.update(channel.id, fields);
  if (parent_id === undefined) return;
  const position = channelTree(state, channel.space_id).find((branch) => (branch.category?.id ?? null) === parent_id)?.channels.length ?? 0;
  await api.channels.order(channel.space_id, { places: [{ id: channel.id, position, ...(parent_id === null ? {} : { parent_id }) }] });
}
