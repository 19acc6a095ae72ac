import { absurd } from "../../absurd";
import type { NotItself, Package, UpdateProgress } from "../../protocol/desktop";

/** Why this copy does not update itself, and how it is updated instead. */
export function reasonWords(why: NotItself): string {
  switch (why) {
    case "built":
      return "This copy was built from source, and is updated by building it again.";
    case "no_key":
    case "no_server":
      return "This copy does not look for updates. They come as it came: with the updates of your system, or as a new package from whom you have it.";
    case "off":
      return "Looking for updates is switched off by SNUG_UPDATES=off. They come with the updates of your system.";
    case "address":
      return "SNUG_UPDATES does not say an address that can be asked: it must begin with https://.";
    default:
      return absurd(why);
  }
}

/** What happens to be asked when this is installed. */
export function packageWords(kind: Package): string {
  switch (kind) {
    case "deb":
    case "rpm":
      return "Your system will ask for a password.";
    case "app_image":
      return "It takes the place of this file.";
    default:
      return absurd(kind);
  }
}

const mebibytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1);

/** "Downloading: 3.1 of 12.0 MiB". */
export function progressWords(progress: UpdateProgress): string {
  if (progress.at === "install") return "Installing";
  return `Downloading: ${mebibytes(progress.bytes)}${progress.of === null ? "" : ` of ${mebibytes(progress.of)}`} MiB`;
}

/** From 0 to 1, or nothing while nobody knows. */
export function share(progress: UpdateProgress): number | undefined {
  return progress.at === "download" && progress.of !== null && progress.of > 0 ? Math.min(1, progress.bytes / progress.of) : undefined;
}
