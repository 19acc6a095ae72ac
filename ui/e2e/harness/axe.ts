import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults, ImpactValue } from "axe-core";
import type { Page } from "playwright-core";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const GRAVE: (ImpactValue | undefined)[] = ["serious", "critical"];

/** What axe-core finds on the page as it is, from serious on: a line for each rule, with the elements. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  // Half transparent text in a fade would be measured as too pale.
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => (one.effect?.getComputedTiming().iterations === Infinity ? undefined : one.finished.catch(() => undefined)))));
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    return axe.run({ resultTypes: ["violations"] });
  });
  return found.violations
    .filter((one) => GRAVE.includes(one.impact))
    .map((one) => `${one.impact}: ${one.id}: ${one.help}\n${one.nodes.map((node) => `    ${node.target.join(" ")}: ${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? ""}`).join("\n")}`);
}
