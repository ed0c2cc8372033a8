/** Ctrl-K: go to a conversation or a workspace, or say something; `/` leads to where one writes. */

import { h } from "../dom.js";

const MOST = 9;

/**
 * @param {{items: () => Promise<{text: string, go: () => void}[]>, say: (text: string) => void, write: () => void}} page
 */
export function palette(words, page) {
  const list = h("ul", { id: "palette-list", role: "listbox", "aria-label": words.say("palette") });
  const field = h("input", {
    type: "text",
    role: "combobox",
    "aria-label": words.say("palette"),
    placeholder: words.say("palette"),
    "aria-controls": "palette-list",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    autocomplete: "off",
    on: { input: () => show(), keydown: (press) => pressed(press) },
  });
  const dialog = h("dialog", { class: "palette", "aria-label": words.say("palette") }, field, list);
  document.body.append(dialog);
  let [items, found, at] = [[], [], 0];

  async function open() {
    if (dialog.open) return dialog.close();
    field.value = "";
    items = [];
    dialog.showModal();
    show();
    items = await page.items();
    show();
  }
  function show() {
    const asked = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = items.filter(({ text }) => asked.every((word) => text.toLowerCase().includes(word))).slice(0, MOST);
    at = 0;
    list.replaceChildren(
      ...(found.length ? found.map(option) : [h("li", { role: "option", "aria-selected": "false", class: "none" }, words.say("palette.none"))]),
    );
    point();
  }
  function option({ text, go }, number) {
    const click = () => (dialog.close(), go());
    return h("li", { role: "option", id: `palette-${number}`, "aria-selected": "false", on: { click } }, text);
  }
  function point() {
    [...list.children].forEach((one, number) => one.setAttribute("aria-selected", String(found.length > 0 && number === at)));
    if (found.length) field.setAttribute("aria-activedescendant", `palette-${at}`);
    else field.removeAttribute("aria-activedescendant");
  }
  function pressed(press) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[press.key];
    if (step && found.length) {
      press.preventDefault();
      at = (at + step + found.length) % found.length;
      point();
    } else if (press.key === "Enter" && !press.isComposing) {
      press.preventDefault();
      const text = field.value.trim();
      dialog.close();
      if (found.length) found[at].go();
      else if (text) page.say(text);
    }
  }
  document.addEventListener("keydown", (press) => {
    if ((press.ctrlKey || press.metaKey) && press.key.toLowerCase() === "k") {
      press.preventDefault();
      void open();
    } else if (press.key === "/" && !dialog.open && !writes(press.composedPath()[0])) {
      press.preventDefault();
      page.write();
    }
  });
}

function writes(element) {
  return element?.matches?.("input, textarea, select, [contenteditable]") ?? false;
}
