/** What is opened elsewhere: pages, and addresses for mail. */
const OUTSIDE = ["http:", "https:", "mailto:"];

/** Gives links that lead out of the app to `open` when they are clicked: the window itself shows nothing but the app. Returns how to stop. */
export function openOutside(open: (link: string) => void): () => void {
  const clicked = (event: MouseEvent): void => {
    // The left and the middle button.
    if (event.defaultPrevented || event.button > 1 || !(event.target instanceof Element)) return;
    const link = event.target.closest<HTMLAnchorElement>("a[href]");
    if (!link || !OUTSIDE.includes(link.protocol)) return;
    event.preventDefault();
    open(link.href);
  };
  const events = ["click", "auxclick"] as const;
  for (const event of events) document.addEventListener(event, clicked);
  return () => {
    for (const event of events) document.removeEventListener(event, clicked);
  };
}
