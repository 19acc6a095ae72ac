import { createStore, produce } from "solid-js/store";
import { expect, test } from "vitest";
import { Refusal } from "../backend/refusal";
import type { Event } from "../backend/gateway";
import type { MessagePage } from "../protocol/generated";
import { settle } from "../testing/clock";
import { message, page, sampleState, user } from "../testing/samples";
import { apply } from "./apply";
import { Histories } from "./histories";
import type { State } from "./model";

function start() {
  const [state, set] = createStore<State>(sampleState());
  const asked: object[] = [];
  const waiting: { answer: (page: MessagePage) => void; refuse: (refusal: Refusal) => void }[] = [];
  const list = (_: string, query: object): Promise<MessagePage> => {
    asked.push(query);
    return new Promise((answer, refuse) => waiting.push({ answer, refuse }));
  };
  const histories = new Histories({ list }, state, set);
  return {
    state,
    asked,
    histories,
    happen: (event: Event) => {
      histories.event(event);
      set(produce((current) => apply(current, structuredClone(event), 0)));
    },
    answer: async (found: MessagePage) => {
      waiting.shift()!.answer(found);
      await settle();
    },
    refuse: async (refusal: Refusal) => {
      waiting.shift()!.refuse(refusal);
      await settle();
    },
    ids: () => state.histories["11"]?.ids,
  };
}

const messages = (...ids: string[]) => ids.map((id) => message("11", id));

test("opening a channel loads its newest messages, once", async () => {
  const it = start();
  it.histories.open("11");
  it.histories.open("11");
  expect(it.state.histories["11"]?.status.at).toBe("loading");
  await it.answer(page(messages("100", "101"), { has_before: true }));
  it.histories.open("11");
  expect(it.asked).toEqual([{ limit: 100 }, { limit: 100 }].slice(0, 1));
  expect(it.state.histories["11"]).toMatchObject({ ids: ["100", "101"], hasBefore: true, hasAfter: false, status: { at: "loaded" } });
});

test("older and newer pages are joined at their ends", async () => {
  const it = start();
  void it.histories.load("11", { what: "around", id: "200" });
  await it.answer(page(messages("200", "201"), { has_before: true, has_after: true }));
  void it.histories.load("11", { what: "before" });
  await it.answer(page(messages("150", "199")));
  void it.histories.load("11", { what: "after" });
  await it.answer(page(messages("202")));
  expect(it.asked).toEqual([{ around: "200", limit: 100 }, { before: "200", limit: 100 }, { after: "201", limit: 100 }]);
  expect(it.state.histories["11"]).toMatchObject({ ids: ["150", "199", "200", "201", "202"], hasBefore: false, hasAfter: false });
});

test("what happens while a page is on its way is not lost, nor undone by it", async () => {
  const it = start();
  it.histories.open("11");
  it.happen({ t: "message_create", d: message("11", "102") });
  it.happen({ t: "message_delete", d: { channel_id: "11", ids: ["100"] } });
  it.happen({ t: "message_update", d: message("11", "101", "2", { content: "edited" }) });
  await it.answer(page(messages("100", "101")));
  expect(it.ids()).toEqual(["101", "102"]);
  expect(it.state.histories["11"]?.messages["101"]?.content).toBe("edited");
});

test("the last request wins", async () => {
  const it = start();
  void it.histories.load("11", { what: "around", id: "50" });
  void it.histories.load("11", { what: "newest" });
  await it.answer(page(messages("50")));
  expect(it.ids()).toEqual([]);
  await it.answer(page(messages("100")));
  expect(it.ids()).toEqual(["100"]);
});

test("a failure is told and can be tried again", async () => {
  const it = start();
  it.histories.open("11");
  await it.refuse(Refusal.offline());
  expect(it.state.histories["11"]?.status).toMatchObject({ at: "failed", what: "page", message: "The server cannot be reached." });
  it.histories.open("11");
  await it.answer(page(messages("100")));
  expect(it.ids()).toEqual(["100"]);
});

test("a page brings its authors, but does not overrule what is known of members", async () => {
  const it = start();
  it.histories.open("11");
  await it.answer(page(messages("100"), { users: [user("77", { display_name: "Gone" }), user("2", { display_name: "Old name" })] }));
  expect(it.state.users["77"]?.display_name).toBe("Gone");
  expect(it.state.users["2"]?.display_name).toBe("User 2");
});

test("leaving a channel keeps its newest messages only", async () => {
  const it = start();
  it.histories.open("11");
  await it.answer(page(messages(...Array.from({ length: 300 }, (_, i) => String(1000 + i)))));
  it.histories.close("11");
  expect(it.ids()?.length).toBe(100);
  expect(it.ids()?.at(-1)).toBe("1299");
  expect(it.state.histories["11"]?.hasBefore).toBe(true);
});

test("leaving a channel in the middle of its past forgets that part", async () => {
  const it = start();
  void it.histories.load("11", { what: "around", id: "50" });
  await it.answer(page(messages("50"), { has_after: true }));
  it.histories.close("11");
  expect(it.state.histories["11"]).toBeUndefined();
});
