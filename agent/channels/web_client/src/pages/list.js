/** The table of deployments with its filters and charts. Filters live in the address, so that a view can be shared. */

import { h, icon } from "../dom.js";
import { save } from "../cards/parts.js";
import { place } from "../cards/parts.js";
import { bars, steps } from "./charts.js";
import { csv } from "./csv.js";
import { CHOICES, filters, matches, shownAs } from "./filters.js";
import { by, currencyOf, live, overTime, planned, total } from "./sums.js";

const SORTS = ["workspace_name", "status", "environment", "team", "owner", "region", "monthly", "expires_on", "updated_at"];
const BULK = ["extend", "destroy"];

export function list(words, { deployments, currency }) {
  const asked = new URLSearchParams(location.search);
  const chosen = Object.fromEntries(["q", ...CHOICES, "expiry", "monthly"].map((name) => [name, asked.get(name) ?? ""]));
  // What an older link names by the record's own word is meant by its word for people.
  chosen.status = deployments.find((one) => one.status === chosen.status)?.state ?? chosen.status;
  const order = { by: asked.get("by") ?? "updated_at", down: asked.get("down") !== "0" };
  const picked = new Set();
  const [charts, table, tools] = ["charts", "found", "tools-row"].map((kind) => h("div", { class: kind }));
  const count = h("p", { class: "faint small", role: "status" });
  const head = h("h1", null, words.say("page.deployments"));
  if (!deployments.length) return [head, nothing(words)];
  const form = filters(words, deployments, chosen, currency, show);
  let found = [];
  show();
  return [head, charts, form, h("div", { class: "above" }, count, tools), table];

  function show() {
    found = sorted(
      deployments.filter((one) => matches(one, chosen)),
      order,
    );
    for (const id of [...picked]) if (!found.some((one) => one.deployment_id === id)) picked.delete(id);
    remember(chosen, order);
    count.textContent = counted(words, found);
    charts.replaceChildren(...drawn(words, found).filter(Boolean));
    table.replaceChildren(
      found.length ? rows(words, found, { order, resort, picked, pick }) : h("p", { class: "card" }, words.say("list.empty")),
    );
    offer();
  }
  function pick(ids, on) {
    for (const id of ids) on ? picked.add(id) : picked.delete(id);
    for (const box of table.querySelectorAll("input[data-id]")) box.checked = picked.has(box.dataset.id);
    offer();
  }
  function offer() {
    const names = found.filter((one) => picked.has(one.deployment_id) && one.live).map((one) => one.workspace_name);
    const download = () => save("deployments.csv", csv(exported(words, found)), "text/csv");
    const acts = BULK.map((name) =>
      h("a", { class: "button secondary", href: `/?say=${encodeURIComponent(words.say(`bulk.say.${name}`, { names: names.join(" and ") }))}` }, words.say(`bulk.${name}`)),
    );
    tools.replaceChildren(
      ...(names.length ? [h("span", { class: "faint small", role: "status" }, words.say("list.chosen", { count: names.length })), ...acts] : []),
      h("button", { type: "button", class: "quiet", on: { click: download } }, icon("down"), words.say("list.csv")),
    );
  }
  function resort(name) {
    order.down = order.by === name ? !order.down : ["monthly", "updated_at"].includes(name);
    order.by = name;
    show();
    table.querySelector(`[data-by="${name}"]`)?.focus();
  }
}

function nothing(words) {
  return h(
    "section",
    { class: "card empty" },
    h("p", null, words.say("list.nothing")),
    h("a", { class: "button primary", href: "/" }, words.say("list.ask")),
  );
}

/** How many, and what of them is only planned: the total below is of what is deployed. */
function counted(words, found) {
  const waiting = planned(found);
  const currency = currencyOf(waiting);
  const said = words.say("filter.found", { count: found.length });
  return currency ? `${said}, ${words.say("list.planned", { amount: words.money(total(waiting), currency, 0) })}` : said;
}

/** Of what the filters leave, and of nothing else. */
function drawn(words, found) {
  const rows = live(found);
  const currency = currencyOf(rows);
  if (!currency) return [];
  return [
    bars(words, words.say("chart.team"), by(rows, "team"), currency),
    bars(words, words.say("chart.environment"), by(rows, "environment"), currency),
    steps(words, words.say("chart.time"), overTime(found.filter((one) => one.currency === currency)), currency),
  ];
}

function sorted(rows, { by: name, down }) {
  const compared = (one, other) => {
    const [a, b] = [one[shownAs(name)], other[shownAs(name)]];
    if (a === b) return 0;
    if (a === null || a === undefined) return 1;
    if (b === null || b === undefined) return -1;
    return (a < b ? -1 : 1) * (down ? -1 : 1);
  };
  return rows.toSorted(compared);
}

function rows(words, found, { order, resort, picked, pick }) {
  const heads = SORTS.map((name) =>
    h(
      "th",
      {
        scope: "col",
        class: name === "monthly" ? "end" : null,
        "data-col": name,
        "aria-sort": order.by === name ? (order.down ? "descending" : "ascending") : null,
      },
      h(
        "button",
        { type: "button", class: "sort", "data-by": name, on: { click: () => resort(name) } },
        words.field(name),
        order.by === name ? h("span", { "aria-hidden": "true" }, order.down ? " ↓" : " ↑") : null,
      ),
    ),
  );
  const all = box(words.say("list.all"), { on: { change: (event) => pick(found.map((one) => one.deployment_id), event.target.checked) } });
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": words.say("page.deployments") },
    h(
      "table",
      null,
      h("thead", null, h("tr", null, h("th", { class: "box" }, all), heads)),
      h(
        "tbody",
        null,
        found.map((one) => line(words, one, picked, pick)),
      ),
      foot(words, live(found)),
    ),
  );
}

function box(label, props) {
  return h("label", { class: "box" }, h("input", { type: "checkbox", ...props }), h("span", { class: "unseen" }, label));
}

function line(words, one, picked, pick) {
  const id = one.deployment_id;
  const change = (event) => pick([id], event.target.checked);
  const choose = box(words.say("list.choose", { name: one.workspace_name }), { "data-id": id, checked: picked.has(id), on: { change } });
  const filter = (name) => h("a", { class: "plainly", href: `?${name}=${encodeURIComponent(one[name])}` }, one[name]);
  const cells = {
    workspace_name: [h("a", { href: `/deployments/${encodeURIComponent(id)}` }, one.workspace_name), h("span", { class: "narrow" }, status(one))],
    status: status(one),
    environment: one.environment,
    team: filter("team"),
    owner: one.owner ?? "",
    region: place(words, one.region),
    monthly: words.money(one.monthly, one.currency),
    expires_on: one.expires_on ? words.day(one.expires_on) : words.say("never"),
    updated_at: h("time", { datetime: one.updated_at, title: words.moment(one.updated_at) }, words.ago(one.updated_at)),
  };
  const cell = (name) => h("td", { "data-col": name, class: name === "monthly" ? "end" : null }, cells[name]);
  return h("tr", { class: one.live ? null : "idle" }, h("td", { class: "box" }, choose), SORTS.map(cell));
}

function foot(words, rows) {
  const currency = currencyOf(rows);
  if (!currency) return null;
  const sum = words.money(total(rows), currency);
  const cell = (name) =>
    h("td", { "data-col": name, class: name === "monthly" ? "end" : null }, { workspace_name: words.say("cost.total.live"), monthly: sum }[name] ?? "");
  return h("tfoot", null, h("tr", null, h("td", { class: "box" }), SORTS.map(cell)));
}

function exported(words, found) {
  const fields = [...SORTS, "currency", "created_at", "requested_by", "url", "deployment_id"];
  return [fields.map((name) => words.field(name)), ...found.map((one) => fields.map((name) => one[shownAs(name)] ?? ""))];
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
