/** What a person chose for this browser: the theme and the language. Without storage it lasts as long as the page. */

import { Words, wordsIn } from "../words.js";

export const THEMES = ["auto", "light", "dark"];
export const LANGUAGES = { en: "English", de: "Deutsch" };

export function kept(name, known) {
  try {
    const value = localStorage.getItem(`brickie-${name}`);
    return known.includes(value) ? value : known[0];
  } catch {
    return known[0];
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(`brickie-${name}`, value);
  } catch {
    // Storage is forbidden here.
  }
}

/** The language that was chosen; else the browser's where there is one of it. */
export function language() {
  const own = Object.keys(LANGUAGES).find((name) => navigator.language.startsWith(name)) ?? "en";
  const order = [own, ...Object.keys(LANGUAGES).filter((name) => name !== own)];
  return kept("language", order);
}

/** @param {string} name */
export async function wordsOf(name) {
  document.documentElement.lang = name;
  return name === "en" ? new Words() : wordsIn(name, `/assets/locale/${name}.json`);
}
