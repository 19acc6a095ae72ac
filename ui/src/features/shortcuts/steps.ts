import { useNavigate, useParams } from "@solidjs/router";
import { channelPath, spacePath } from "../../paths";
import { useSnug } from "../../state/context";
import { channelTree, unreadOf } from "../../state/selectors";

/** Goes to the channel or space beside the present one, around the ends. */
export function createChannelSteps(): (direction: -1 | 1, what: "channel" | "unread" | "space") => void {
  const { state } = useSnug();
  const navigate = useNavigate();
  const params = useParams<{ space?: string; channel?: string }>();
  const beside = <T>(list: readonly T[], at: number, direction: -1 | 1): T | undefined => list[(at + direction + list.length) % list.length];
  return (direction, what) => {
    if (what === "space") {
      const id = beside(state.spaceIds, state.spaceIds.indexOf(params.space ?? ""), direction);
      if (id !== undefined) navigate(spacePath(id));
      return;
    }
    if (params.space === undefined) return;
    const ids = channelTree(state, params.space).flatMap((branch) => branch.channels.map((channel) => channel.id));
    const wanted = what === "unread" ? ids.filter((id) => id === params.channel || unreadOf(state, id).unread) : ids;
    const id = beside(wanted, wanted.indexOf(params.channel ?? ""), direction);
    if (id !== undefined && id !== params.channel) navigate(channelPath(params.space, id));
  };
}
