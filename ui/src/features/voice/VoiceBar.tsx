import { A, useNavigate } from "@solidjs/router";
import { createEffect, Match, on, Show, Switch } from "solid-js";
import { Button } from "../../components/Button";
import { Icon } from "../../components/Icon";
import { IconButton } from "../../components/IconButton";
import { Popover } from "../../components/Popover";
import { toast } from "../../components/Toast";
import { channelPath, settingsPath } from "../../paths";
import { useSnug } from "../../state/context";
import { isActive } from "../../state/voice/call";
import { ConnectionPanel } from "./ConnectionPanel";
import { QuickSettings } from "./QuickSettings";
import { shortly } from "./quality";
import { VoiceControls } from "./VoiceControls";
import { VoiceNote } from "./VoiceNote";
import { callWords, overWords, troubleWords, UNHEARD } from "./words";
import css from "./bar.module.css";

/** One's own call, at the foot of the column: where, how well, what is wrong, and how to leave. */
export default function VoiceBar() {
  const { state, voice } = useSnug();
  const navigate = useNavigate();
  const call = voice.call;
  const channel = () => {
    const now = call();
    return now.at === "idle" ? undefined : state.channels[now.channelId];
  };
  const name = () => channel()?.name ?? "voice";
  const ended = () => {
    const now = call();
    return now.at === "ended" ? now : undefined;
  };
  const trouble = () => {
    const now = voice.trouble();
    return now && now.kind !== "replaced" ? troubleWords(now) : undefined;
  };
  const unheard = () => {
    const now = call();
    return now.at === "connected" && !now.heard && !voice.muted() && !trouble();
  };
  const again = () => {
    const now = call();
    if (now.at === "idle") return;
    voice.leave();
    voice.join(now.channelId);
  };
  // Said once: it goes on well, with something else.
  createEffect(
    on(voice.trouble, (now) => {
      if (now?.kind === "replaced") toast({ text: troubleWords(now).text, action: { label: "Choose", run: () => navigate(settingsPath("voice")) } });
    }),
  );
  createEffect(on(voice.notice, (now) => now && toast({ text: `${now.outputLost} is gone. Sound comes out of the default output now.` })));

  return (
    <section class={css.bar} aria-label="Voice">
      <Switch>
        <Match when={ended()}>
          {(over) => (
            <VoiceNote words={overWords(over().reason, name())} onAgain={again}>
              <Button small kind="quiet" onClick={() => voice.leave()}>
                Dismiss
              </Button>
            </VoiceNote>
          )}
        </Match>
        <Match when={isActive(call())}>
          <div class={css.head}>
            <span class={css.state} data-at={call().at} role="status">
              <i class={css.dot} />
              <Show when={channel()} fallback={<span class={css.words}>{callWords(call(), name())}</span>}>
                {(one) => (
                  <A class={css.words} href={channelPath(one().space_id, one().id)} title={state.spaces[one().space_id]?.name}>
                    {callWords(call(), name())}
                  </A>
                )}
              </Show>
            </span>
            <Show when={call().at === "connected" && voice.own()}>
              {(own) => (
                <Popover
                  label="Your connection"
                  placement="top-start"
                  class={css.panel}
                  trigger={(trigger: object) => (
                    <button type="button" {...trigger} class={css.figures} title="Your connection">
                      {shortly(own().rttMs, own().lossDown)}
                    </button>
                  )}
                >
                  <ConnectionPanel userId={state.account!.id} />
                </Popover>
              )}
            </Show>
          </div>
          <Show when={trouble()}>{(words) => <VoiceNote words={words()} onAgain={() => voice.retryMicrophone()} />}</Show>
          <Show when={unheard()}>
            <VoiceNote words={UNHEARD} onAgain={again} />
          </Show>
          <div class={css.buttons}>
            <VoiceControls wide />
            <Popover
              label="Voice settings"
              placement="top"
              class={css.panel}
              trigger={(trigger: object) => (
                <button type="button" {...trigger} class={css.button} aria-label="Voice settings" title="Voice settings">
                  <Icon name="sliders" size={19} />
                </button>
              )}
            >
              <QuickSettings />
            </Popover>
            <IconButton class={css.leave} icon="leave" label="Leave voice" onClick={() => voice.leave()} />
          </div>
        </Match>
      </Switch>
    </section>
  );
}
