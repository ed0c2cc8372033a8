/**
 * The foot of a plan: how it is confirmed or rejected, and what became of that.
 *
 * Buttons die when one is pressed and stay dead once the plan is settled. They come back only when the server says
 * that it kept nothing: a refusal, or no way to reach it.
 */

import { h, icon } from "../dom.js";

/** @returns {{element: HTMLElement, card: (card: HTMLElement) => object}} */
export function decision(words, plan, act) {
  const told = h("p", { class: "told", role: "status" });
  const phrase = plan.confirm.kind === "type" ? plan.confirm.phrase : null;
  const field = phrase && h("input", {
    type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", on: { input: () => set(true), keydown: typed },
  });
  const yes = h("button", { type: "button", class: plan.action === "destroy" ? "danger" : "primary", on: { click: confirm } },
    words.say(`confirm.${plan.action}`));
  const no = h("button", { type: "button", class: "secondary", on: { click: reject } }, words.say("reject"));
  const waits = h("span", { class: "faint small waits" }, icon("clock"), words.say("waits", { time: words.moment(plan.expires_at) }));
  const buttons = h("div", { class: "decide" },
    phrase && h("label", { class: "phrase" }, h("span", null, words.around("type.label", "phrase", h("code", null, phrase))), field),
    yes, no, waits);
  const element = h("footer", null, buttons, told);
  set(true);

  function set(alive) {
    if (field) field.disabled = !alive;
    yes.disabled = !alive || (phrase !== null && field.value.trim() !== phrase);
    no.disabled = !alive;
  }
  function typed(event) {
    if (event.key === "Enter" && !event.isComposing && !yes.disabled) void confirm();
  }
  async function once(decide) {
    set(false);
    told.className = "told";
    told.textContent = words.say("decided.sending");
    try {
      await decide();
    } catch (refused) {
      fail(refused.text || words.say(navigator.onLine ? "refused.network" : "refused.offline"));
    }
  }
  function confirm() {
    return once(() => act.confirm(plan, phrase));
  }
  function reject() {
    return once(() => act.reject(plan));
  }
  function fail(text) {
    if (!buttons.isConnected) return;
    set(true);
    told.className = "told refused";
    told.replaceChildren(icon("warn"), `${words.say("refused.title")}: ${text}`);
  }
  function settle(status, by = null) {
    const key = by && ["approved", "rejected"].includes(status) ? `decided.${status}.by` : `decided.${status}`;
    told.className = `told ${status}`;
    told.replaceChildren(icon(status === "approved" ? "check" : "cross"), words.say(key, { by }));
    buttons.remove();
  }
  function revive() {
    if (!buttons.isConnected) element.prepend(buttons);
    told.replaceChildren();
    set(true);
  }
  const card = (whole) => ({
    fail, revive,
    settle: (status, by) => {
      settle(status, by);
      whole.classList.add("settled");
    },
    lapse: () => {
      whole.classList.add("settled", "lapsed");
      told.textContent = words.say("plan.again");
      buttons.remove();
    },
  });
  return { element, card };
}
