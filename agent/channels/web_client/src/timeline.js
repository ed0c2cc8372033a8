/**
 * The conversation as it is seen. Takes the stream's events one by one and keeps what depends on earlier ones: which
 * plan still waits, which text is still being written, which files belong together.
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
   * @param {{confirm: Function, reject: Function, choose: Function, suggest: Function, write: () => void, again: (text: string) => void, resend: (id: string) => void}} act
   * @param {(text: string) => void} announce a whole message to a screen reader, once
   */
  constructor(words, act, announce) {
    this._words = words;
    this._act = act;
    this._announce = announce;
    this.element = h("div", {
      class: "log",
      role: "log",
      "aria-live": "off",
      "aria-busy": "true",
      "aria-label": words.say("log"),
      tabindex: "0",
    });
    this._working = h(
      "div",
      { class: "working", hidden: true },
      h("span", { "aria-hidden": "true" }),
      h("span", { "aria-hidden": "true" }),
      h("span", { "aria-hidden": "true" }),
      h("span", { class: "unseen" }, words.say("working")),
    );
    this.element.append(this._working);
    this._plans = new Map();
    this._runs = new Map();
    this._names = new Map();
    this._mine = new Map();
    this._lastText = null;
    this._open = 0;
    this._live = false;
    this.me = null;
  }

  /** Shows one event of the stream. */
  take(event) {
    this[`_${event.type}`]?.(event);
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

  _ready() {
    this._live = true;
    this.element.setAttribute("aria-busy", "false");
  }

  _said(event) {
    this._mine.get(event.client_id)?.remove();
    this._mine.delete(event.client_id);
    const { text, button } = event;
    const own = !event.by || !this.me || event.by.id === this.me.id;
    this._lastText = text ?? null;
    this._questionDone?.();
    const shown = text ?? this._pressed(button);
    const element = h(
      "article",
      { class: `said${own ? "" : " other"}${text ? "" : " pressed"}` },
      h("p", { class: own ? "unseen" : "faint small" }, own ? this._words.say("said.you") : event.by.name),
      bubble(this._words, shown),
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
    const live = this._writing?.turn === event.turn ? this._writing : null;
    this._writing = null;
    const element = this._bot(event.text);
    if (live) live.element.replaceWith(element);
    else this._place(element);
    this._tell(plain(event.text));
  }

  _delta(event) {
    if (this._writing?.turn !== event.turn) {
      const box = h("div", { class: "text" });
      this._writing = {
        turn: event.turn,
        text: "",
        box,
        element: h("article", { class: "bot writing" }, h("span", { class: "face" }, brick()), box),
        due: false,
      };
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

  _bot(text) {
    return h(
      "article",
      { class: "bot" },
      h("span", { class: "face" }, brick()),
      h("div", { class: "text" }, markdown(text)),
      copying(this._words, () => text),
    );
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
    for (const item of event.items) this._names.set(item.deployment_id, item.decision.workspace_name);
    this._plans.get(event.plan_id)?.lapse();
    const card = planCard(this._words, event, this._act);
    this._plans.set(event.plan_id, Object.assign(card, { turn: event.turn }));
    this._place(card.element);
    const say = (name, values) => this._words.say(name, values);
    this._tell(
      say("plan.announce", {
        title: say(`plan.${event.action}`),
        name: event.decision?.workspace_name ?? say("plan.several", { count: event.items.length }),
        cost: this._words.money(event.cost.expected, event.cost.currency),
      }),
    );
  }

  _approval(event) {
    const plan = this._plans.get(event.plan_id);
    if (event.status === "refused") {
      plan?.fail(plain(event.reason ?? ""));
      return;
    }
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
    this._tell(
      `${name} ${this._words.say(`result.${event.status}`)} ${event.error ? `${event.error.text} ${event.error.remedy}` : ""}`,
    );
  }

  _running(id) {
    return [...this._runs].find(
      ([key, run]) => key.startsWith("run ") && run.ids.has(id) && !run.element.classList.contains("settled"),
    )?.[0];
  }

  _run(key) {
    if (!this._runs.has(key)) {
      const run = runCard(this._words, (id) => (run.ids.add(id), this._names.get(id) ?? id));
      run.ids = new Set();
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
    this._place(tableCard(this._words, event));
    this._tell(event.title);
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
    this._place(errorCard(this._words, event, text ? () => this._act.again(text) : null));
    this._tell(event.text);
  }

  _state(event) {
    for (const { deployment_id: id, workspace_name: name } of event.deployments) this._names.set(id, name);
    for (const [id, plan] of this._plans) {
      if (event.turn > plan.turn && id !== event.pending_plan && !plan.element.classList.contains("settled"))
        plan.settle("gone");
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

  _place(element) {
    this._working.before(element);
  }
}

const LONG_LINES = 12;
const LONG_TEXT = 700;

/** A long text scrolls in its own box, which the keyboard must be able to reach. */
function bubble(words, text) {
  const long = text.length > LONG_TEXT || text.split("\n").length > LONG_LINES;
  return h(
    "div",
    long ? { class: "bubble", tabindex: "0", role: "group", "aria-label": words.say("said.you") } : { class: "bubble" },
    text,
  );
}
