import { expect, test } from "vitest";
import { house } from "./harness/house";
import { channelLink, composer, gone, list, message, outgoing, say, sees, title, until } from "./harness/screen";

/* Two tabs of one browser: they share a log-in, a queue and what is set on the device. */

const home = house();
const lost = /ERR_INTERNET_DISCONNECTED|WebSocket connection to/;

test("tabs that are opened at once all stay in, with one log-in", async () => {
  const jonas = await home.friend("jonas");
  const first = await home.enter(jonas);
  const path = home.pathOf(home.general);
  const tabs = [first, ...(await Promise.all([1, 2, 3].map(() => home.visits.another(first, path))))];
  await Promise.all(tabs.map((tab) => sees(composer(tab))));
  // Each reload gives up the access token, so all of them refresh at the same time.
  for (let round = 0; round < 3; round++) {
    await Promise.all(tabs.map((tab) => tab.reload()));
    await Promise.all(tabs.map((tab) => sees(composer(tab))));
  }
  const sessions = await jonas.api.me.sessions();
  expect(sessions.filter((session) => session.connected)).toHaveLength(1);
  await say(tabs[2]!, "Still here");
  await Promise.all(tabs.map((tab) => sees(message(tab, "Still here"))));
});

test("what is queued in one tab is shown in the other, and posted once by both", async () => {
  home.visits.allow(lost);
  const ilse = await home.friend("ilse");
  const channel = await home.channel("queue");
  const one = await home.enter(ilse, channel);
  const two = await home.visits.another(one, home.pathOf(channel));
  await sees(composer(two));
  await one.context().setOffline(true);
  await sees(one.getByText("You are offline."));
  for (const text of ["first", "second", "third"]) await say(one, text);
  await sees(outgoing(two, "third"));
  await say(two, "fourth");
  await sees(outgoing(one, "fourth"));
  await one.context().setOffline(false);
  for (const tab of [one, two]) {
    await sees(message(tab, "fourth"));
    await gone(list(tab).locator("article[data-outgoing]"));
  }
  const { messages } = await ilse.api.messages.list(channel.id, {});
  expect(messages.map((one) => one.content)).toEqual(["first", "second", "third", "fourth"]);
});

test("a tab that is closed leaves its queue to the other", async () => {
  home.visits.allow(lost);
  const peer = await home.friend("peer");
  const channel = await home.channel("legacy");
  const one = await home.enter(peer, channel);
  const two = await home.visits.another(one, home.pathOf(channel));
  await sees(composer(two));
  await one.context().setOffline(true);
  await sees(one.getByText("You are offline."));
  await say(one, "Last words");
  await sees(outgoing(two, "Last words"));
  await one.close();
  await two.context().setOffline(false);
  await sees(message(two, "Last words"));
  expect((await peer.api.messages.list(channel.id, {})).messages).toHaveLength(1);
});

test("what is read in one tab is read in the other", async () => {
  const yara = await home.friend("yara");
  const [here, there] = [await home.channel("here"), await home.channel("there")];
  const one = await home.enter(yara, here);
  const two = await home.visits.another(one, home.pathOf(here));
  await home.owner.api.messages.send(there.id, { content: `<@${yara.id}> look` });
  for (const tab of [one, two]) await sees(channelLink(tab, "there, 1 mention"));
  await one.bringToFront();
  await channelLink(one, "there, 1 mention").click();
  await sees(message(one, "look"));
  await gone(channelLink(two, "there, 1 mention"));
});

test("what is set in one tab holds in the other", async () => {
  const one = await home.enter(home.owner);
  const two = await home.visits.another(one, "/settings/appearance");
  await two.getByText("Dark", { exact: true }).click();
  await until(() => one.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
});

test("logging out in one tab logs out the other", async () => {
  home.visits.allow(/status of 401/);
  const ada = await home.friend("ada");
  const one = await home.enter(ada);
  const two = await home.visits.another(one, "/settings");
  await two.getByRole("button", { name: "Log out" }).click();
  for (const tab of [one, two]) await sees(tab.getByText("Good to see you again."));
  await two.goto(home.pathOf(home.general));
  await sees(two.getByRole("button", { name: "Log in" }));
  expect(await title(two).innerText()).not.toBe("general");
});
