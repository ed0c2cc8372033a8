/** Pieces that several cards are made of. */

import { append, h, icon } from "../dom.js";

/** A headed part of a card. */
export function section(title, ...content) {
  return h("section", { class: "part" }, h("h3", null, title), content);
}

/** Closed until asked for. */
export function more(title, ...content) {
  return h("details", null, h("summary", null, title), content);
}

/**
 * Parts of which one is open; each is drawn when it is first opened.
 * @param {string} label @param {{name: string, title: string, draw: () => unknown}[]} parts
 */
export function tabs(label, parts) {
  const panel = h("div", { class: "panel", role: "tabpanel", tabindex: "0" });
  const drawn = new Map();
  const buttons = parts.map((part, at) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        class: "tab",
        "aria-selected": "false",
        tabindex: at ? "-1" : "0",
        on: { click: () => open(at), keydown: (press) => moved(press, at) },
      },
      part.title,
    ),
  );
  function open(at) {
    const { name, draw, title } = parts[at];
    buttons.forEach((button, other) => {
      button.setAttribute("aria-selected", String(other === at));
      button.setAttribute("tabindex", other === at ? "0" : "-1");
    });
    if (!drawn.has(name)) drawn.set(name, append(h("div", { class: "stack" }), [draw()]));
    panel.setAttribute("aria-label", title);
    panel.replaceChildren(drawn.get(name));
  }
  function moved(press, at) {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -at, End: parts.length - 1 - at }[press.key];
    if (step === undefined) return;
    press.preventDefault();
    const next = (at + step + parts.length) % parts.length;
    open(next);
    buttons[next].focus();
  }
  open(0);
  return h("div", { class: "tabs" }, h("div", { role: "tablist", "aria-label": label }, buttons), panel);
}

/**
 * Names beside values, in pairs. A value that is null is left out.
 * @param {[string, unknown][]} pairs
 */
export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== null && value !== undefined);
  return h(
    "dl",
    { class: "facts" },
    shown.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))),
  );
}

/**
 * A table that scrolls inside itself, so that a narrow page never does.
 * @param {string} label what it is, for those who do not see it
 * @param {{text: unknown, end?: boolean}[]} columns `end` aligns figures
 * @param {unknown[][]} rows @param {unknown[] | null} [total]
 */
export function grid(label, columns, rows, total = null) {
  const side = (at) => (columns[at]?.end ? "end" : null);
  const cells = (row) => row.map((cell, at) => h("td", { class: side(at) }, cell));
  const head = h(
    "tr",
    null,
    columns.map((column, at) => h("th", { scope: "col", class: side(at) }, column.text)),
  );
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": label },
    h(
      "table",
      null,
      h("thead", null, head),
      h(
        "tbody",
        null,
        rows.map((row) => h("tr", null, cells(row))),
      ),
      total && h("tfoot", null, h("tr", null, cells(total))),
    ),
  );
}

/** A button that copies, and says so for a moment. */
export function copying(words, text, label = words.say("copy")) {
  const told = h("span", { class: "told" }, label);
  const button = h("button", { type: "button", class: "quiet", on: { click: copy } }, icon("copy"), told);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      selectAndCopy(button, text());
    }
    told.textContent = words.say("copied");
    setTimeout(() => (told.textContent = label), 1500);
  }
  return button;
}

/** For pages without a secure context, where the clipboard has no other door. */
function selectAndCopy(button, text) {
  const area = h("textarea", { class: "unseen", "aria-hidden": "true", tabindex: "-1" });
  area.value = text;
  button.after(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  button.focus();
}

/** Saves bytes or a text as a file of that name. */
export function save(name, content, mediaType) {
  const address = URL.createObjectURL(new Blob([content], { type: mediaType }));
  const link = h("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The cluster's size as people say it: "single node", "4", "2 to 8". */
export function workers(words, decision) {
  const { min_workers: low, max_workers: high } = decision;
  if (high === 0) return words.say("workers.single");
  return low === high ? String(low) : words.say("workers.range", { low, high });
}

/** A machine's size without the prefix that all have. */
export function size(name) {
  return name.replace(/^Standard_/, "");
}

/** A region as people write it, where the server named it. */
export function place(words, name) {
  return words.regions?.[name] ?? name;
}

/** A resource as people call it: "azurerm_databricks_workspace.this" is a databricks workspace. */
export function resourceName(address) {
  const [type, ...rest] = address.split(".");
  const kind = type.replace(/^(azurerm|azapi|azuread|databricks|random)_/, "").replaceAll("_", " ");
  const own = rest.join(".").replace(/^this$/, "").replaceAll("_", " ");
  const full = type.startsWith("databricks_") && !kind.startsWith("databricks") ? `Databricks ${kind}` : kind;
  const named = full.replace(/^databricks/, "Databricks").replace(/^consumption budget/, "budget");
  return own ? `${named} (${own})` : named;
}
