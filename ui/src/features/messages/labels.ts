import { createMemo } from "solid-js";
import type { SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { channelsOf, nameOf, rolesOf } from "../../state/selectors";
import { Labels } from "../../text/wire";

/** The names that can be written in a space, each of one thing only. */
export function createLabels(spaceId: () => SpaceId): () => Labels {
  const { state } = useSnug();
  return createMemo(
    () =>
      new Labels({
        users: Object.keys(state.members[spaceId()] ?? {}).flatMap((id) => {
          const user = state.users[id];
          return user ? [{ id, name: nameOf(state, id, spaceId()), username: user.username }] : [];
        }),
        roles: rolesOf(state, spaceId())
          .filter((role) => role.id !== spaceId())
          .map(({ id, name }) => ({ id, name })),
        channels: channelsOf(state, spaceId())
          .filter((channel) => channel.kind !== "category")
          .map(({ id, name }) => ({ id, name })),
      }),
  );
}
