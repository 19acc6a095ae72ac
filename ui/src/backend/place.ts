/** Goes to another page of the app, from where there is no router: whatever listens to the address hears of it. */
export function visit(path: string): void {
  history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
}
