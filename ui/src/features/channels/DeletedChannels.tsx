import { For, onCleanup, Show } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { Icon } from "../../components/Icon";
import { createLoad } from "../../components/load";
import { Row, Rows, Section } from "../../components/Section";
import { toast } from "../../components/Toast";
import type { ChannelId, DeletedChannel, SpaceId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { fullTime, relativeTime } from "../../text/dates";
import { KIND, marked } from "./kinds";

/** Channels that were deleted and can come back. `present` are those that exist: a deletion elsewhere asks again. */
export function DeletedChannels(props: { spaceId: SpaceId; present: readonly ChannelId[] }) {
  const { api, onEvent } = useSnug();
  const deleted = createLoad(() => api.channels.deleted(props.spaceId));
  onCleanup(onEvent((event) => event.t === "channel_delete" && event.d.space_id === props.spaceId && void deleted.reload()));
  const left = () => (deleted.value() ?? []).filter((one) => !props.present.includes(one.channel.id));

  return (
    <Show when={left().length > 0 || deleted.error()}>
      <Section title="Deleted channels" hint="They come back with all that was written in them.">
        <ErrorNote error={deleted.error()} onRetry={() => void deleted.reload()} />
        <Rows label="Deleted channels">
          <For each={left()}>{(one) => <DeletedRow deleted={one} />}</For>
        </Rows>
      </Section>
    </Show>
  );
}

function DeletedRow(props: { deleted: DeletedChannel }) {
  const { api, now } = useSnug();
  const restore = createAction(async () => {
    await api.channels.restore(props.deleted.channel.id);
    toast({ text: `${marked(props.deleted.channel)} is back.`, kind: "good" });
  });
  return (
    <Row
      start={<Icon name={KIND[props.deleted.channel.kind].icon} size={18} />}
      title={props.deleted.channel.name}
      hint={
        <>
          deleted <time title={fullTime(props.deleted.deleted_at)}>{relativeTime(props.deleted.deleted_at, now())}</time>
          <ErrorNote error={restore.error()} />
        </>
      }
    >
      <Button small icon="undo" busy={restore.busy()} onClick={() => void restore.run()} aria-label={`Restore ${props.deleted.channel.name}`}>
        Restore
      </Button>
    </Row>
  );
}
