import { Show } from "solid-js";
import { ContextMenu } from "../../components/ContextMenu";
import { Icon } from "../../components/Icon";
import { IconButton } from "../../components/IconButton";
import type { MenuEntry } from "../../components/Menu";
import type { Channel, ChannelId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { channelTree } from "../../state/selectors";
import type { Drag } from "./drag";
import css from "./channels.module.css";

/** The name of a category: folds what is in it. */
export function CategoryRow(props: { category: Channel; folded: boolean; onFold: (folded: boolean) => void; onCreate: (() => void) | undefined; menu: () => MenuEntry[]; drag: Drag; step: (id: ChannelId, direction: -1 | 1) => void }) {
  const { state } = useSnug();
  const next = () => {
    const categories = channelTree(state, props.category.space_id).flatMap((branch) => branch.category?.id ?? []);
    return categories[categories.indexOf(props.category.id) + 1] ?? null;
  };
  return (
    <ContextMenu items={props.menu} label={`${props.category.name}: category menu`}>
      <div class={css.category} data-drag={props.drag.mark(props.category.id)} {...props.drag.row(() => props.category, next)}>
        <button
          type="button"
          class={css.fold}
          data-channel={props.category.id}
          aria-expanded={!props.folded}
          onClick={() => props.onFold(!props.folded)}
          onKeyDown={(event) => {
            if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
            event.preventDefault();
            props.step(props.category.id, event.key === "ArrowUp" ? -1 : 1);
          }}
        >
          <span>{props.category.name}</span>
          <Icon name="chevronDown" size={14} class={css.chevron} />
        </button>
        <Show when={props.onCreate}>{(create) => <IconButton icon="plus" size="s" label={`New channel in ${props.category.name}`} class={css.create} onClick={create()} />}</Show>
      </div>
    </ContextMenu>
  );
}
