/**
 * The conversation as it is seen. Takes the stream's events one by one and keeps what depends on earlier ones: which
 * plan still waits, which text is still being written, which files belong together. What is over is kept folded, and
 * drawn when somebody opens it: a long conversation is as quick as a short one.
 */

import { brick, h, icon } from "./dom.js";
import { markdown, plain } from "./markdown.js";
import { copying } from "./cards/parts.js";
import { planCard } from "./cards/plan.js";
import { runCard } from "./cards/run.js";
import { errorCard, filesCard, questionCard, tableCard } from "./cards/small.js";

export class Timeline {
  /**
   * @param {import("./words.js").Words} words
   * @param {Record<string, Function>} act what a card may ask for: see `widget.js`
   * @param {(text: string) => void} announce a whole message to a screen reader, once
   */
  constructor(words, act, announce) {
    this._words = words;
    this._act = { ...act, person: () => this._speaker ?? this.me };
    this._announce = announce;
    this.element = h("div", {
      class: "log",
      role: "log",
      "aria-live": "off",
      "aria-busy": "true",
      "aria-label": words.say("log"),
      tabindex: "0",
    });
    const dots = [1, 2, 3].map(() => h("span", { "aria-hidden": "true" }));
    this._working = h("div", { class: "working", hidden: true }, dots, h("span", { class: "unseen" }, words.say("working")));
    this.element.append(this._working);
    this._plans = new Map();
    this._runs = new Map();
    this._names = new Map();
    this._own = new Set();
    this._mine = new Map();
    this._tables = [];
    this._lastText = null;
    this._replaced = null;
    this._open = 0;
    this._live = false;
    this._speaker = null;
    this.me = null;
  }

  /** Shows one event of the stream. */
  take(event) {
    this[`_${event.type}`]?.(event);
  }

  /** The plan that waits and stands at the end, which is read from its top. */
  get waiting() {
    const last = this._working.previousElementSibling;
    return [...this._plans.values()].some(({ element }) => element === last && !isOver(element)) ? last : null;
  }

  /** What I have written, before the server has it. */
  mine(id, text) {
    const element = h(
      "article",
      { class: "said pending" },
      bubble(this._words, text),
      h("p", { class: "faint small status" }, this._words.say("sending")),
    );
    this._mine.set(id, element);
    this._place(element);
  }

  /** The server did not take it; it stays, with a way to send it again. */
  unsent(id, text) {
    const status = this._mine.get(id)?.querySelector(".status");
    if (!status) return;
    status.className = "small status refused";
    status.replaceChildren(
      `${this._words.say("unsent")} ${text} `,
      h(
        "button",
        { type: "button", class: "quiet", on: { click: () => this._act.resend(id) } },
        icon("undo"),
        this._words.say("retry"),
      ),
    );
  }

  resending(id) {
    const status = this._mine.get(id)?.querySelector(".status");
    status?.replaceChildren(this._words.say("sending"));
  }

  /** What is kept of a turn's verdicts, so that a reload shows them. */
  _ready(event) {
    this._live = true;
    this.element.setAttribute("aria-busy", "false");
    this._verdicts = new Map(Object.entries(event.feedback ?? {}).map(([turn, verdict]) => [Number(turn), verdict]));
    for (const plan of this._plans.values()) if (!isOver(plan.element)) plan.open();
    for (const [turn, verdict] of this._verdicts)
      for (const box of this.element.querySelectorAll(`[data-turn="${turn}"] .rate`)) mark(box, verdict);
  }

  _said(event) {
    this._mine.get(event.client_id)?.remove();
    this._mine.delete(event.client_id);
    const { text, button, by } = event;
    const own = !by || !this.me || by.id === this.me.id;
    // In the sandbox of one's own machine somebody may speak as somebody else: only they write here.
    if (text) this._speaker = own ? null : { ...by, roles: by.roles };
    this._lastText = text ?? null;
    this._refusal = null;
    this._questionDone?.();
    this._edit?.remove();
    this._edit = null;
    const shown = text ?? this._pressed(button);
    if (text && own) {
      this._act.remember(text);
      this._edit = h(
        "button",
        { type: "button", class: "quiet edit", on: { click: () => this._act.suggest(text) } },
        icon("edit"),
        this._words.say("said.edit"),
      );
    }
    const element = h(
      "article",
      { class: `said${own ? "" : " other"}${text ? "" : " pressed"}` },
      h("p", { class: own ? "unseen" : "faint small" }, own ? this._words.say("said.you") : by.name),
      bubble(this._words, shown),
      this._edit,
    );
    this._place(element);
    this._open++;
    this._show();
  }

  _pressed(button) {
    if (button?.action === "choose")
      return this._words.say("said.chose", { value: this._labels?.get(button.value) ?? button.value ?? "" });
    return this._words.say(button?.action === "reject" ? "said.rejected" : "said.confirmed");
  }

  _message(event) {
    if (event.delta) return this._delta(event);
    // The card has said it already.
    if (this._refusal === plain(event.text)) return void (this._refusal = null);
    const live = this._writing?.turn === event.turn ? this._writing : null;
    this._writing = null;
    const element = this._bot(event);
    if (live) live.element.replaceWith(element);
    else this._place(element);
    this._tell(plain(event.text));
  }

  _delta(event) {
    if (this._writing?.turn !== event.turn) {
      const box = h("div", { class: "text" });
      const element = h("article", { class: "bot writing" }, h("span", { class: "face" }, brick()), box);
      this._writing = { turn: event.turn, text: "", box, element, due: false };
      this._place(this._writing.element);
    }
    const writing = this._writing;
    writing.text += event.text;
    if (writing.due) return;
    writing.due = true;
    requestAnimationFrame(() => {
      writing.due = false;
      writing.box.replaceChildren(markdown(writing.text));
    });
  }

  _bot({ text, turn }) {
    return h(
      "article",
      { class: "bot", "data-turn": turn },
      h("span", { class: "face" }, brick()),
      h("div", { class: "text" }, markdown(text)),
      h("div", { class: "tools" }, copying(this._words, () => text), this._act.rate && this._rating(turn)),
    );
  }

  /** Two thumbs; what they say is kept with the conversation. */
  _rating(turn) {
    const box = h("span", { class: "rate" });
    const thumb = (verdict, drawn) =>
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          "aria-label": this._words.say(`rate.${verdict}`),
          title: this._words.say(`rate.${verdict}`),
          "aria-pressed": "false",
          "data-verdict": verdict,
          on: {
            click: async (press) => {
              const taken = press.currentTarget.getAttribute("aria-pressed") === "true" ? "none" : verdict;
              if (await this._act.rate(turn, taken)) mark(box, taken);
            },
          },
        },
        icon(drawn),
      );
    box.append(thumb("good", "up"), thumb("bad", "thumbdown"));
    return box;
  }

  _question(event) {
    this._questionDone?.();
    this._labels = new Map(event.questions.flatMap((one) => one.choices.map(({ label, value }) => [value, label])));
    const { element, answered } = questionCard(this._words, event, this._act);
    this._questionDone = () => {
      answered();
      this._questionDone = null;
    };
    this._place(element);
    this._tell(
      event.questions.map((one) => [one.text, one.choices.map(({ label }) => label).join(", ")].join(" ")).join(" "),
    );
  }

  _plan(event) {
    this._endPlanning(event.turn);
    for (const { deployment_id: id, decision } of event.items) {
      this._names.set(id, decision.workspace_name);
      this._own.add(id);
    }
    this._plans.get(event.plan_id)?.lapse();
    const earlier = this._replaced?.turn === event.turn ? this._replaced.plan : null;
    const card = planCard(this._words, event, this._act, earlier);
    this._plans.set(event.plan_id, Object.assign(card, { turn: event.turn }));
    this._place(card.element);
    if (this._live) card.open();
    const say = (name, values) => this._words.say(name, values);
    this._tell(
      say("plan.announce", {
        title: say(`plan.${event.action}`),
        name: event.decision?.workspace_name ?? say("plan.several", { count: event.items.length }),
        cost: this._words.money(event.cost.expected, event.cost.currency),
      }),
    );
    this._note(say("notice.plan", { name: event.decision?.workspace_name ?? "" }));
  }

  _approval(event) {
    const plan = this._plans.get(event.plan_id);
    if (event.status === "refused") {
      if (plan?.fail(plain(event.reason ?? ""))) this._refusal = plain(event.reason ?? "");
      return;
    }
    if (event.status === "superseded" && plan) this._replaced = { turn: event.turn, plan: plan.plan };
    plan?.settle(event.status, event.by);
    this._tell(this._words.say(`decided.${event.status}`));
  }

  _progress(event) {
    const key = event.step === "plan" ? `plan ${event.turn}` : `run ${event.turn}`;
    this._run(key).progress(event);
  }

  _result(event) {
    const key = this._runs.has(`run ${event.turn}`) ? `run ${event.turn}` : this._running(event.deployment_id);
    this._run(key ?? `run ${event.turn}`).result(event);
    const name = this._names.get(event.deployment_id) ?? "";
    const ended = `${name} ${this._words.say(`result.${event.status}`)}`;
    this._tell(`${ended} ${event.error ? `${event.error.text} ${event.error.remedy}` : ""}`);
    this._note(ended.trim());
  }

  _running(id) {
    return [...this._runs].find(
      ([key, run]) => key.startsWith("run ") && run.ids.has(id) && !run.ids.get(id).outcome,
    )?.[0];
  }

  _run(key) {
    if (!this._runs.has(key)) {
      const run = runCard(this._words, (id) => this._names.get(id) ?? id, this._act);
      this._runs.set(key, run);
      this._place(run.element);
    }
    return this._runs.get(key);
  }

  _endPlanning(turn) {
    const key = `plan ${turn}`;
    this._runs.get(key)?.element.remove();
    this._runs.delete(key);
  }

  _table(event) {
    const element = this._tableOf(event);
    this._tables.push({ event, element });
    this._place(element);
    this._tell(event.title);
  }

  _tableOf(event) {
    const ids = new Map([...this._names].map(([id, name]) => [name, id]));
    const leadsTo = (name) => (ids.has(name) ? this._act.page(ids.get(name)) : null);
    return tableCard(this._words, event, leadsTo, (number) => this._act.say(String(number)));
  }

  _file(event) {
    if (this._files?.turn !== event.turn || this._files.element.nextElementSibling !== this._working) {
      this._files = Object.assign(filesCard(this._words), { turn: event.turn });
      this._place(this._files.element);
    }
    this._files.add(event);
  }

  _error(event) {
    this._endPlanning(event.turn);
    const text = this._lastText;
    this._place(errorCard(this._words, event, text ? () => this._act.say(text) : null));
    this._tell(event.text);
  }

  _state(event) {
    for (const { deployment_id: id, workspace_name: name } of event.deployments) this._names.set(id, name);
    // Only now are the names known that a list of this turn may hold.
    for (const { event: table, element } of this._tables) element.replaceWith(this._tableOf(table));
    this._tables = [];
    this._act.state?.({ ...event, deployments: event.deployments.filter(({ deployment_id: id }) => this._own.has(id)) });
    for (const [id, plan] of this._plans) {
      if (event.turn > plan.turn && id !== event.pending_plan && !isOver(plan.element)) plan.settle("gone");
    }
    this._open = Math.max(0, this._open - 1);
    this._show();
  }

  _show() {
    this._working.hidden = !this._live || this._open === 0;
  }

  _tell(text) {
    if (this._live) this._announce(text.trim());
  }

  /** Something that whoever looks elsewhere wants to know. */
  _note(text) {
    if (this._live) this._act.note?.(text);
  }

  _place(element) {
    this._working.before(element);
  }
}

const LONG_LINES = 12;
const LONG_TEXT = 700;

function isOver(element) {
  return element.classList.contains("settled");
}

function mark(box, verdict) {
  for (const button of box.children) button.setAttribute("aria-pressed", String(button.dataset.verdict === verdict));
}

/** A long text scrolls in its own box, which the keyboard must be able to reach. */
function bubble(words, text) {
  const long = text.length > LONG_TEXT || text.split("\n").length > LONG_LINES;
  return h(
    "div",
    long ? { class: "bubble", tabindex: "0", role: "group", "aria-label": words.say("said.you") } : { class: "bubble" },
    text,
  );
}
