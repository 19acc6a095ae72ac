/** Marks what may be opened from within a dialog: the dialog would hide it from screen readers, as all that is outside of it. */
export const ON_TOP = { "data-kb-top-layer": "" };
