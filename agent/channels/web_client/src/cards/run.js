/** Live progress of what one turn started, and how each part of it ended: one row a workspace. */

import { h, icon } from "../dom.js";
import { outward } from "../markdown.js";
import { copying, facts } from "./parts.js";

const BEGUN = /^(creating|deleting|updating|replacing|destroying|reading|importing) (.+)$/i;
const DONE = /^(.+) (created|deleted|updated|replaced|destroyed|read|imported)$/i;

/** @param {(id: string) => string} nameOf a deployment's workspace */
export function runCard(words, nameOf) {
  const rows = new Map();
  const tally = h("span", { class: "faint" });
  const list = h("div", { class: "rows" });
  const element = h(
    "article",
    { class: "card run" },
    h("header", null, h("h3", null, words.say("run.apply")), tally),
    list,
  );
  const title = element.querySelector("h3");
  const ticking = setInterval(() => element.isConnected && rows.forEach((row) => row.tick()), 1000);

  function row(id) {
    if (!rows.has(id)) {
      rows.set(id, oneRow(words, nameOf(id)));
      list.append(rows.get(id).element);
      if (rows.size === 2) several();
    }
    return rows.get(id);
  }
  /** More than one scrolls in a box of its own, with the steps of each closed until asked for. */
  function several() {
    element.classList.add("many");
    list.setAttribute("tabindex", "0");
    list.setAttribute("role", "group");
    list.setAttribute("aria-label", words.say("section.items"));
    for (const one of rows.values()) one.fold();
  }
  function head(word, event) {
    title.replaceChildren(rows.size === 1 ? h("code", null, nameOf(event.deployment_id)) : word);
    if (rows.size === 1) tally.textContent = word;
  }
  function told() {
    const settled = [...rows.values()].filter((one) => one.settled()).length;
    if (rows.size > 1) tally.textContent = words.say("run.settled", { done: settled, total: rows.size });
    element.classList.toggle("settled", settled === rows.size);
    if (settled === rows.size) clearInterval(ticking);
  }
  return {
    element,
    progress(event) {
      row(event.deployment_id).progress(event);
      head(words.say(`run.${event.step}`), event);
      told();
    },
    result(event) {
      row(event.deployment_id).result(event);
      if (rows.size === 1) head("", event);
      told();
    },
  };
}

function oneRow(words, name) {
  const bar = h("progress", { max: 1, "aria-label": name });
  const [now, time, count] = [h("span", { class: "now" }), h("span", { class: "time" }), h("span", { class: "count" })];
  const steps = stepList(words);
  const sign = h("span", { class: "sign spin", "aria-hidden": "true" });
  const tail = h("div", { class: "outcome" });
  const element = h(
    "div",
    { class: "row" },
    h("div", { class: "line" }, sign, h("code", { class: "name" }, name), now, count, time),
    bar,
    steps.element,
    tail,
  );
  let [from, over] = [null, false];
  function elapsed(seconds) {
    from = performance.now() - seconds * 1000;
    tick();
  }
  function tick() {
    if (from !== null && !over) time.textContent = words.span((performance.now() - from) / 1000);
  }
  function progress(event) {
    if (over) return;
    bar.max = Math.max(event.total, 1);
    bar.value = event.done;
    now.textContent = event.text;
    count.textContent = event.step === "plan" ? "" : words.say("run.of", { done: event.done, total: event.total });
    if (event.step !== "plan") steps.add(event);
    elapsed(event.elapsed_s);
  }
  function result(event) {
    over = true;
    bar.remove();
    steps.element.open = false;
    now.textContent = event.error?.text ?? words.say(`result.${event.status}`);
    now.className = `now ${event.status}`;
    const good = ["succeeded", "destroyed"].includes(event.status);
    sign.className = `sign ${event.status}`;
    sign.replaceChildren(icon(good ? "check" : "cross"));
    tail.replaceChildren(...outcome(words, event));
  }
  return { element, progress, result, tick, fold: () => steps.fold(), settled: () => over };
}

/** Each thing that is made or deleted as one line: under way, then done with the time it took. */
function stepList(words) {
  const list = h("ol", { class: "steps" });
  const element = h("details", { class: "steps-box", hidden: true }, h("summary", null, words.say("run.steps")), list);
  const lines = new Map();
  function add({ text, elapsed_s: at }) {
    const [, verb, begun] = text.match(BEGUN) ?? [];
    const [, done] = text.match(DONE) ?? [];
    const key = begun ?? done ?? text;
    if (element.hidden) Object.assign(element, { hidden: false, open: !element.closest(".many") });
    if (!lines.has(key)) {
      const line = { from: at, mark: h("span", { class: "sign" }), time: h("span", { class: "time" }) };
      line.element = h("li", null, line.mark, h("span", null, key), line.time);
      lines.set(key, line);
      list.append(line.element);
    }
    const line = lines.get(key);
    line.mark.className = verb ? "sign spin" : "sign";
    line.mark.replaceChildren(...(verb ? [] : [icon("check")]));
    line.time.textContent = verb ? "" : words.span(at - line.from);
  }
  return { element, add, fold: () => (element.open = false) };
}

function outcome(words, event) {
  if (event.error) {
    const { resource, remedy } = event.error;
    return [
      resource && h("p", { class: "faint small" }, words.around("result.at", "resource", h("code", null, resource))),
      h("p", null, remedy),
    ].filter(Boolean);
  }
  const outputs = Object.entries(event.outputs);
  if (!outputs.length) return [];
  const address = outward(event.outputs.workspace_url);
  const link =
    address &&
    h(
      "a",
      { class: "button primary", href: address, target: "_blank", rel: "noopener noreferrer" },
      icon("link"),
      words.say("result.open"),
    );
  const value = (text) =>
    h(
      "span",
      { class: "value" },
      h("code", null, String(text)),
      copying(words, () => String(text)),
    );
  return [
    link,
    h(
      "details",
      null,
      h("summary", null, words.say("result.outputs")),
      facts(outputs.map(([name, text]) => [words.field(name), value(text)])),
    ),
  ].filter(Boolean);
}
