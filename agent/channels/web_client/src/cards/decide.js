/**
 * The foot of a plan: how it is confirmed or rejected, by whom, and what became of that.
 *
 * Buttons die when one is pressed and stay dead once the plan is settled. They come back only when the server says
 * that it kept nothing: a refusal, or no way to reach it.
 */

import { h, icon } from "../dom.js";
import { copying } from "./parts.js";

/** Whether this person's yes may count, as far as the plan tells. The server decides; this only spares a vain click. */
export function mayDecide(plan, person) {
  const { approvers = [] } = plan;
  if (!person?.roles || !approvers.length) return true;
  return approvers.some(({ role, names, other_than: others }) =>
    names.includes(person.name) ? true : person.roles.includes(role) && !others.includes(person.name),
  );
}

export class Decision {
  /**
   * `remark` where the plan is somebody else's: a word to its asker goes along with the decision, or alone.
   * @param {{confirm: Function, reject: Function, remark?: Function, person?: () => any, link?: (plan: any) => string}} act
   */
  constructor(words, plan, act) {
    this._words = words;
    this._plan = plan;
    this._act = act;
    this._may = Boolean(act.confirm) && mayDecide(plan, act.person?.());
    this._phrase = plan.confirm.kind === "type" ? plan.confirm.phrase : null;
    this._told = h("p", { class: "told", role: "status", tabindex: "-1" });
    this._buttons = this._drawn();
    this.element = h("footer", null, this._needs(), this._buttons, this._told);
    this._set(true);
  }

  /** Another button beside those of the decision. */
  add(button) {
    this._buttons.append(button);
  }

  /** It was refused, or never arrived: why, and the buttons live again. */
  fail(text) {
    if (!this._buttons.isConnected) return false;
    this._set(true);
    this._told.className = "told refused";
    this._told.replaceChildren(icon("warn"), `${this._words.say("refused.title")}: ${text}`);
    return true;
  }

  settle(status, by = null) {
    const named = by && ["approved", "rejected"].includes(status);
    this._told.className = `told ${status}`;
    const text = this._words.say(named ? `decided.${status}.by` : `decided.${status}`, { by });
    this._told.replaceChildren(icon({ approved: "check", sent: "clock", remarked: "clock" }[status] ?? "cross"), text);
    this._close();
  }

  /** The same plan is shown again further down, and is decided there. */
  lapse() {
    this._told.className = "told";
    this._told.textContent = this._words.say("plan.again");
    this._close();
  }

  _close() {
    const held = this._buttons.contains(this._buttons.getRootNode().activeElement);
    this._buttons.remove();
    this._asked?.remove();
    if (held) this._told.focus({ preventScroll: true });
  }

  /** Whose yes it takes, where it takes more than the asker's, and who has given theirs already. */
  _needs() {
    const { approvers = [], approved_by: given = [] } = this._plan;
    const needed = approvers.filter(({ names }) => !names.length).map(({ text }) => text);
    if (!needed.length) return null;
    const said = [this._words.say("needs", { who: needed.join("; ") })];
    if (given.length) said.push(this._words.say("needs.given", { by: given.join(", ") }));
    this._asked = h("p", { class: "small needs" }, said.join(" "));
    if (!this._may) void this._name();
    return this._asked;
  }

  /** Who of them has been here lately, so that one knows whom to ask. */
  async _name() {
    const names = (await this._act.could?.(this._plan)) ?? [];
    if (names.length) this._asked.append(` ${this._words.say("needs.could", { names: names.join(", ") })}`);
  }

  _drawn() {
    const { _words: words, _plan: plan } = this;
    const button = (kind, text, click) => h("button", { type: "button", class: kind, on: { click } }, text);
    const destroys = plan.action === "destroy";
    this._yes = button(destroys ? "danger" : "primary", words.say(`confirm.${plan.action}`), () => this._confirm());
    this._no = button("secondary", words.say("reject"), () => this._once(() => this._act.reject(plan)));
    const until = words.say("waits", { time: words.moment(plan.expires_at) });
    const name = plan.decision?.workspace_name ?? words.say("plan.several", { count: plan.items.length });
    const month = words.money(plan.cost.expected, plan.cost.currency, destroys ? 2 : 0);
    const sum = destroys
      ? h("p", { class: "asked" }, words.say("destroy.asked", { name, saves: month }))
      : h("p", { class: "sum" }, h("strong", null, name), ` · ${words.say("plan.month", { cost: month })}`);
    const waits = h("span", { class: "faint small waits" }, icon("clock"), until);
    const link = !this._may && this._act.link ? copying(words, () => this._act.link(plan), words.say("approval.link")) : null;
    if (link) link.className = "secondary";
    const typing = this._may && this._phrase && this._typing();
    const word = this._act.remark && this._wording();
    const yes = this._may && this._yes;
    return h("div", { class: "decide" }, h("div", { class: "about" }, sum, waits), typing, word, yes, link, this._act.reject && this._no, this._ask);
  }

  /** A word to whoever asked; alone it asks for a change and decides nothing. */
  _wording() {
    const { _words: words } = this;
    const on = { input: () => (this._ask.disabled = !this.comment) };
    this._word = h("textarea", { rows: 2, maxlength: 300, on });
    this._ask = h(
      "button",
      { type: "button", class: "quiet", disabled: true, on: { click: () => this._once(() => this._act.remark(this.comment)) } },
      words.say("remark.ask"),
    );
    return h("label", { class: "phrase" }, h("span", null, words.say("remark.label")), this._word);
  }

  /** What this person has to say to the asker; null for nothing. */
  get comment() {
    return this._word?.value.trim() || null;
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
    if (this._word) [this._word.disabled, this._ask.disabled] = [!alive, !alive || !this.comment];
    this._yes.disabled = !alive || (this._field !== undefined && this._field.value.trim() !== this._phrase);
    this._no.disabled = !alive;
  }

  _confirm() {
    return this._once(() => this._act.confirm(this._plan, this._phrase));
  }

  async _once(decide) {
    this._told.className = "told";
    this._told.textContent = this._words.say("decided.sending");
    // Before the pressed button dies: who used the keyboard stays where they were.
    this._told.focus({ preventScroll: true });
    this._set(false);
    try {
      await decide();
    } catch (refused) {
      this.fail(refused.text || this._words.say(navigator.onLine ? "refused.network" : "refused.offline"));
      if (this._may) this._yes.focus({ preventScroll: true });
    }
  }
}
