import type { Page } from "playwright-core";

/** A small picture, drawn by the browser. */
export async function picture(page: Page): Promise<Buffer> {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
    const context = canvas.getContext("2d")!;
    const colors = ["#c8472a", "#217f85", "#e8c069"];
    for (const [at, color] of colors.entries()) {
      context.fillStyle = color;
      context.fillRect((at * 320) / 3, 0, 320 / 3, 240);
    }
    return canvas.toDataURL("image/png");
  });
  return Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
}
