import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type * as P from "../src/protocol/generated";
import { house } from "./harness/house";
import type { Person } from "./harness/person";
import { gone, sees, until } from "./harness/screen";
import { bar, hears, joinVoice, voiceFlags, withVoice } from "./harness/voice";

/* What voice measures of itself, in a real call. */

const home = house({ flags: voiceFlags });
let fireside: P.Channel;
let jonas: Person;

beforeAll(async () => {
  fireside = await home.channel("Hearth", { kind: "voice" });
  jonas = await home.friend("jonas");
});

const panel = (page: Page) => page.getByRole("region", { name: "Diagnostics", exact: true });
const table = (page: Page, name: string) => panel(page).getByRole("table", { name, exact: true });
const show = (page: Page) => page.keyboard.press("Control+Shift+D");

/** The owner's page, in a call with somebody who is heard. */
async function inCall(): Promise<Page> {
  const [page, other] = [await withVoice(home, home.owner), await withVoice(home, jonas)];
  await joinVoice(page, fireside);
  await joinVoice(other, fireside);
  await until(() => hears(page)).toEqual([jonas.id]);
  return page;
}

test("a call is shown as it is, while one goes on in it", async () => {
  const page = await inCall();
  await show(page);
  await sees(table(page, "Round trip").getByText(/^\d.* ms$/).first());
  await sees(table(page, "Level").getByText(/^−\d+ dB$/).first());
  await sees(table(page, "Packets of sound").getByText(/^(49|50|51) \/s$/).first());
  await sees(table(page, "Gate").getByText("100 %", { exact: true }).first());
  const theirs = panel(page).getByRole("group", { name: "Jonas" });
  await sees(theirs.getByRole("table", { name: "Jitter buffer" }).getByText(/^\d.* ms$/).first());
  await sees(panel(page).getByText(/^UDP, from .*host/));
  await sees(panel(page).getByText(/^Not measured by this client: Buffers; Clock drift; Processing of 10 ms\.$/));
  await sees(panel(page).getByText("Connected to the server."));
  const plot = await panel(page).locator("canvas").first().elementHandle();
  await bar(page).getByRole("button", { name: "Mute" }).click();
  await sees(bar(page).getByRole("button", { name: "Unmute" }));
  // Nothing is sent any more, and that is seen.
  await sees(table(page, "Packets of sound").getByText("0 /s", { exact: true }).first());
  // Drawn on as time goes by, and not made anew.
  expect(await plot!.evaluate((one) => one.isConnected)).toBe(true);
});

test("all plots have one cursor", async () => {
  const page = await inCall();
  await show(page);
  await sees(table(page, "Round trip").getByText(/^\d.* ms$/).first());
  const plots = panel(page).locator(".u-over");
  await until(() => plots.count()).toBeGreaterThan(6);
  // Painted, and not only laid out.
  const painted = () => panel(page).locator("canvas").first().evaluate((canvas: HTMLCanvasElement) => canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.some((part) => part > 0));
  await until(painted).toBe(true);
  const box = (await plots.first().boundingBox())!;
  await page.mouse.move(box.x + box.width - 4, box.y + box.height / 2);
  await until(() => panel(page).locator(".u-cursor-x:not(.u-off)").count()).toBe(await plots.count());
});

test("the report is copied whole, with neither names nor addresses", async () => {
  const page = await inCall();
  await show(page);
  await sees(table(page, "Round trip").getByText(/^\d.* ms$/).first());
  await sees(panel(page).getByRole("group", { name: "Jonas" }));
  await panel(page).getByRole("button", { name: "Copy report" }).click();
  await sees(page.getByText(/^The report is copied/));
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report).toMatch(/^# Snug: how voice is\n/);
  expect(report).toMatch(/^- Program: Snug in a browser \d+\.\d+\.\d+$/m);
  for (const title of ["Devices", "Microphone", "Speakers", "Network", "Health"]) expect(report).toContain(`\n## ${title}\n`);
  expect(report).toMatch(/^\| Round trip: There and back \| \d/m);
  expect(report).toContain("### Person 1");
  expect(report).not.toMatch(/jonas/i);
  expect(report).not.toContain("127.0.0.1");
});

test("it is opened from the voice settings, moved by keys, closed by Escape, and as high as it was left", async () => {
  const page = await withVoice(home, home.owner, { path: "/settings/voice" });
  await page.getByRole("button", { name: "Show diagnostics" }).click();
  const edge = panel(page).getByRole("separator", { name: "Height of the diagnostics" });
  const height = async () => (await panel(page).boundingBox())!.height;
  await sees(edge);
  // What fills the window leaves the panel its place.
  await page.getByRole("button", { name: "Show diagnostics" }).click({ trial: true });
  const before = await height();
  await edge.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await until(height).toBe(before - 48);
  await page.keyboard.press("Escape");
  await gone(panel(page));
  await page.reload();
  await sees(page.getByRole("button", { name: "Show diagnostics" }));
  await show(page);
  await until(height).toBe(before - 48);
  await show(page);
  await gone(panel(page));
});
