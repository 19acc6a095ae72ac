import { createRenderEffect } from "solid-js";
import type { Preferences } from "../state/preferences";

/** Puts what is set for this device on the root element, where the tokens look. */
export function applyAppearance(preferences: Preferences): void {
  const root = document.documentElement;
  const put = (name: string, value: string, usual: string): void => {
    if (value === usual) delete root.dataset[name];
    else root.dataset[name] = value;
  };
  createRenderEffect(() => put("theme", preferences.theme, "system"));
  createRenderEffect(() => put("size", preferences.textSize, "m"));
  createRenderEffect(() => put("density", preferences.density, "comfortable"));
}
