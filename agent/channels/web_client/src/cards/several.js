/** A plan for several workspaces: a compact table with totals, its price where a phone shows it. */

import { h, icon } from "../dom.js";
import { costChart, difference } from "./cost.js";
import { grid, more, place, section, size, workers } from "./parts.js";

const FIRST = 12;
const ORDER = ["create", "update", "replace", "delete"];

/** @param {any} [earlier] the plan that this one replaces */
export function several(words, plan, earlier = null) {
  const list = h("div", null, table(words, plan, plan.items.slice(0, FIRST)));
  const rest =
    plan.items.length > FIRST &&
    h(
      "button",
      { type: "button", class: "quiet", on: { click: all } },
      words.say("items.more", { count: plan.items.length }),
    );
  function all() {
    list.replaceChildren(table(words, plan, plan.items));
    list.firstElementChild.focus();
    rest.remove();
  }
  return [
    plan.action === "destroy" && h("p", { class: "loss" }, icon("warn"), words.say("plan.destroy.warning")),
    earlier?.items.length > 1 && amended(words, earlier, plan),
    costChart(words, plan.cost),
    findings(words, plan.items),
    section(words.say("section.items"), list, rest),
    h("p", { class: "counts" }, counts(words, plan.resources)),
  ];
}

/** What came, what went, and what costs another price than in the plan before. */
function amended(words, before, after) {
  const priced = (plan) => new Map(plan.items.map(({ decision, cost }) => [decision.workspace_name, cost]));
  const [had, has] = [priced(before), priced(after)];
  const money = (cost) => (cost ? words.money(cost.expected, cost.currency) : words.say("none"));
  const rows = [...new Set([...had.keys(), ...has.keys()])]
    .filter((name) => had.get(name)?.expected !== has.get(name)?.expected)
    .map((name) => [name, h("del", null, money(had.get(name))), h("ins", null, money(has.get(name)))]);
  if (!rows.length) return null;
  const columns = ["field.workspace_name", "changes.now", "changes.then"].map((name) => ({ text: words.say(name) }));
  return section(
    words.say("section.amended"),
    h("div", { class: "diff" }, grid(words.say("section.amended"), columns, rows)),
    difference(words, before.cost, after.cost),
  );
}

function table(words, plan, items) {
  const columns = [
    { text: words.field("workspace_name") },
    { text: words.field("expected"), end: true },
    ...["environment", "region", "worker_instance_type", "workers"].map((name) => ({ text: words.field(name) })),
    { text: words.say("section.resources"), end: true },
  ];
  const rows = items.map(({ action, decision, resources, cost, before }) => [
    h("span", { class: `row-name ${action}` }, decision.workspace_name),
    h("span", null, words.money(cost.expected, cost.currency), by(words, cost, before)),
    decision.environment,
    place(words, decision.region),
    size(decision.worker_instance_type),
    workers(words, decision),
    String(resources.length),
  ]);
  const total = [
    words.say("cost.total"),
    h("span", null, words.money(plan.cost.expected, plan.cost.currency), by(words, plan.cost, together(plan.items))),
    "",
    "",
    "",
    "",
    String(plan.resources.length),
  ];
  return grid(words.say("section.items"), columns, rows, total);
}

/** By how much it costs more or less than what is deployed, where something is. */
function by(words, cost, before) {
  const told = before ? words.difference(cost, before.cost) : "";
  return told ? h("span", { class: "faint small block" }, told) : null;
}

/** What is deployed of all of them together; null where one is new. */
function together(items) {
  if (!items.every(({ before }) => before)) return null;
  const costs = items.map(({ before }) => before.cost);
  const expected = costs.reduce((sum, cost) => sum + cost.expected, 0);
  const unpriced = [...new Set(costs.flatMap((cost) => cost.unpriced ?? []))];
  return { cost: { currency: costs[0].currency, expected, unpriced } };
}

function findings(words, items) {
  const where = new Map();
  for (const { policy, decision } of items) {
    for (const { severity, message, remedy } of policy) {
      const found = where.get(message) ?? { severity, message, remedy, names: [] };
      found.names.push(decision.workspace_name);
      where.set(message, found);
    }
  }
  if (!where.size) return null;
  return section(
    words.say("section.policy"),
    h(
      "ul",
      { class: "findings" },
      [...where.values()].map((finding) =>
        h(
          "li",
          { class: finding.severity },
          icon("warn"),
          h(
            "span",
            null,
            finding.message,
            " ",
            h("span", { class: "faint" }, finding.remedy),
            " ",
            more(
              words.say("plan.several", { count: finding.names.length }),
              h("p", { class: "faint small" }, finding.names.join(", ")),
            ),
          ),
        ),
      ),
    ),
  );
}

function counts(words, resources) {
  const marks = { create: "plus", update: "tilde", replace: "swap", delete: "minus" };
  return ORDER.map((action) => [action, resources.filter((one) => one.action === action).length])
    .filter(([, count]) => count)
    .map(([action, count]) =>
      h("span", { class: action }, icon(marks[action]), words.say(`count.${action}`, { count })),
    );
}
