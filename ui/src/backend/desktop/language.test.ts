import { expect, test } from "vitest";
import { mendLanguage } from "./language";

test.each(["de", "de-AT", "zh-Hans-CN"])("%s is a language", (language) => {
  const navigator = { language, languages: [language] };
  mendLanguage(navigator);
  expect(navigator).toEqual({ language, languages: [language] });
});

test.each(["C", "", "en_US"])('"%s" is none, and English is taken', (language) => {
  const navigator = { language, languages: [language] };
  mendLanguage(navigator);
  expect(navigator.language).toBe("en");
  expect(navigator.languages).toEqual(["en"]);
});
