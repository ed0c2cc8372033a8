/** The short cards: question, table, files, error, refusal. */

import { h, icon } from "../dom.js";
import { outward } from "../markdown.js";
import { copying, grid, save } from "./parts.js";
import { zip } from "../zip.js";

/** @param {{choose: (slot: string, choice: {label: string, value: string}) => Promise<void>, write: () => void, settleFocus: () => void}} act */
export function questionCard(words, event, act) {
  const element = h(
    "article",
    { class: "card question", tabindex: "-1" },
    event.questions.map((question) => {
      const chips = question.choices.map((choice) =>
        h(
          "button",
          { type: "button", class: "chip", on: { click: (press) => pick(question.slot, choice, press.currentTarget) } },
          choice.label,
        ),
      );
      return h(
        "fieldset",
        null,
        h("legend", null, question.text),
        chips.length
          ? h("div", { class: "chips" }, chips)
          : h("button", { type: "button", class: "chip free", on: { click: act.write } }, words.say("question.free")),
      );
    }),
  );
  const buttons = [...element.querySelectorAll("button")];
  async function pick(slot, choice, pressed) {
    pressed.classList.add("picked");
    // Before the chips die: the focus goes where the next answer is written.
    act.settleFocus(element);
    freeze(true);
    try {
      await act.choose(slot, choice);
    } catch {
      pressed.classList.remove("picked");
      freeze(false);
      pressed.focus({ preventScroll: true });
    }
  }
  function freeze(dead) {
    for (const button of buttons) button.disabled = dead;
  }
  return { element, answered: () => (freeze(true), element.classList.add("settled")) };
}

const FIGURE = /^-?[\d.,\u00a0]+%?(?:[\s\u00a0][A-Z]{3})?$/;

/**
 * @param {(text: string) => string | null} [leadsTo] the page of a workspace of that name
 * @param {(number: number) => void} [pick] takes the row of that number, where rows are offered
 */
export function tableCard(words, event, leadsTo = () => null, pick = null) {
  const hidden = ["Source", "As of"].map((name) => event.columns.indexOf(name)).filter((at) => at >= 0);
  const shown = event.columns.map((_, at) => at).filter((at) => !hidden.includes(at));
  const sources = [...new Set(event.rows.map((row) => sourceOf(row, hidden)).filter(Boolean))];
  const columns = shown.map((at) => ({ text: event.columns[at], end: figures(event.rows, at) }));
  const rows = event.rows.map((row) => {
    const cells = shown.map((at) => cell(words, row[at], leadsTo));
    if (event.columns[0] === "#" && pick) cells[0] = choice(words, row, pick);
    const number = sources.indexOf(sourceOf(row, hidden)) + 1;
    return number ? [[cells[0], h("sup", null, number)], ...cells.slice(1)] : cells;
  });
  const total = /^(total|together)$/i.test(String(event.rows.at(-1)?.[0])) ? rows.pop() : null;
  const text = () => [event.columns, ...event.rows].map((row) => row.map((cell) => cell ?? "").join("\t")).join("\n");
  return h(
    "article",
    { class: "card table" },
    h("header", null, h("h2", null, event.title), copying(words, text, words.say("table.copy"))),
    grid(event.title, columns, rows, total),
    sources.length
      ? h(
          "ol",
          { class: "sources", "aria-label": words.say("sources") },
          sources.map((source) => h("li", null, source)),
        )
      : null,
  );
}

/** Names and addresses lead where they name; everything else is text. */
function cell(words, value, leadsTo) {
  if (value === null || value === undefined) return "";
  const text = String(value);
  const address = /^https:/.test(text) ? outward(text) : null;
  if (address) return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words.say("link.open"));
  const page = leadsTo(text);
  return page ? h("a", { href: page }, text) : text;
}

function choice(words, row, pick) {
  const label = words.say("option.take", { number: row[0], what: row[1] });
  return h(
    "button",
    { type: "button", class: "chip", "aria-label": label, title: label, on: { click: () => pick(row[0]) } },
    String(row[0]),
  );
}

function sourceOf(row, hidden) {
  return hidden
    .map((at) => row[at])
    .filter(Boolean)
    .join(", ");
}

function figures(rows, at) {
  const cells = rows.map((row) => row[at]).filter((cell) => cell !== null && cell !== "");
  return cells.length > 0 && cells.every((cell) => typeof cell === "number" || FIGURE.test(cell));
}

/** Files of one turn as one block; more may be added while they come. */
export function filesCard(words) {
  const files = [];
  const title = h("h2", null);
  const list = h("ul", { class: "files" });
  const all = h(
    "button",
    {
      type: "button",
      class: "quiet",
      on: { click: () => save(`${folder() || "files"}.zip`, zip(files), "application/zip") },
    },
    icon("down"),
    words.say("files.all"),
  );
  const element = h("article", { class: "card" }, h("header", null, title, all), list);
  function folder() {
    const first = files[0]?.name.split("/")[0];
    return files.every((file) => file.name.startsWith(`${first}/`)) ? first : "";
  }
  function add(file) {
    if (file.content === null || file.content === undefined)
      return void list.append(h("li", null, icon("file"), h("code", null, file.name)));
    files.push(file);
    const count = words.say("files", { count: files.length });
    title.textContent = folder() ? `${folder()}: ${count}` : count;
    all.hidden = files.length < 2;
    list.append(fileRow(words, file));
  }
  return { element, add };
}

function fileRow(words, file) {
  const short = file.name.split("/").slice(1).join("/") || file.name;
  const fetchIt = h(
    "button",
    {
      type: "button",
      class: "quiet",
      "aria-label": `${words.say("download")} ${short}`,
      on: { click: () => save(short.split("/").pop(), file.content, file.media_type) },
    },
    icon("down"),
    h("span", { class: "wide" }, words.say("download")),
  );
  return h(
    "li",
    null,
    h(
      "details",
      null,
      h(
        "summary",
        null,
        icon("file"),
        h("code", null, short),
        h("span", { class: "faint small" }, `${words.number(file.content.length / 1024, 1)} kB`),
      ),
      h("pre", { tabindex: "0", role: "group", "aria-label": short }, h("code", null, file.content)),
    ),
    h(
      "span",
      { class: "tools" },
      copying(words, () => file.content),
      fetchIt,
    ),
  );
}

/** @param {(() => void) | null} retry sends again what led here */
export function errorCard(words, event, retry) {
  return h(
    "article",
    { class: "card error" },
    icon("warn"),
    h("div", null, h("strong", null, words.say("error")), h("p", null, event.text)),
    event.retryable &&
      retry &&
      h(
        "button",
        {
          type: "button",
          class: "secondary",
          on: { click: (press) => ((press.currentTarget.disabled = true), retry()) },
        },
        icon("undo"),
        words.say("retry"),
      ),
  );
}
