import { For } from "solid-js";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { Row, Rows, Section } from "../../components/Section";
import type { ShortcutState } from "../../protocol/desktop";
import type { GlobalKeys } from "../../state/globalKeys";
import { standingHelp, standingWord, WAYS } from "./words";

/** How keys can come here, best first: which way is used, and why a better one is not. */
export function WayList(props: { keys: GlobalKeys; state: ShortcutState }) {
  return (
    <Section
      title="How keys come here"
      hint="The first that works is used, and commands always work beside it."
      aside={
        <Button small icon="refresh" onClick={() => props.keys.tell({ type: "again" })}>
          Try again
        </Button>
      }
    >
      <Rows label="How keys come here">
        <For each={props.state.ways}>
          {(one) => {
            const word = () => standingWord(one.standing);
            return (
              <Row title={WAYS[one.way].name} hint={standingHelp(one.way, one.standing)}>
                <Badge good={word().look === "good"} warn={word().look === "warn"} quiet={word().look === "quiet"}>
                  {word().word}
                </Badge>
              </Row>
            );
          }}
        </For>
      </Rows>
    </Section>
  );
}
