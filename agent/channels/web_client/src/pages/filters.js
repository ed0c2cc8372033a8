/** What a list is narrowed to. */

import { h } from "../dom.js";

export const CHOICES = ["team", "owner", "environment", "status"];
const DAY_MS = 86_400_000;

/** The field that a column shows: of a status the server's words for it, which the chat says too. */
export function shownAs(name) {
  return name === "status" ? "state" : name;
}

export function filters(words, deployments, chosen, currency, show) {
  const set = (name) => (event) => ((chosen[name] = event.target.value), show());
  const option = (name, value, text) => h("option", { value, selected: chosen[name] === value }, text);
  const choice = (name) => {
    const values = [...new Set(deployments.map((one) => one[shownAs(name)]).filter(Boolean))].sort();
    const options = values.map((value) => option(name, value, name === "status" ? value : words.value(value)));
    const all = option(name, "", words.say("filter.all"));
    return labelled(words.field(name), h("select", { id: name, on: { change: set(name) } }, all, options));
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
  const within = ["7", "30", "90"].map((days) => option("expiry", days, words.say("filter.days", { count: days })));
  const all = option("expiry", "", words.say("filter.all"));
  const reset = () => (Object.keys(chosen).forEach((name) => (chosen[name] = "")), setTimeout(() => (clear(), show())));
  return h(
    "form",
    { class: "filters", role: "search", on: { submit: (event) => event.preventDefault(), reset } },
    labelled(words.say("filter.search"), search, "wide-field"),
    unfolding(words),
    CHOICES.map(choice),
    labelled(words.say("filter.expiry"), h("select", { id: "expiry", on: { change: set("expiry") } }, all, within)),
    labelled(`${words.say("filter.cost")} (${currency})`, least),
    h("button", { type: "reset", class: "quiet" }, words.say("filter.clear")),
  );

  function clear() {
    for (const field of [search, least]) field.value = "";
    for (const select of search.form.querySelectorAll("select")) select.value = "";
  }
}

/** On a phone the rest of the filters would push the list out of sight. */
function unfolding(words) {
  const unfold = ({ currentTarget: button }) =>
    button.setAttribute("aria-expanded", String(button.form.classList.toggle("unfolded")));
  const props = { type: "button", class: "secondary unfold", "aria-expanded": "false", on: { click: unfold } };
  return h("button", props, words.say("filter.more"));
}

function labelled(text, field, kind = null) {
  return h("div", { class: kind }, h("label", { for: field.id }, text), field);
}

export function matches(one, chosen) {
  const words = chosen.q.toLowerCase().split(/\s+/).filter(Boolean);
  const text = [one.workspace_name, one.team, one.owner, one.region, one.deployment_id, one.state].join(" ").toLowerCase();
  return (
    words.every((word) => text.includes(word)) &&
    CHOICES.every((name) => !chosen[name] || one[shownAs(name)] === chosen[name]) &&
    (!chosen.expiry || (one.expires_on && new Date(one.expires_on) - Date.now() < Number(chosen.expiry) * DAY_MS)) &&
    (!chosen.monthly || (one.monthly ?? 0) >= Number(chosen.monthly))
  );
}
