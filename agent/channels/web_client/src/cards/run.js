/**
 * Live progress of what one turn started, how each part of it ended, and what can be done next: one row a workspace.
 * What was told is kept as values and drawn once a frame: a long conversation is drawn once, as it stands.
 */

import { append, h, icon } from "../dom.js";
import { outward } from "../markdown.js";
import { copying, facts } from "./parts.js";

const BEGUN = /^(?:creating|deleting|changing|updating|replacing|destroying|reading|importing|working on) (.+?)(?: \(\d+ s\))?$/i;
const DONE = /^(.+) (?:created|deleted|changed|updated|replaced|destroyed|read|imported)$/i;
const FAILED = /^(.+) failed$/i;
/** Causes of a failure after which another region, or another size, may do: those of agent/wording.py. */
const ELSEWHERE = ["capacity", "quota", "region"];
const OTHERWISE = ["capacity", "quota", "size"];
const GOOD = ["succeeded", "destroyed"];

/**
 * @param {(id: string) => string} nameOf a deployment's workspace
 * @param {{say: (text: string) => void, suggest: (text: string) => void, notify?: () => Promise<boolean>}} act
 */
export function runCard(words, nameOf, act) {
  const rows = new Map();
  const [title, tally] = [h("h2"), h("span", { class: "faint" })];
  const list = h("div", { class: "rows" });
  const next = h("div", { class: "chips next" });
  const element = h("article", { class: "card run", tabindex: "-1" }, h("header", null, title, tally), list, next);
  let [word, due, ticking, offered] = ["run.apply", false, null, null];

  function row(id) {
    if (!rows.has(id)) rows.set(id, oneRow(words, () => nameOf(id)));
    return rows.get(id);
  }
  const all = () => [...rows.values()];
  const over = () => all().every((one) => one.outcome);
  function soon() {
    if (due) return;
    due = true;
    requestAnimationFrame(() => ((due = false), draw()));
  }
  function draw() {
    if (rows.size > 1) several();
    for (const one of all()) {
      if (!one.element.isConnected) list.append(one.element);
      one.draw(rows.size > 1);
    }
    const [name] = rows.keys();
    title.replaceChildren(rows.size === 1 ? nameOf(name) : words.say(word));
    const done = all().filter((one) => one.outcome).length;
    tally.textContent =
      rows.size > 1 ? words.say("run.settled", { done, total: rows.size }) : over() ? "" : words.say(word);
    element.classList.toggle("settled", over());
    offer();
    clock();
  }
  /** Runs while anything does: a second wave of a batch starts it again. */
  function clock() {
    if (over()) ticking = clearInterval(ticking) ?? null;
    else ticking ??= setInterval(() => element.isConnected && all().forEach((one) => one.tick()), 1000);
  }
  /** More than one scrolls in a box of its own. */
  function several() {
    if (element.classList.contains("many")) return;
    element.classList.add("many");
    for (const [key, value] of Object.entries({ tabindex: "0", role: "group", "aria-label": words.say("section.items") }))
      list.setAttribute(key, value);
  }
  /** What can be done with it now: said in the chat like anything else, so that whatever needs a consent asks for it. */
  function offer() {
    const state = `${over()} ${all().map((one) => one.outcome?.status)}`;
    if (offered === state) return;
    offered = state;
    const held = next.contains(next.getRootNode().activeElement);
    next.replaceChildren(...offers(words, [...rows].map(([id, { outcome }]) => ({ name: nameOf(id), outcome })), act));
    if (held) element.focus({ preventScroll: true });
  }
  return {
    element,
    ids: rows,
    progress(event) {
      row(event.deployment_id).progress(event);
      word = `run.${event.step}`;
      soon();
    },
    result(event) {
      row(event.deployment_id).result(event);
      soon();
    },
  };
}

function offers(words, rows, act) {
  const open = rows.filter(({ outcome }) => !outcome);
  const failed = rows.some(({ outcome }) => outcome && !GOOD.includes(outcome.status));
  const [{ name, outcome }] = rows;
  const button = (key, click, kind = "chip") =>
    h("button", { type: "button", class: kind, on: { click } }, words.say(`act.${key}`));
  const send = (key) => button(key, () => act.say(words.say(`act.say.${key}`, { name })));
  const write = (key) => button(key, () => act.suggest(words.say(`act.say.${key}`, { name })));
  if (open.length) return [send(rows.length > 1 ? "stop.all" : "stop"), act.notify && notifying(words, act)].filter(Boolean);
  if (rows.length > 1) return [failed && send("retry"), send("list")].filter(Boolean);
  if (failed) {
    const { kind } = outcome.error ?? {};
    const others = [ELSEWHERE.includes(kind) && write("region"), OTHERWISE.includes(kind) && write("size")];
    return [send("retry"), ...others, send("status")].filter(Boolean);
  }
  if (outcome.status === "destroyed") return [];
  return [send("status"), write("change"), write("extend"), send("destroy")];
}

function notifying(words, act) {
  if (typeof Notification === "undefined" || Notification.permission !== "default") return null;
  const ask = async (press) => {
    const button = press.currentTarget;
    button.disabled = true;
    button.replaceChildren(words.say((await act.notify()) ? "notify.on" : "notify.off"));
  };
  return h("button", { type: "button", class: "chip", on: { click: ask } }, icon("bell"), words.say("notify.ask"));
}

function oneRow(words, nameOf) {
  const made = h("div", { class: "row" });
  const steps = new Map();
  const row = { element: made, outcome: null, last: null, progress, result, draw, tick };
  let [from, parts, ended] = [null, null, false];

  function progress(event) {
    if (row.outcome) return;
    row.last = event;
    from = performance.now() - event.elapsed_s * 1000;
    if (event.step !== "plan") note(event);
  }
  function note({ text, elapsed_s: at }) {
    const [, begun] = text.match(BEGUN) ?? [];
    const [, failed] = text.match(FAILED) ?? [];
    const key = begun ?? failed ?? text.match(DONE)?.[1];
    // What says neither that it began nor how it ended is told on the row, and is no step.
    if (!key) return;
    const step = steps.get(key) ?? { from: at };
    steps.set(key, { ...step, state: begun ? "open" : failed ? "failed" : "done", at });
  }
  function result(event) {
    row.outcome = event;
    // What was still open when the whole ended has ended with it.
    for (const step of steps.values()) if (step.state === "open") step.state = GOOD.includes(event.status) ? "done" : "left";
  }
  function tick() {
    if (from !== null && !row.outcome && parts) parts.time.textContent = words.span((performance.now() - from) / 1000);
  }
  function first(many) {
    parts = {
      sign: h("span", { class: "sign spin", "aria-hidden": "true" }),
      name: h("span", { class: "name" }),
      now: h("span", { class: "now" }),
      count: h("span", { class: "count" }),
      time: h("span", { class: "time" }),
      bar: h("progress", { max: 1, "aria-label": nameOf() }),
      tail: h("div", { class: "outcome" }),
    };
    const { sign, name, now, count, time, bar, tail } = parts;
    made.append(h("div", { class: "line" }, sign, name, now, count, time), bar, tail);
    parts.list = steps.size ? stepList(words, steps, !many && !row.outcome) : null;
    if (parts.list) bar.after(parts.list.element);
  }
  function draw(many) {
    if (ended) return;
    if (!parts) first(many);
    const { now, count, bar, name, list, sign, tail, time } = parts;
    name.textContent = nameOf();
    if (!list && steps.size) bar.after((parts.list = stepList(words, steps, !many)).element);
    if (row.last) {
      Object.assign(bar, { max: Math.max(row.last.total, 1), value: row.last.done });
      now.textContent = row.last.text;
      count.textContent = row.last.step === "plan" ? "" : words.say("run.of", { done: row.last.done, total: row.last.total });
    }
    tick();
    if (row.outcome) {
      ended = true;
      bar.remove();
      const { status, error } = row.outcome;
      now.textContent = error?.text ?? words.say(`result.${status}`);
      now.className = `now ${status}`;
      sign.className = `sign ${status}`;
      sign.replaceChildren(icon(GOOD.includes(status) ? "check" : "cross"));
      count.textContent = "";
      if (row.last) time.textContent = words.span(row.last.elapsed_s);
      if (parts.list) parts.list.element.open = false;
      append(tail, outcome(words, row.outcome, many));
    }
    parts.list?.draw();
  }
  return row;
}

/** Each thing that is made or deleted as one line: under way, done with the time it took, failed, or left undone. */
function stepList(words, steps, open) {
  const list = h("ol", { class: "steps" });
  const element = h("details", { class: "steps-box", open }, h("summary", null, words.say("run.steps")), list);
  const signs = { done: "check", failed: "cross", left: "minus" };
  function line([key, { from, state, at }]) {
    const sign = h("span", { class: `sign ${state === "open" ? "spin" : state}` }, signs[state] && icon(signs[state]));
    const said = state === "failed" || state === "left" ? words.say(`step.${state}`) : "";
    return h("li", null, sign, h("span", null, key), h("span", { class: "time" }, state === "done" ? words.span(at - from) : said));
  }
  const draw = () => element.open && list.replaceChildren(...[...steps].map(line));
  element.addEventListener("toggle", draw);
  return { element, draw };
}

function outcome(words, event, many) {
  if (event.error) {
    const { resource, remedy } = event.error;
    return [
      resource && h("p", { class: "faint small" }, words.around("result.at", "resource", h("code", null, resource))),
      h("p", null, remedy),
    ];
  }
  const outputs = Object.entries(event.outputs);
  if (!outputs.length) return [];
  const address = outward(event.outputs.workspace_url);
  const link =
    address &&
    h(
      "a",
      { class: many ? null : "button secondary", href: address, target: "_blank", rel: "noopener noreferrer" },
      icon("link"),
      words.say("result.open"),
    );
  if (many) return [link];
  const value = (text) =>
    h(
      "span",
      { class: "value" },
      h("code", null, String(text)),
      copying(words, () => String(text)),
    );
  const shown = h("details", null, h("summary", null, words.say("result.outputs")));
  shown.addEventListener(
    "toggle",
    () => shown.append(facts(outputs.map(([name, text]) => [words.field(name), value(text)]))),
    { once: true },
  );
  return [link, shown];
}
