import { expect, test } from "vitest";
import { house } from "./harness/house";
import { logIn } from "./harness/person";
import { composer, field, gone, list, outgoing, say, sees } from "./harness/screen";

/* A server as a host runs it: whoever asks too often is told to wait, and nothing is lost by it. */

const home = house({ limits: true });

test("whoever writes too fast has what they wrote sent a little later, in order", async () => {
  home.visits.allow(/status of 429/);
  const page = await home.enter(home.owner);
  const lines = Array.from({ length: 20 }, (_, at) => `Line ${String(at).padStart(2, "0")}`);
  for (const line of lines) await say(page, line);
  await sees(outgoing(page, "Line 19"));
  await gone(list(page).locator("article[data-outgoing]"));
  const { messages } = await home.owner.api.messages.list(home.general.id, {});
  expect(messages.map((message) => message.content)).toEqual(lines);
  expect(await composer(page).inputValue()).toBe("");
});

test("whoever tries too many passwords is told how long to wait", async () => {
  home.visits.allow(/status of 4\d\d/);
  const page = await home.visit(null, { path: "/login" });
  await Promise.all(Array.from({ length: 14 }, () => logIn(home.base, "marta", "wrong horse").catch(() => undefined)));
  await field(page, "Username").fill("marta");
  await field(page, "Password").fill("correct horse");
  await page.getByRole("button", { name: "Log in" }).click();
  const alert = page.getByRole("alert");
  await sees(alert.getByText("That is too much at once."));
  await sees(alert.getByText(/Try again in \d+ s/));
});
