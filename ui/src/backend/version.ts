/** Which of two that do not fit each other is to be brought up to date, and how. `page`: the server brought the app, as in a browser. */
export function versionWords(older: "server" | "app", page: boolean): string {
  if (older === "server") return "The server is older than this app. Ask whoever runs it to update it.";
  return page ? "This page is older than the server. Reload it to get the new one." : "Snug on this computer is older than the server. Update it.";
}
