// Writes latest.json, as Tauri's updater reads it: scripts/release calls it, with its file, the version, the time in seconds, the
// address that it will have, a file of notes or nothing, the platform, and "KIND PACKAGE" for each package, whose signature is beside it.
// What the file says of other platforms at the same version stays: each platform's packages are made on a machine of its own.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

const [file, version, time, address, notes, platform, ...packages] = process.argv.slice(2);
const before = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const others = before.version === version ? before.platforms : {};
const entries = packages.map((one) => {
  const [kind, path] = [one.slice(0, one.indexOf(" ")), one.slice(one.indexOf(" ") + 1)];
  const url = new URL(encodeURIComponent(basename(path)), address).href;
  return [`${platform}-${kind}`, { url, signature: readFileSync(`${path}.sig`).toString("base64") }];
});
const latest = {
  version,
  notes: notes === "" ? undefined : readFileSync(notes, "utf8").trim(),
  pub_date: new Date(Number(time) * 1_000).toISOString(),
  platforms: { ...others, ...Object.fromEntries(entries) },
};
writeFileSync(file, `${JSON.stringify(latest, null, 2)}\n`);
