import type * as P from "../../src/protocol/generated";
import type { Person } from "./person";

/** Requests under way at once. */
const AT_ONCE = 16;

const WORDS = "the kettle is on and the cards are out so come by when you can bring bread or a story about harbours rain engines and that film with the long quiet shot of a train".split(" ");

/** Believable text: mostly short, now and then long, with what markdown can do. Always the same for one number. */
export function textOf(at: number): string {
  const words = (from: number, count: number) => Array.from({ length: count }, (_, i) => WORDS[(from * 7 + i * (from % 5 + 1)) % WORDS.length]).join(" ");
  const text = `(${at}) ${words(at, 3 + ((at * 13) % 18))}`;
  if (at % 97 === 0) return `${text}\n\`\`\`ts\nconst kettle = await boil({ at: ${at} });\nconsole.log(kettle);\n\`\`\``;
  if (at % 41 === 0) return `${text}\n- ${words(at + 1, 4)}\n- **${words(at + 2, 3)}**\n- ${words(at + 3, 5)}`;
  if (at % 29 === 0) return `> ${words(at + 5, 8)}\n${text}`;
  if (at % 17 === 0) return `${text} ${words(at + 9, 60)}`;
  if (at % 11 === 0) return `${text} https://example.org/${at} *${words(at, 2)}*`;
  return text;
}

/** Writes many messages, by turns of a few of each author. */
export async function fillChannel(authors: Person[], channel: P.ChannelId, count: number): Promise<void> {
  let next = 0;
  const write = async () => {
    for (let at = next++; at < count; at = next++) {
      await authors[Math.floor(at / 3) % authors.length]!.api.messages.send(channel, { content: textOf(at) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, write));
}

/** The messages of a channel from the first to the last. */
export async function idsOf(person: Person, channel: P.ChannelId): Promise<P.MessageId[]> {
  const ids: P.MessageId[] = [];
  for (let more = true; more; ) {
    const page = await person.api.messages.list(channel, { limit: 100, ...(ids[0] === undefined ? {} : { before: ids[0] }) });
    ids.unshift(...page.messages.map((message) => message.id));
    more = page.has_before;
  }
  return ids;
}
