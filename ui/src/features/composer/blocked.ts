import type { Channel } from "../../protocol/generated";
import type { State } from "../../state/model";
import { allows, channelPermissions } from "../../state/permissions";

/** Why one cannot write in a channel; nothing where one can. */
export function blocked(state: State, channel: Channel): string | undefined {
  const may = channelPermissions(state, channel.id);
  if (allows(may, "send_messages")) return undefined;
  return `You can read here, but not write. Whoever manages ${state.spaces[channel.space_id]?.name ?? "the space"} decides who may.`;
}

/** Whether slow mode holds for somebody. Those who keep order are not slowed. */
export function slowed(state: State, channel: Channel): boolean {
  const may = channelPermissions(state, channel.id);
  return channel.slow_mode_s > 0 && !allows(may, "manage_messages") && !allows(may, "manage_channels");
}
