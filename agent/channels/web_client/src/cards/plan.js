/** The plan that awaits a decision: what, what it costs, what changes, why, what policy says, how to decide. */

import { h, icon } from "../dom.js";
import { drawing } from "../markdown.js";
import { bill, costChart, difference } from "./cost.js";
import { Decision } from "./decide.js";
import { facts, grid, more, section, size, workers } from "./parts.js";
import { several } from "./several.js";

const ACTIONS = { create: "plus", update: "tilde", replace: "swap", delete: "minus" };
const FIRST_REASONS = ["node_type", "workers", "network", "region"];
const MOST_RESOURCES = 8;
const COMPARED = [
  "worker_instance_type",
  "driver_instance_type",
  "min_workers",
  "max_workers",
  "spark_version",
  "photon",
  "spot",
  "enable_gpu",
  "network",
  "region",
  "databricks_sku",
  "autotermination_minutes",
  "hours_per_week",
  "monthly_limit",
  "expires_on",
];

/** Says what `expires_on` says. */
const EXPIRY_TAG = "expires-on";

/**
 * @param {import("../words.js").Words} words
 * @param plan the event
 * @param {{confirm: (plan: any, phrase: string | null) => Promise<void>, reject: (plan: any) => Promise<void>, suggest: (text: string) => void}} act
 * @returns {{element: HTMLElement, settle: (status: string, by?: string | null) => void, lapse: () => void, fail: (text: string) => void}}
 */
export function planCard(words, plan, act) {
  const decision = new Decision(words, plan, act);
  const one = plan.decision ? (plan.items?.[0] ?? plan) : null;
  const name = one ? plan.decision.workspace_name : words.say("plan.several", { count: plan.items.length });
  const body = one ? single(words, plan, act) : several(words, plan);
  const element = h(
    "article",
    { class: `card plan ${plan.action}`, "aria-label": `${title(words, plan)} ${name}` },
    h(
      "header",
      null,
      h(
        "span",
        { class: `badge ${plan.action}` },
        icon({ create: "plus", change: "tilde", destroy: "minus" }[plan.action]),
        title(words, plan),
      ),
      h("h3", null, name),
      h("span", { class: `target ${plan.target.mode}` }, target(words, plan.target)),
      one &&
        h(
          "p",
          { class: "faint" },
          words.say("plan.for", {
            team: plan.decision.team,
            environment: plan.decision.environment,
            workload: words.value(plan.decision.workload_type),
          }),
        ),
    ),
    h("div", { class: "body" }, body, unused(words, plan.unused ?? [])),
    decision.element,
  );
  return {
    element,
    fail: (text) => decision.fail(text),
    settle: (status, by) => (element.classList.add("settled"), decision.settle(status, by)),
    lapse: () => (element.classList.add("settled", "lapsed"), decision.lapse()),
  };
}

function title(words, plan) {
  return words.say(`plan.${plan.action}`);
}

function target(words, where) {
  return where.mode === "sandbox"
    ? words.say("sandbox.long")
    : words.say("azure.long", { subscription: where.subscription ?? "" });
}

function single(words, plan, act) {
  const destroys = plan.action === "destroy";
  return [
    destroys && h("p", { class: "loss" }, icon("warn"), words.say("plan.destroy.warning")),
    plan.before && changes(words, plan.before, plan),
    configuration(words, plan.decision),
    section(words.say("section.cost"), costChart(words, plan.cost, limitOf(plan)), bill(words, plan.cost)),
    policy(words, plan.policy),
    !destroys && reasons(words, plan.decision),
    !destroys && fromWords(words, plan.sources?.[0] ?? {}),
    resources(words, plan.resources),
    plan.alternatives.length ? alternatives(words, plan, act) : null,
    !destroys && plan.diagram && section(words.say("section.diagram"), diagram(words, plan.diagram)),
    plan.decision.additional_requirements &&
      h("p", { class: "warn-text" }, words.say("plan.noted", { text: plan.decision.additional_requirements })),
  ];
}

function limitOf({ decision, cost }) {
  return decision.monthly_limit !== null && decision.currency === cost.currency ? decision.monthly_limit : null;
}

/** The decision as pairs; also the configuration on a workspace's page. */
export function configuration(words, decision) {
  const options = ["spot", "photon", "enable_gpu"].filter((name) => decision[name]).map((name) => words.field(name));
  const machines = size(decision.worker_instance_type);
  const driver = size(decision.driver_instance_type);
  return facts([
    [words.field("region"), decision.region],
    [words.field("worker_instance_type"), h("code", null, machines)],
    [words.field("driver_instance_type"), driver === machines ? null : h("code", null, driver)],
    [words.field("workers"), [workers(words, decision), options.length ? `, ${options.join(", ")}` : ""].join("")],
    [words.field("spark_version"), h("code", null, decision.spark_version)],
    [words.field("network"), words.value(decision.network)],
    [words.field("autotermination_minutes"), words.say("idle.minutes", { count: decision.autotermination_minutes })],
    [words.field("databricks_sku"), decision.databricks_sku],
    [words.field("expires_on"), decision.expires_on ? words.day(decision.expires_on) : words.say("never")],
    [words.field("resource_group_name"), h("code", null, decision.resource_group_name)],
  ]);
}

/** What a change changes: now beside then, and what that does to the price. */
export function changes(words, before, after) {
  const said = (decision, name) => words.value(decision[name]);
  const rows = COMPARED.filter((name) => before.decision[name] !== after.decision[name]).map((name) => [
    words.field(name),
    h("del", null, said(before.decision, name)),
    h("ins", null, said(after.decision, name)),
  ]);
  const [had, has] = [before.decision.tags ?? {}, after.decision.tags ?? {}];
  for (const tag of [...new Set([...Object.keys(had), ...Object.keys(has)])].sort()) {
    if (had[tag] === has[tag] || tag === EXPIRY_TAG) continue;
    const value = (tags) => tags[tag] ?? words.value(null);
    rows.push([words.say("changes.tag", { name: tag }), h("del", null, value(had)), h("ins", null, value(has))]);
  }
  rows.push([
    words.field("expected"),
    h("del", null, words.money(before.cost.expected, before.cost.currency)),
    h("ins", null, words.money(after.cost.expected, after.cost.currency)),
  ]);
  const columns = ["what", "now", "then"].map((name) => ({ text: words.say(`changes.${name}`) }));
  return section(
    words.say("section.changes"),
    h("div", { class: "diff" }, grid(words.say("section.changes"), columns, rows)),
    h("p", { class: "delta" }, difference(words, before.cost, after.cost)),
  );
}

function policy(words, findings) {
  if (!findings.length) return null;
  const told = [...new Map(findings.map((finding) => [finding.message, finding])).values()];
  return section(
    words.say("section.policy"),
    h(
      "ul",
      { class: "findings" },
      told.map((finding) =>
        h(
          "li",
          { class: finding.severity },
          icon("warn"),
          h("span", null, finding.message, " ", h("span", { class: "faint" }, finding.remedy)),
        ),
      ),
    ),
  );
}

export function reasons(words, decision) {
  const [first, others] = [[], []];
  for (const reason of decision.justification) (FIRST_REASONS.includes(reason.about) ? first : others).push(reason);
  const list = (some) =>
    h(
      "ul",
      { class: "reasons" },
      some.map((reason) =>
        h(
          "li",
          null,
          h("strong", null, reason.choice),
          h("span", null, reason.because),
          h("cite", null, reason.source),
        ),
      ),
    );
  const assumed = decision.assumptions;
  return section(
    words.say("section.why"),
    h("div", { class: "brief" }, list(first)),
    others.length
      ? more(words.say("why.more", { count: decision.justification.length }), list([...first, ...others]))
      : null,
    assumed.length
      ? more(
          words.say("assumed.more", { count: assumed.length }),
          h(
            "ul",
            { class: "reasons" },
            assumed.map((one) =>
              h(
                "li",
                null,
                h("strong", null, `${words.field(one.field)}: ${words.value(one.value)}`),
                h("span", null, one.because),
              ),
            ),
          ),
        )
      : null,
  );
}

/** Which value was read from which of the person's own words. */
function fromWords(words, sources) {
  const read = Object.entries(sources);
  if (!read.length) return null;
  return more(
    words.say("sources.more", { count: read.length }),
    h(
      "ul",
      { class: "reasons" },
      read.map(([field, said]) => h("li", null, h("strong", null, words.field(field)), h("q", null, said))),
    ),
  );
}

function unused(words, texts) {
  if (!texts.length) return null;
  return h("p", { class: "warn-text" }, words.say("plan.unused", { text: texts.map((text) => `“${text}”`).join(", ") }));
}

export function resources(words, all) {
  if (!all.length) return null;
  const counts = Object.keys(ACTIONS).map((action) => [action, all.filter((one) => one.action === action).length]);
  const list = (some) =>
    h(
      "ul",
      { class: "resources" },
      some.map((one) =>
        h(
          "li",
          { class: one.action },
          icon(ACTIONS[one.action]),
          h("span", { class: "unseen" }, words.say(`action.${one.action}`)),
          h("code", null, one.address),
          one.forced_by?.length
            ? h("span", { class: "faint small" }, words.say("forced", { by: one.forced_by.join(", ") }))
            : null,
        ),
      ),
    );
  return section(
    words.say("section.resources"),
    h(
      "p",
      { class: "counts" },
      counts
        .filter(([, count]) => count)
        .map(([action, count]) =>
          h("span", { class: action }, icon(ACTIONS[action]), words.say(`count.${action}`, { count })),
        ),
    ),
    all.length <= MOST_RESOURCES ? list(all) : more(words.say("resources.more", { count: all.length }), list(all)),
  );
}

function alternatives(words, plan, act) {
  const options = [{ label: words.say("option.this"), decision: plan.decision, cost: plan.cost }, ...plan.alternatives];
  const rows = [
    [
      words.field("expected"),
      ...options.map(({ cost }) => h("strong", null, words.money(cost.expected, cost.currency))),
    ],
    [words.field("high"), ...options.map(({ cost }) => words.money(cost.high, cost.currency))],
    [words.field("node_type"), ...options.map(({ decision }) => h("code", null, size(decision.worker_instance_type)))],
    [words.field("workers"), ...options.map(({ decision }) => workers(words, decision))],
    ...["spot", "photon", "network", "region"]
      .filter((name) => new Set(options.map((one) => one.decision[name])).size > 1)
      .map((name) => [words.field(name), ...options.map(({ decision }) => words.value(decision[name]))]),
    [
      "",
      "",
      ...plan.alternatives.map(({ label }) =>
        h(
          "button",
          {
            type: "button",
            class: "chip",
            "aria-label": `${words.say("option.use")}: ${label}`,
            on: { click: () => act.suggest(label) },
          },
          words.say("option.use"),
        ),
      ),
    ],
  ];
  const columns = [
    { text: h("span", { class: "unseen" }, words.say("changes.what")) },
    ...options.map(({ label }) => ({ text: label, end: true })),
  ];
  return section(words.say("section.alternatives"), grid(words.say("section.alternatives"), columns, rows));
}

/** The architecture as the server drew it. */
export function diagram(words, svg) {
  return h(
    "div",
    { class: "diagram", tabindex: "0", role: "region", "aria-label": words.say("section.diagram") },
    drawing(svg),
  );
}
