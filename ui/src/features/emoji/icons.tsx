import type { JSX } from "solid-js";

/** What stands for each group, drawn as the other icons are: emoji would say too much. The first is for those used of late. */
export const GROUP_ICONS: readonly string[] = [
  "M12 7.5V12l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 14.5a4 4 0 0 0 7 0M9 9.5h.01M15 9.5h.01",
  "M12 3.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM5 20.5a7 7 0 0 1 14 0",
  "M19.5 4.5c-9-.5-14 3.500-14 9.500a5 5 0 0 0 5 5c6.500 0 9.500-5.500 9-14.500zM4 21c1.500-5 4.500-8 9-10",
  "M5 9h12v5a6 6 0 0 1-12 0zM17 10.500h1.500a2.500 2.500 0 0 1 0 5H17M8.500 3v2.500M13 3v2.500",
  "M4 16.500v-4l2-5.500h12l2 5.500v4zM4 12.500h16M6 16.500V19M18 16.500V19M8 14.500h.01M16 14.500h.01",
  "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3.500 9.500c5 0 8 3.500 8 11M20.500 14.500c-5 0-8-3.500-8-11",
  "M9 18h6M10 21h4M12 3a6 6 0 0 0-3.500 10.900c.6.500.900 1.200.9 1.900h5.200c0-.700.300-1.400.9-1.900A6 6 0 0 0 12 3z",
  "M5 9h14M5 15h14M10 4 8 20M16 4l-2 16",
  "M5 21V4M5 4.500c5-2.500 8 2.500 14 0v9c-6 2.500-9-2.500-14 0",
];

export function GroupIcon(props: { path: string }): JSX.Element {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={props.path} />
    </svg>
  );
}
