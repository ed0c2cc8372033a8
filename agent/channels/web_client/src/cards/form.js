/**
 * A plan's main choices as fields. What is changed is said as one sentence, as if it had been typed: the plan is made
 * anew by the same rules, and nothing is decided here.
 */

import { h } from "../dom.js";

const MAIL = /^[^\s,;@]+@[^\s,;@]+\.[^\s,;@]+$/;
const PLAIN = /^[\w.-]{1,40}$/;
const DAY_MS = 86_400_000;

/** @param {{say: (text: string) => void, person?: () => any}} act @param {() => void} close */
export function planForm(words, plan, act, close) {
  const { decision } = plan;
  const fields = fieldsOf(words, plan);
  const told = h("p", { class: "small refused", role: "alert" });
  const me = mine(act.person?.());
  const owner = fields.find(({ name }) => name === "owner");
  const add =
    me &&
    h(
      "button",
      { type: "button", class: "quiet", on: { click: () => ((owner.input.value = me), owner.input.focus()) } },
      words.say("form.me"),
    );
  const form = h(
    "form",
    { class: "plan-form", "aria-label": words.say("form", { name: decision.workspace_name }), novalidate: true },
    h(
      "div",
      { class: "form-fields" },
      fields.map(({ name, input, list }) =>
        h("div", null, h("label", null, words.say(`form.${name}`), input), list, name === "owner" && add),
      ),
    ),
    told,
    h(
      "div",
      { class: "chips" },
      h("button", { type: "submit", class: "secondary" }, words.say("form.plan")),
      h("button", { type: "button", class: "quiet", on: { click: close } }, words.say("form.cancel")),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = fields.find((field) => changed(field) && !field.fits(field.input.value.trim()));
    if (wrong) {
      told.textContent = words.say(`form.wrong.${wrong.name}`);
      return wrong.input.focus();
    }
    const text = sentence(fields);
    if (text) act.say(plan.action === "change" ? `change ${decision.workspace_name} to ${text}` : text);
    close();
  });
  return form;
}

function mine(person) {
  return [person?.email, person?.id].find((one) => one && MAIL.test(one)) ?? null;
}

function changed({ input, before }) {
  return input.value.trim() !== before;
}

function fieldsOf(words, plan) {
  const { decision, request, cost } = plan;
  const whole = (text) => /^\d{1,4}$/.test(text);
  const field = (name, before, type, fits, props = {}) => ({
    name,
    before: String(before ?? ""),
    fits,
    input: h("input", { type, value: String(before ?? ""), autocomplete: "off", ...props }),
  });
  const today = new Date().toISOString().slice(0, 10);
  const numbers = { min: "0", inputmode: "numeric" };
  const made = [
    field("min_workers", decision.min_workers, "number", whole, numbers),
    field("max_workers", decision.max_workers, "number", whole, numbers),
    field("budget", decision.monthly_limit, "number", (text) => Number(text) > 0, { min: "1", inputmode: "decimal" }),
    field("owner", request.owner, "email", (text) => MAIL.test(text)),
    field("cost_center", request.cost_center, "text", (text) => PLAIN.test(text)),
    field("expires_on", decision.expires_on, "date", (text) => text > today, { min: today }),
  ];
  made.forEach((one) => (one.currency = decision.currency ?? cost.currency));
  return plan.action === "create" ? [regionField(words, field, decision), ...made] : made;
}

function regionField(words, field, decision) {
  const regions = Object.entries(words.regions ?? {});
  const known = (text) => /^[a-z0-9]{4,24}$/.test(text) && (!regions.length || text in words.regions);
  const made = field("region", decision.region, "text", known, { list: "regions", spellcheck: "false" });
  if (regions.length) {
    const option = ([value, text]) => h("option", { value, selected: value === decision.region }, text);
    made.input = h("select", null, regions.map(option));
  }
  return made;
}

function sentence(fields) {
  const by = Object.fromEntries(fields.map((field) => [field.name, field]));
  const value = (name) => by[name].input.value.trim();
  const is = (name) => by[name] && changed(by[name]) && value(name);
  const days = () => Math.round((new Date(value("expires_on")) - new Date(new Date().toISOString().slice(0, 10))) / DAY_MS);
  return [
    is("region") && `region ${value("region")}`,
    (is("min_workers") || is("max_workers")) && `${value("min_workers")} to ${value("max_workers")} workers`,
    is("budget") && `budget ${value("budget")} ${by.budget.currency} a month`,
    is("owner") && `owner is ${value("owner")}`,
    is("cost_center") && `cost center ${value("cost_center")}`,
    is("expires_on") && `expires in ${days()} days`,
  ]
    .filter(Boolean)
    .join(", ");
}
