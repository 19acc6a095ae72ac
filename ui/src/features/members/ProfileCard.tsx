import { useNavigate, useParams } from "@solidjs/router";
import { For, Show, Suspense } from "solid-js";
import { Avatar } from "../../components/Avatar";
import { Button } from "../../components/Button";
import { Menu } from "../../components/Menu";
import { part } from "../../components/part";
import { settingsPath } from "../../paths";
import type { UserId } from "../../protocol/generated";
import { useSnug } from "../../state/context";
import { colorOf, memberRoles, nameOf, statusOf } from "../../state/selectors";
import { Markdown } from "../../text/Markdown";
import { memberMenu } from "./memberMenu";
import css from "./members.module.css";

const VoiceSection = part(() => import("../voice/VoiceSection"));

/** Who somebody is: picture, names, status, roles, and what they say of themselves. */
export function ProfileCard(props: { userId: UserId; onClose: () => void }) {
  const snug = useSnug();
  const navigate = useNavigate();
  const params = useParams<{ space?: string }>();
  const user = () => snug.state.users[props.userId];
  const member = () => (params.space === undefined ? undefined : snug.state.members[params.space]?.[props.userId]);
  const me = () => snug.state.account?.id === props.userId;
  const presence = () => snug.state.presences[props.userId];
  const menu = () => memberMenu(snug, props.userId, params.space);
  return (
    <article class={css.card}>
      <header class={css.cardHead}>
        <Avatar id={props.userId} name={nameOf(snug.state, props.userId)} src={snug.image(user()?.avatar)} size={72} status={statusOf(snug.state, props.userId)} />
        <Show when={!me() && menu().length > 0}>
          <Menu items={menu()} label={`What to do with ${nameOf(snug.state, props.userId, params.space)}`} />
        </Show>
      </header>
      <div>
        <h3 class={css.cardName} style={{ color: (params.space !== undefined && colorOf(snug.state, params.space, props.userId)) || undefined }}>
          {nameOf(snug.state, props.userId, params.space)}
        </h3>
        <p class={css.cardUser}>
          {user()?.username ?? "no longer here"}
          <Show when={member()?.nickname}> · {user()?.display_name}</Show>
        </p>
      </div>
      <Show when={presence()?.text}>{(text) => <p class={css.cardStatus}>{text()}</p>}</Show>
      <Show when={user()?.bio}>{(bio) => <Markdown text={bio()} class={css.cardBio!} />}</Show>
      <Show when={member()}>
        {(one) => (
          <Show when={one().roles.length > 0}>
            <ul class={css.roles} aria-label="Roles">
              <For each={memberRoles(snug.state, one())}>
                {(role) => (
                  <li class={css.role}>
                    <span class={css.roleDot} style={{ background: role.color ?? "var(--ink3)" }} />
                    {role.name}
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Show>
      <Show when={snug.state.voiceStates[props.userId]?.channel_id} keyed>
        {(channelId) => (
          <Suspense>
            <VoiceSection userId={props.userId} channelId={channelId} />
          </Suspense>
        )}
      </Show>
      <Show when={me()}>
        <Button
          small
          icon="edit"
          onClick={() => {
            props.onClose();
            navigate(settingsPath("profile"));
          }}
        >
          Edit your profile
        </Button>
      </Show>
    </article>
  );
}
