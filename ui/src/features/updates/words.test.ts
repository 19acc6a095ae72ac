import { expect, it } from "vitest";
import { progressWords, share } from "./words";

it("says how far a download is, if that is known", () => {
  expect(progressWords({ at: "download", bytes: 3_250_586, of: 12_582_912 })).toBe("Downloading: 3.1 of 12.0 MiB");
  expect(progressWords({ at: "download", bytes: 1_048_576, of: null })).toBe("Downloading: 1.0 MiB");
  expect(share({ at: "download", bytes: 5, of: 10 })).toBe(0.5);
  expect(share({ at: "download", bytes: 5, of: 0 })).toBeUndefined();
  expect(share({ at: "download", bytes: 5, of: null })).toBeUndefined();
  expect(share({ at: "install" })).toBeUndefined();
});
