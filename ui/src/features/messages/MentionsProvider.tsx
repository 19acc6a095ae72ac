import { useNavigate, useParams } from "@solidjs/router";
import type { ParentProps } from "solid-js";
import { channelPath } from "../../paths";
import { useSnug } from "../../state/context";
import { legible } from "../../state/color";
import { colorOf, nameOf } from "../../state/selectors";
import { type Mentions, MentionsContext } from "../../text/context";
import { useProfile } from "../members/ProfileProvider";

/** Gives mentions in texts their names, and what choosing one does. */
export function MentionsProvider(props: ParentProps) {
  const { state } = useSnug();
  const navigate = useNavigate();
  const params = useParams<{ space?: string }>();
  const profile = useProfile();
  const me = () => state.account?.id;

  const mentions: Mentions = {
    resolveUser: (id) => {
      if (!state.users[id]) return undefined;
      const color = params.space === undefined ? null : colorOf(state, params.space, id);
      return { name: nameOf(state, id, params.space), ...(color === null ? {} : { color }) };
    },
    resolveRole: (id) => {
      const role = state.roles[id];
      return role && { name: role.name, ...(role.color === null ? {} : { color: legible(role.color) }) };
    },
    resolveChannel: (id) => state.channels[id] && { name: state.channels[id].name },
    isMe: (kind, id) => {
      if (kind === "user") return id === me();
      const space = state.roles[id]?.space_id;
      return space !== undefined && (state.members[space]?.[me() ?? ""]?.roles.includes(id) ?? false);
    },
    onUser: (id, anchor) => profile.open(id, anchor),
    onChannel: (id) => {
      const channel = state.channels[id];
      if (channel) navigate(channelPath(channel.space_id, id));
    },
  };
  return <MentionsContext.Provider value={mentions}>{props.children}</MentionsContext.Provider>;
}
