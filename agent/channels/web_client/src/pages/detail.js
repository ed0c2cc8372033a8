/** One workspace's page. Nothing is done from here: each act leads into a conversation, where a plan is confirmed. */

import { h, icon } from "../dom.js";
import { outward } from "../markdown.js";
import { bill, costChart } from "../cards/cost.js";
import { facts, tabs } from "../cards/parts.js";
import { changes, configuration, diagram, reasons, resources } from "../cards/plan.js";
import { steps } from "./charts.js";
import { status } from "./list.js";

export function detail(words, one) {
  return [
    h("p", { class: "crumbs" }, h("a", { href: "/deployments" }, icon("back"), words.say("page.deployments"))),
    h("div", { class: "title" }, h("h1", null, one.workspace_name), status(one)),
    one.error &&
      h(
        "div",
        { class: "card error" },
        icon("warn"),
        h("div", null, h("p", null, one.error.text), h("p", null, one.error.remedy)),
      ),
    acts(words, one),
    h(
      "div",
      { class: "columns" },
      h(
        "div",
        null,
        card(
          words.say("detail.configuration"),
          summary(words, one),
          // Its own end: it may have been moved since the plan was made.
          configuration(words, one.decision, one.expires_on),
          tabs(words.say("detail.configuration"), known(words, one)),
        ),
        one.plan && lastPlan(words, one.plan),
      ),
      h(
        "div",
        null,
        card(
          words.say("section.cost"),
          costChart(words, one.cost, one.decision.currency === one.cost.currency ? one.decision.monthly_limit : null),
          steps(words, words.say("detail.cost"), priced(one), one.cost.currency),
        ),
        card(words.say("detail.timeline"), timeline(words, one.timeline)),
      ),
    ),
  ];
}

function known(words, one) {
  return [
    one.cost.lines?.length && { name: "bill", draw: () => bill(words, one.cost) },
    { name: "why", draw: () => reasons(words, one.decision) },
    one.diagram && { name: "picture", draw: () => diagram(words, one.diagram) },
  ]
    .filter(Boolean)
    .map((part) => ({ ...part, title: words.say(`tab.${part.name}`) }));
}

/** What each plan that was carried out made of its month. */
function priced({ costs = [] }) {
  return costs.length ? [...costs, { ...costs.at(-1), at: new Date().toISOString() }] : [];
}

function card(title, ...content) {
  return h(
    "section",
    { class: "card" },
    h("header", null, h("h2", null, title)),
    h("div", { class: "stack" }, content),
  );
}

function acts(words, one) {
  const gone = one.status === "destroyed";
  const say = (name) =>
    h(
      "a",
      {
        class: `button ${name === "destroy" ? "warns" : ""} secondary`,
        href: address(words.say(`detail.say.${name}`, { name: one.workspace_name }), one.conversation),
      },
      words.say(`detail.${name}`),
    );
  const link = outward(one.url);
  return h(
    "div",
    { class: "acts" },
    link &&
      !gone &&
      h(
        "a",
        { class: "button primary", href: link, target: "_blank", rel: "noopener noreferrer" },
        icon("link"),
        words.say("result.open"),
      ),
    !gone && ["change", "extend", "destroy"].map(say),
    h(
      "a",
      {
        class: "button secondary",
        href: `/api/deployments/${encodeURIComponent(one.deployment_id)}/terraform.zip`,
        download: true,
      },
      icon("down"),
      words.say("detail.terraform"),
    ),
    !gone && h("p", { class: "faint small" }, words.say("detail.ask")),
  );
}

/** The chat with that sentence in its field: in the workspace's own conversation where it is the reader's. */
function address(text, conversation) {
  return `/?${conversation ? `c=${encodeURIComponent(conversation)}&` : ""}say=${encodeURIComponent(text)}`;
}

function summary(words, one) {
  const by = typeof one.requested_by === "string" ? one.requested_by : one.requested_by?.name;
  return facts([
    [words.field("team"), one.team],
    [words.field("environment"), one.environment],
    [words.field("owner"), one.owner ?? words.say("none")],
    [words.field("requested_by"), by],
    [words.field("created_at"), words.moment(one.created_at)],
    [words.field("updated_at"), words.moment(one.updated_at)],
    [words.field("deployment_id"), h("code", null, one.deployment_id)],
  ]);
}

function lastPlan(words, plan) {
  return card(
    `${words.say("detail.plan")}: ${words.say(`plan.${plan.action}`)}`,
    plan.before && plan.decision && changes(words, plan.before, plan),
    resources(words, plan.resources),
  );
}

function timeline(words, entries) {
  return h(
    "ol",
    { class: "timeline" },
    entries.map((entry) =>
      h(
        "li",
        null,
        h("time", { datetime: entry.at }, words.moment(entry.at)),
        h(
          "span",
          null,
          h("strong", null, entry.who),
          ` ${entry.what}`,
          entry.detail ? h("span", { class: "faint block small" }, entry.detail) : null,
        ),
      ),
    ),
  );
}
