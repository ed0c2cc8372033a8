/** The table of deployments with its filters and charts. Filters live in the address, so that a view can be shared. */

import { h } from "../dom.js";
import { grid } from "../cards/parts.js";
import { bars } from "./charts.js";

const CHOICES = ["team", "owner", "environment", "status"];
const DAY_MS = 86_400_000;
const SORTS = [
  "workspace_name",
  "status",
  "environment",
  "team",
  "owner",
  "region",
  "monthly",
  "expires_on",
  "updated_at",
];

export function list(words, { deployments, totals, currency }) {
  const asked = new URLSearchParams(location.search);
  const chosen = Object.fromEntries(
    ["q", ...CHOICES, "expiry", "monthly"].map((name) => [name, asked.get(name) ?? ""]),
  );
  // What an older link names by the record's own word is meant by its word for people.
  chosen.status = deployments.find((one) => one.status === chosen.status)?.state ?? chosen.status;
  const order = { by: asked.get("by") ?? "updated_at", down: asked.get("down") !== "0" };
  const table = h("div", { class: "found" });
  const count = h("p", { class: "faint small", role: "status" });
  const form = filters(words, deployments, chosen, currency, show);
  show();
  return [
    h("h1", null, words.say("page.deployments")),
    deployments.length ? charts(words, totals, currency) : null,
    form,
    count,
    table,
  ];

  function show() {
    const found = sorted(
      deployments.filter((one) => matches(one, chosen)),
      order,
    );
    remember(chosen, order);
    count.textContent = words.say("filter.found", { count: found.length });
    table.replaceChildren(
      found.length
        ? rows(words, found, order, resort)
        : h("p", { class: "card" }, words.say(deployments.length ? "list.empty" : "list.nothing")),
    );
  }
  function resort(by) {
    order.down = order.by === by ? !order.down : ["monthly", "updated_at"].includes(by);
    order.by = by;
    show();
    table.querySelector(`[data-by="${by}"]`)?.focus();
  }
}

function charts(words, totals, currency) {
  const named = (rows, key) =>
    rows
      .map((row) => ({ name: row[key], amount: row.monthly, unknown: row.unknown, currency: row.currency ?? currency }))
      .filter((row) => row.currency === currency);
  return h(
    "div",
    { class: "charts" },
    bars(words, words.say("chart.team"), named(totals.by_team, "team"), currency),
    bars(words, words.say("chart.environment"), named(totals.by_environment, "environment"), currency),
  );
}

function filters(words, deployments, chosen, currency, show) {
  const set = (name) => (event) => ((chosen[name] = event.target.value), show());
  const option = (name, value, text) => h("option", { value, selected: chosen[name] === value }, text);
  const choice = (name) => {
    const values = [...new Set(deployments.map((one) => one[shownAs(name)]).filter(Boolean))].sort();
    return labelled(
      words.field(name),
      h(
        "select",
        { id: name, on: { change: set(name) } },
        option(name, "", words.say("filter.all")),
        values.map((value) => option(name, value, name === "status" ? value : words.value(value))),
      ),
    );
  };
  const search = h("input", { id: "q", type: "search", value: chosen.q, on: { input: set("q") } });
  const least = h("input", {
    id: "monthly",
    type: "number",
    min: "0",
    step: "50",
    inputmode: "numeric",
    value: chosen.monthly,
    on: { input: set("monthly") },
  });
  return h(
    "form",
    {
      class: "filters",
      role: "search",
      on: {
        submit: (event) => event.preventDefault(),
        reset: () => (Object.keys(chosen).forEach((name) => (chosen[name] = "")), setTimeout(() => (clear(), show()))),
      },
    },
    labelled(words.say("filter.search"), search, "wide-field"),
    CHOICES.map(choice),
    labelled(
      words.say("filter.expiry"),
      h(
        "select",
        { id: "expiry", on: { change: set("expiry") } },
        option("expiry", "", words.say("filter.all")),
        ["7", "30", "90"].map((days) => option("expiry", days, words.say("filter.days", { count: days }))),
      ),
    ),
    labelled(`${words.say("filter.cost")} (${currency})`, least),
    h("button", { type: "reset", class: "quiet" }, words.say("filter.clear")),
  );

  function clear() {
    for (const field of [search, least]) field.value = "";
    for (const select of search.form.querySelectorAll("select")) select.value = "";
  }
}

function labelled(text, field, kind = null) {
  return h("div", { class: kind }, h("label", { for: field.id }, text), field);
}

function matches(one, chosen) {
  const words = chosen.q.toLowerCase().split(/\s+/).filter(Boolean);
  const text = [one.workspace_name, one.team, one.owner, one.region, one.deployment_id, one.state].join(" ").toLowerCase();
  return (
    words.every((word) => text.includes(word)) &&
    CHOICES.every((name) => !chosen[name] || one[shownAs(name)] === chosen[name]) &&
    (!chosen.expiry || (one.expires_on && new Date(one.expires_on) - Date.now() < Number(chosen.expiry) * DAY_MS)) &&
    (!chosen.monthly || (one.monthly ?? 0) >= Number(chosen.monthly))
  );
}

function sorted(rows, { by, down }) {
  const compared = (one, other) => {
    const [a, b] = [one[shownAs(by)], other[shownAs(by)]];
    if (a === b) return 0;
    if (a === null || a === undefined) return 1;
    if (b === null || b === undefined) return -1;
    return (a < b ? -1 : 1) * (down ? -1 : 1);
  };
  return rows.toSorted(compared);
}

function rows(words, found, order, resort) {
  const columns = SORTS.map((name) => ({
    end: name === "monthly",
    text: h(
      "button",
      { type: "button", class: "sort", "data-by": name, on: { click: () => resort(name) } },
      words.field(name),
      order.by === name ? h("span", { "aria-hidden": "true" }, order.down ? " ↓" : " ↑") : null,
    ),
  }));
  const known = found.filter((one) => one.monthly !== null && one.status !== "destroyed");
  const currencies = new Set(known.map((one) => one.currency));
  const table = grid(
    words.say("page.deployments"),
    columns,
    found.map((one) => [
      h("a", { href: `/deployments/${encodeURIComponent(one.deployment_id)}` }, one.workspace_name),
      status(one),
      one.environment,
      one.team,
      one.owner ?? "",
      one.region,
      words.money(one.monthly, one.currency),
      one.expires_on ? words.day(one.expires_on) : words.say("never"),
      words.moment(one.updated_at),
    ]),
    currencies.size === 1
      ? [
          words.say("cost.total"),
          "",
          "",
          "",
          "",
          "",
          words.money(
            known.reduce((sum, one) => sum + one.monthly, 0),
            [...currencies][0],
          ),
          "",
          "",
        ]
      : null,
  );
  const head = table.querySelectorAll("th");
  head[SORTS.indexOf(order.by)]?.setAttribute("aria-sort", order.down ? "descending" : "ascending");
  return table;
}

/** The field that a column shows: of a status the server's words for it, which the chat says too. */
function shownAs(name) {
  return name === "status" ? "state" : name;
}

/** A status as a coloured word. */
export function status(one) {
  return h("span", { class: `state ${one.status}` }, one.state);
}

function remember(chosen, order) {
  const asked = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value));
  if (order.by !== "updated_at" || !order.down) (asked.set("by", order.by), asked.set("down", order.down ? "1" : "0"));
  const text = asked.toString();
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
}
