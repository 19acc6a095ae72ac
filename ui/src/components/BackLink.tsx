import { useGuard } from "./Guard";
import { Icon } from "./Icon";
import css from "./BackLink.module.css";

/** The way back from a page within a page; unsaved changes hold it: `label`, `onClick`. */
export function BackLink(props: { label: string; onClick: () => void }) {
  const guard = useGuard();
  return (
    <button type="button" class={css.back} onClick={() => (guard?.mayLeave() ?? true) && props.onClick()}>
      <Icon name="chevronLeft" size={16} />
      {props.label}
    </button>
  );
}
