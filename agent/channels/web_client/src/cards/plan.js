/** A plan: what it is, what it costs and what to mind come first; the bill, the reasons and the rest by tabs. */

import { append, h, icon } from "../dom.js";
import { drawing } from "../markdown.js";
import { bill, costChart, difference } from "./cost.js";
import { Decision } from "./decide.js";
import { planForm } from "./form.js";
import { facts, grid, more, place, resourceName, section, size, tabs, workers } from "./parts.js";
import { several } from "./several.js";

const ACTIONS = { create: "plus", update: "tilde", replace: "swap", delete: "minus" };
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
 * The card, folded to its head and foot; `open` draws what is between, which a plan that is over does not need.
 * @param {import("../words.js").Words} words
 * @param plan the event
 * @param {{confirm: Function, reject: Function, say: (text: string) => void, person?: () => any, beside?: Node}} act
 *   `beside` stands beside the buttons of the decision
 * @param {any} [earlier] the plan that this one replaces
 */
export function planCard(words, plan, act, earlier = null) {
  const decision = new Decision(words, plan, act);
  const one = plan.decision ? (plan.items?.[0] ?? plan) : null;
  const name = one ? plan.decision.workspace_name : words.say("plan.several", { count: plan.items.length });
  const body = h("div", { class: "body", hidden: true });
  const fold = h("button", { type: "button", class: "quiet fold", "aria-expanded": "false", hidden: true }, words.say("plan.show"));
  fold.addEventListener("click", () => (body.hidden ? open() : close()));
  const element = h(
    "article",
    { class: `card plan ${plan.action}`, "aria-label": `${words.say(`plan.${plan.action}`)} ${name}` },
    head(words, plan, one, name, fold),
    body,
    decision.element,
  );
  if (act.beside) decision.add(act.beside);
  if (one && plan.action !== "destroy" && act.say) decision.add(editing(words, plan, act, body));

  function open() {
    if (!body.hasChildNodes()) append(body, [content(words, plan, act, { one, earlier })]);
    body.hidden = false;
    fold.setAttribute("aria-expanded", "true");
  }
  function close() {
    body.hidden = true;
    body.replaceChildren();
    fold.setAttribute("aria-expanded", "false");
  }
  function over() {
    element.classList.add("settled");
    fold.hidden = false;
    close();
  }
  return {
    element,
    plan,
    open,
    comment: () => decision.comment,
    fail: (text) => decision.fail(text),
    settle: (status, by) => (over(), element.classList.add(status), decision.settle(status, by)),
    lapse: () => (over(), element.classList.add("lapsed"), decision.lapse()),
  };
}

function head(words, plan, one, name, fold) {
  const mark = icon({ create: "plus", change: "tilde", destroy: "minus" }[plan.action]);
  const { team, environment, workload_type: workload } = plan.decision ?? {};
  return h(
    "header",
    null,
    h("span", { class: `badge ${plan.action}` }, mark, words.say(`plan.${plan.action}`)),
    h("h2", null, name),
    h("span", { class: `target ${plan.target.mode}` }, target(words, plan.target)),
    fold,
    one &&
      h("p", { class: "faint" }, words.say("plan.for", { team, environment, workload: words.value(workload) })),
  );
}

function target(words, where) {
  return where.mode === "sandbox"
    ? words.say("sandbox.long")
    : words.say("azure.long", { subscription: where.subscription ?? "" });
}

/** The button that puts the form above the rest of the card, and takes it away again. */
function editing(words, plan, act, body) {
  const button = h("button", { type: "button", class: "secondary", "aria-expanded": "false" }, icon("edit"), words.say("form.edit"));
  let form = null;
  function close() {
    form?.remove();
    form = null;
    button.setAttribute("aria-expanded", "false");
    button.focus({ preventScroll: true });
  }
  button.addEventListener("click", () => {
    if (form) return close();
    form = planForm(words, plan, act, close);
    body.prepend(form);
    button.setAttribute("aria-expanded", "true");
    form.querySelector("input, select").focus();
    form.scrollIntoView({ block: "nearest" });
  });
  return button;
}

function content(words, plan, act, { one, earlier }) {
  const destroys = plan.action === "destroy";
  if (!one) return [several(words, plan, earlier), unused(words, plan.unused ?? [])];
  return [
    destroys && h("p", { class: "loss" }, icon("warn"), words.say("plan.destroy.warning")),
    plan.before && changes(words, plan.before, plan),
    !plan.before && earlier?.decision && changes(words, earlier, plan, "section.amended"),
    costChart(words, plan.cost, limitOf(plan)),
    policy(words, plan.policy),
    plan.decision.additional_requirements &&
      h("p", { class: "warn-text" }, words.say("plan.noted", { text: plan.decision.additional_requirements })),
    unused(words, plan.unused ?? []),
    configuration(words, plan.decision),
    plan.alternatives.length && act.say ? alternatives(words, plan, act) : null,
    tabs(words.say("plan.parts"), parts(words, plan)),
  ];
}

/** Everything that is known of a plan, by name; the page for printing shows all of it. */
export function parts(words, plan) {
  const destroys = plan.action === "destroy";
  return [
    plan.cost.lines?.length && { name: "bill", draw: () => bill(words, plan.cost) },
    !destroys && { name: "why", draw: () => [reasons(words, plan.decision), fromWords(words, plan.sources?.[0] ?? {})] },
    plan.resources.length && { name: "resources", draw: () => resources(words, plan.resources) },
    !destroys && plan.diagram && { name: "picture", draw: () => diagram(words, plan.diagram) },
  ]
    .filter(Boolean)
    .map((part) => ({ ...part, title: words.say(`tab.${part.name}`) }));
}

function limitOf({ decision, cost }) {
  return decision.monthly_limit !== null && decision.currency === cost.currency ? decision.monthly_limit : null;
}

/** The decision as pairs; also the configuration on a workspace's page, whose own end may have moved since. */
export function configuration(words, decision, ends = decision.expires_on) {
  const options = ["spot", "photon", "enable_gpu"].filter((name) => decision[name]).map((name) => words.field(name));
  const machines = size(decision.worker_instance_type);
  const driver = size(decision.driver_instance_type);
  return facts([
    [words.field("region"), place(words, decision.region)],
    [words.field("worker_instance_type"), machines],
    [words.field("driver_instance_type"), driver === machines ? null : driver],
    [words.field("workers"), [workers(words, decision), options.length ? `, ${options.join(", ")}` : ""].join("")],
    [words.field("spark_version"), decision.spark_version],
    [words.field("network"), words.value(decision.network)],
    [words.field("autotermination_minutes"), words.say("idle.minutes", { count: decision.autotermination_minutes })],
    [words.field("databricks_sku"), decision.databricks_sku],
    [words.field("expires_on"), ends ? words.day(ends) : words.say("never")],
    [words.field("resource_group_name"), decision.resource_group_name],
  ]);
}

function setting(words, name, value) {
  if (name === "region") return place(words, value);
  if (name.endsWith("instance_type")) return size(value);
  if (name === "expires_on") return value ? words.day(value) : words.say("never");
  return words.value(value);
}

/** What a change changes: now beside then, and what that does to the price. */
export function changes(words, before, after, title = "section.changes") {
  const rows = COMPARED.filter((name) => before.decision[name] !== after.decision[name]).map((name) => [
    words.field(name),
    h("del", null, setting(words, name, before.decision[name])),
    h("ins", null, setting(words, name, after.decision[name])),
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
    words.say(title),
    h("div", { class: "diff" }, grid(words.say(title), columns, rows)),
    difference(words, before.cost, after.cost),
  );
}

function policy(words, findings) {
  if (!findings.length) return null;
  const told = [...new Map(findings.map((finding) => [finding.message, finding])).values()];
  return h(
    "ul",
    { class: "findings", "aria-label": words.say("section.policy") },
    told.map((finding) =>
      h(
        "li",
        { class: finding.severity },
        icon("warn"),
        h("span", null, finding.message, " ", h("span", { class: "faint" }, finding.remedy)),
      ),
    ),
  );
}

export function reasons(words, decision) {
  const line = (title, because, source = null) =>
    h("li", null, h("strong", null, title), h("span", null, because), source && h("cite", null, source));
  const assumed = decision.assumptions;
  return [
    h(
      "ul",
      { class: "reasons" },
      decision.justification.map((reason) => line(size(reason.choice), reason.because, reason.source)),
    ),
    assumed.length
      ? more(
          words.say("assumed.more", { count: assumed.length }),
          h(
            "ul",
            { class: "reasons" },
            assumed.map((one) => line(`${words.field(one.field)}: ${words.value(one.value)}`, one.because)),
          ),
        )
      : null,
  ];
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
  return [
    h(
      "p",
      { class: "counts" },
      counts
        .filter(([, count]) => count)
        .map(([action, count]) =>
          h("span", { class: action }, icon(ACTIONS[action]), words.say(`count.${action}`, { count })),
        ),
    ),
    h(
      "ul",
      { class: "resources" },
      all.map((one) =>
        h(
          "li",
          { class: one.action },
          icon(ACTIONS[one.action]),
          h("span", { class: "unseen" }, words.say(`action.${one.action}`)),
          h("span", { title: one.address }, resourceName(one.address)),
          one.forced_by?.length
            ? h("span", { class: "faint small" }, words.say("forced", { by: one.forced_by.join(", ") }))
            : null,
        ),
      ),
    ),
  ];
}

/** Each as a button that asks for it: a plan of it takes this one's place, and waits as this one does. */
function alternatives(words, plan, act) {
  return section(
    words.say("section.alternatives"),
    h(
      "div",
      { class: "chips" },
      plan.alternatives.map(({ label, cost }) =>
        h(
          "button",
          { type: "button", class: "chip", on: { click: () => act.say(label) } },
          [`${label} · ${words.money(cost.expected, cost.currency, 0)}`, words.difference(cost, plan.cost, 0)].filter(Boolean).join(" · "),
        ),
      ),
    ),
  );
}

/** The architecture as the server drew it. */
export function diagram(words, svg) {
  return h(
    "div",
    { class: "diagram", tabindex: "0", role: "group", "aria-label": words.say("section.diagram") },
    drawing(svg),
  );
}
