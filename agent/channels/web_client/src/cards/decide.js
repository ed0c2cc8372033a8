/**
 * The foot of a plan: how it is confirmed or rejected, and what became of that.
 *
 * Buttons die when one is pressed and stay dead once the plan is settled. They come back only when the server says
 * that it kept nothing: a refusal, or no way to reach it.
 */

import { h, icon } from "../dom.js";

export class Decision {
  constructor(words, plan, act) {
    this._words = words;
    this._plan = plan;
    this._act = act;
    this._phrase = plan.confirm.kind === "type" ? plan.confirm.phrase : null;
    this._told = h("p", { class: "told", role: "status" });
    this._buttons = this._drawn();
    this.element = h("footer", null, this._needs(), this._buttons, this._told);
    this._set(true);
  }

  /** It was refused, or never arrived: why, and the buttons live again. */
  fail(text) {
    if (!this._buttons.isConnected) return;
    this._set(true);
    this._told.className = "told refused";
    this._told.replaceChildren(icon("warn"), `${this._words.say("refused.title")}: ${text}`);
  }

  settle(status, by = null) {
    const named = by && ["approved", "rejected"].includes(status);
    this._told.className = `told ${status}`;
    const text = this._words.say(named ? `decided.${status}.by` : `decided.${status}`, { by });
    this._told.replaceChildren(icon({ approved: "check", sent: "clock" }[status] ?? "cross"), text);
    this._buttons.remove();
  }

  /** The same plan is shown again further down, and is decided there. */
  lapse() {
    this._told.className = "told";
    this._told.textContent = this._words.say("plan.again");
    this._buttons.remove();
  }

  /** Whose yes it takes, where it takes more than the asker's, and who has given theirs already. */
  _needs() {
    const { approvers = [], approved_by: given = [] } = this._plan;
    const needed = approvers.filter(({ names }) => !names.length).map(({ text }) => text);
    if (!needed.length) return null;
    const said = [this._words.say("needs", { who: needed.join("; ") })];
    if (given.length) said.push(this._words.say("needs.given", { by: given.join(", ") }));
    return h("p", { class: "small needs" }, said.join(" "));
  }

  _drawn() {
    const { _words: words, _plan: plan } = this;
    const button = (kind, text, click) => h("button", { type: "button", class: kind, on: { click } }, text);
    const kind = plan.action === "destroy" ? "danger" : "primary";
    this._yes = button(kind, words.say(`confirm.${plan.action}`), () => this._confirm());
    this._no = button("secondary", words.say("reject"), () => this._once(() => this._act.reject(plan)));
    const until = words.say("waits", { time: words.moment(plan.expires_at) });
    const destroys = plan.action === "destroy";
    const name = plan.decision?.workspace_name ?? words.say("plan.several", { count: plan.items.length });
    const saves = words.money(plan.cost.expected, plan.cost.currency);
    const asked = destroys && h("p", { class: "asked" }, words.say("destroy.asked", { name, saves }));
    const waits = h("span", { class: "faint small waits" }, icon("clock"), until);
    return h("div", { class: "decide" }, asked, this._phrase && this._typing(), this._yes, this._no, waits);
  }

  _typing() {
    const typed = (press) => press.key === "Enter" && !press.isComposing && !this._yes.disabled && this._confirm();
    const on = { input: () => this._set(true), keydown: typed };
    this._field = h("input", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", on });
    const label = this._words.around("type.label", "phrase", h("code", null, this._phrase));
    return h("label", { class: "phrase" }, h("span", null, label), this._field);
  }

  _set(alive) {
    if (this._field) this._field.disabled = !alive;
    this._yes.disabled = !alive || (this._phrase !== null && this._field.value.trim() !== this._phrase);
    this._no.disabled = !alive;
  }

  _confirm() {
    return this._once(() => this._act.confirm(this._plan, this._phrase));
  }

  async _once(decide) {
    this._set(false);
    this._told.className = "told";
    this._told.textContent = this._words.say("decided.sending");
    try {
      await decide();
    } catch (refused) {
      this.fail(refused.text || this._words.say(navigator.onLine ? "refused.network" : "refused.offline"));
    }
  }
}
