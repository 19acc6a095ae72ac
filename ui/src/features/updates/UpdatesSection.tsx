import { Match, Show, Switch as Choose } from "solid-js";
import { createAction } from "../../components/action";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { Note } from "../../components/Note";
import { Section } from "../../components/Section";
import { Spinner } from "../../components/Spinner";
import { Switch } from "../../components/Switch";
import type { Updating, UpdateWay } from "../../protocol/desktop";
import type { Updates } from "../../state/updates";
import { relativeTime } from "../../text/dates";
import { Offer } from "./Offer";
import { reasonWords } from "./words";

type Itself = Extract<UpdateWay, { by: "itself" }>;
const itself = (status: Updating): Itself | undefined => (status.way.by === "itself" ? status.way : undefined);

/** Which version this is, and whether there is a newer one. `bare`: without a heading, where there is one already. */
export function UpdatesSection(props: { updates: Updates; bare?: boolean | undefined }) {
  return (
    <Section title={props.bare ? undefined : "Updates"}>
      <Show when={props.updates.status()} fallback={<Spinner label="Looking which version this is" />}>
        {(status) => (
          <Show when={itself(status())} fallback={<ByOthers status={status()} />}>
            {(way) => <ByItself updates={props.updates} status={status()} way={way()} />}
          </Show>
        )}
      </Show>
    </Section>
  );
}

function ByOthers(props: { status: Updating }) {
  return (
    <>
      <p>This is Snug {props.status.version}.</p>
      <Show when={props.status.way.by === "others" && props.status.way}>{(way) => <Note warn={way().why === "address"}>{reasonWords(way().why)}</Note>}</Show>
    </>
  );
}

function ByItself(props: { updates: Updates; status: Updating; way: Itself }) {
  const look = createAction(() => props.updates.check());
  const newer = () => {
    const found = props.updates.found();
    return found?.found === "newer" ? found.update : undefined;
  };
  const older = () => {
    const found = props.updates.found();
    return found?.found === "older" ? found.version : undefined;
  };
  return (
    <Choose
      fallback={
        <>
          <p aria-live="polite">
            This is Snug {props.status.version}.<Show when={props.updates.looked()}>{(at) => ` ${props.way.server} had nothing newer ${relativeTime(at(), Date.now())}.`}</Show>
          </p>
          <Show when={older()}>{(version) => <Note warn>{`${props.way.server} has Snug ${version()}, which is older than this. It is not installed.`}</Note>}</Show>
          <ErrorNote error={look.error()} />
          <div>
            <Button icon="refresh" busy={look.busy()} onClick={() => void look.run()}>
              Look for updates
            </Button>
          </div>
          <Automatic updates={props.updates} />
        </>
      }
    >
      <Match when={props.status.installed}>{(version) => <Installed updates={props.updates} version={version()} />}</Match>
      <Match when={newer()}>
        {(update) => (
          <>
            <Offer updates={props.updates} update={update()} now={props.status.version} way={props.way} />
            <Automatic updates={props.updates} />
          </>
        )}
      </Match>
    </Choose>
  );
}

function Automatic(props: { updates: Updates }) {
  return <Switch label="Look by itself" hint="At the start, and once a day. Nothing is installed before you say so." checked={props.updates.auto()} onChange={props.updates.setAuto} />;
}

function Installed(props: { updates: Updates; version: string }) {
  const restart = createAction(() => props.updates.restart());
  return (
    <>
      <Note icon="check">Snug {props.version} is installed, and runs from the next start on.</Note>
      <ErrorNote error={restart.error()} />
      <div>
        <Button kind="primary" icon="refresh" busy={restart.busy()} onClick={() => void restart.run()}>
          Start it now
        </Button>
      </div>
    </>
  );
}
