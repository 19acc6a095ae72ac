/** Colours that stand out from one another and are readable as a name on light and on dark paper. */
export const palette = [
  { value: "#c8472a", label: "Ember" },
  { value: "#b5620f", label: "Amber" },
  { value: "#8a6d1a", label: "Straw" },
  { value: "#4f7d2c", label: "Moss" },
  { value: "#2d8257", label: "Fern" },
  { value: "#217f85", label: "Lagoon" },
  { value: "#2f74b8", label: "Sky" },
  { value: "#5a64c8", label: "Indigo" },
  { value: "#8857b8", label: "Violet" },
  { value: "#b14a94", label: "Heather" },
  { value: "#c43f62", label: "Berry" },
  { value: "#7a716a", label: "Stone" },
] as const;
