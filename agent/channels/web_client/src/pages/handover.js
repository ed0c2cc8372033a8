/** Handing a plan over: another person who may decide it is asked. Whoever hands it over may still decide it. */

import { h } from "../dom.js";

export function handover(words, api, plan) {
  const told = h("span", { class: "faint small", role: "status" });
  const open = h("button", { type: "button", class: "quiet", on: { click: () => offer() } }, words.say("over"));
  const box = h("div", { class: "hand-over" }, open, told);

  async function offer() {
    open.disabled = true;
    const { candidates = [] } = await api.plan(plan.plan_id).catch(() => ({}));
    open.disabled = false;
    if (!candidates.length) return void (told.textContent = words.say("over.none"));
    const options = candidates.map(({ mark, name, where }) => h("option", { value: mark }, words.say("over.where", { name, where })));
    const list = h("select", null, options);
    const give = h("button", { type: "button", class: "secondary", on: { click: () => hand(list, give) } }, words.say("over.do"));
    open.replaceWith(h("label", null, h("span", null, words.say("over.to")), list), give);
    list.focus({ preventScroll: true });
  }
  async function hand(list, give) {
    give.disabled = true;
    try {
      told.textContent = (await api.handOver(plan.plan_id, list.value)).text;
    } catch (refused) {
      told.textContent = refused.text || words.say("refused.network");
    }
    give.disabled = false;
    give.focus({ preventScroll: true });
  }
  return box;
}
