import type { Role } from "../../protocol/generated";
import css from "./RoleChip.module.css";

/** A role's colour and name in a pill. */
export function RoleChip(props: { role: Role }) {
  return (
    <span class={css.chip}>
      <RoleDot color={props.role.color} />
      {props.role.name}
    </span>
  );
}

/** A role's colour. */
export function RoleDot(props: { color: string | null; large?: boolean }) {
  return <span class={css.dot} data-large={props.large || undefined} style={props.color ? { background: props.color } : {}} />;
}
