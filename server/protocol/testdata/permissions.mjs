// Writes permissions.json: `node permissions.mjs`. What is computed here is one permission at a time, step by step as
// the documentation of src/permission.rs tells it, on purpose without the arithmetic of the code that it checks.
import { writeFileSync } from "node:fs";

const VIEW_CHANNEL = 0;
const ADMINISTRATOR = 31;
const ALL = [...Array(21).keys(), ADMINISTRATOR];

/** Mulberry32: small, and the same everywhere. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const next = random(20261121);
const chance = (p) => next() < p;

/** Some permissions, each with the same chance; those that decide over all others have their own. */
const some = (p, view, admin) => ALL.filter((each) => chance(each === VIEW_CHANNEL ? view : each === ADMINISTRATOR ? admin : p));
/** A step of a layer. Often empty, as most are; sometimes with the same permission in both, where allowing wins. */
const change = () => (chance(0.4) ? { allow: [], deny: [] } : { allow: some(0.2, 0.2, 0.05), deny: some(0.25, 0.15, 0.05) });
const layer = () => ({ everyone: change(), roles: change(), member: change() });

function result(base, layers) {
  if (base.includes(ADMINISTRATOR)) return ALL;
  const has = (permission) => {
    let given = base.includes(permission);
    for (const each of layers) {
      for (const step of [each.everyone, each.roles, each.member]) {
        if (step.deny.includes(permission)) given = false;
        if (step.allow.includes(permission)) given = true;
      }
    }
    return given;
  };
  if (!has(VIEW_CHANNEL)) return [];
  return ALL.filter((permission) => permission !== ADMINISTRATOR && has(permission));
}

const bits = (list) => String(list.reduce((sum, each) => sum + 2 ** each, 0));
const written = (each) => each && Object.fromEntries(Object.entries(each).map(([step, { allow, deny }]) => [step, { allow: bits(allow), deny: bits(deny) }]));

const cases = [];
for (let i = 0; i < 200; i++) {
  const base = some(0.5, 0.85, 0.06);
  // A quarter of the channels is in no category.
  const category = chance(0.25) ? null : layer();
  const channel = layer();
  cases.push({ base: bits(base), category: written(category), channel: written(channel), result: bits(result(base, category ? [category, channel] : [channel])) });
}
writeFileSync(new URL("permissions.json", import.meta.url), `[\n${cases.map((each) => JSON.stringify(each)).join(",\n")}\n]\n`);
