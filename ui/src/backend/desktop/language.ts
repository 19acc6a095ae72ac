/**
 * Gives the page a language that `Intl` takes. Where the system's locale is `C.UTF-8`, as on many small systems, WebKitGTK says that the
 * language is "C", and libraries that hand this to `Intl` throw.
 */
export function mendLanguage(navigator: Pick<Navigator, "language" | "languages">): void {
  if (isTag(navigator.language)) return;
  Object.defineProperties(navigator, { language: { value: "en" }, languages: { value: ["en"] } });
}

/** Whether it is a language tag (BCP 47). */
function isTag(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language).length === 1;
  } catch {
    return false;
  }
}
