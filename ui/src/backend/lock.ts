/** Runs `work` while no other tab of this origin runs work under the same name. */
export type Lock = <T>(name: string, work: () => Promise<T>) => Promise<T>;

const queues = new Map<string, Promise<unknown>>();

/** One after the other, in this tab only. */
export const tabLock: Lock = (name, work) => {
  const before = queues.get(name) ?? Promise.resolve();
  const run = before.then(work, work);
  queues.set(name, run.catch(() => undefined));
  return run;
};

/** Browsers lend locks only to secure origins; on plain http in a local network each tab is on its own. */
export const originLock: Lock = (name, work) =>
  tabLock(name, () => ("locks" in navigator ? (navigator.locks.request(`snug.${name}`, work) as ReturnType<typeof work>) : work()));
