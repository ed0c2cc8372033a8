/** Where a person writes. Keeps the draft over a reload. */

import { h, icon } from "./dom.js";

const MOST = 60_000;
const TALLEST_PX = 180;

export class Composer {
  /** @param {import("./words.js").Words} words @param {(text: string) => void} send */
  constructor(words, send) {
    this._words = words;
    this._send = send;
    this._last = "";
    this._why = null;
    this._key = null;
    this._field = h("textarea", {
      rows: "1",
      "aria-label": words.say("write"),
      placeholder: words.say("write"),
      "aria-describedby": "hint",
      on: { keydown: (press) => this._pressed(press), input: () => this._changed() },
    });

    this._button = h("button", { type: "submit", class: "send", "aria-label": words.say("send") }, icon("send"));
    this._note = h("p", { class: "small faint", id: "hint" }, words.say("write.hint"));
    this.element = h(
      "form",
      { class: "composer", on: { submit: (event) => (event.preventDefault(), this._submit()) } },
      h("div", { class: "field" }, this._field, this._button),
      this._note,
    );
    this._changed();
  }

  focus() {
    this._changed();
    this._field.focus();
  }

  /** Off while nobody is signed in, and says why; what was written stays. */
  off(why) {
    this._why = why;
    this._field.disabled = why !== null;
    this._changed();
  }

  /** A sentence in the place of the hint, until something is written. */
  tell(text) {
    this._note.textContent = text;
    this._note.classList.add("refused");
  }

  /** What the arrow up brings back. */
  remember(text) {
    this._last = text;
  }

  /** Puts a text in, for the person to finish and send. */
  suggest(text) {
    this._field.value = text;
    this._changed();
    this.focus();
    this._field.setSelectionRange(text.length, text.length);
  }

  /** From now on drafts are kept under that name. */
  keep(conversation) {
    this._key = `brickie-draft-${conversation}`;
    const kept = stored(() => sessionStorage.getItem(this._key));
    if (kept && !this._field.value) this._field.value = kept;
    this._changed();
  }

  _pressed(press) {
    if (press.key === "Enter" && !press.shiftKey && !press.isComposing) {
      press.preventDefault();
      this._submit();
    } else if (press.key === "ArrowUp" && !this._field.value && this._last) {
      press.preventDefault();
      this.suggest(this._last);
    }
  }

  _changed() {
    const field = this._field;
    const over = field.value.length - MOST;
    this._button.disabled = this._why !== null || !field.value.trim() || over > 0;
    this._note.textContent =
      this._why ?? (over > 0 ? this._words.say("too.long", { over, most: MOST }) : this._words.say("write.hint"));
    this._note.classList.toggle("refused", over > 0);
    field.style.height = "auto";
    if (field.scrollHeight) field.style.height = `${Math.min(TALLEST_PX, field.scrollHeight)}px`;
    if (this._key) stored(() => sessionStorage.setItem(this._key, field.value));
  }

  _submit() {
    const text = this._field.value.trim();
    if (!text || text.length > MOST || this._why !== null) return;
    this._last = text;
    this._field.value = "";
    this._changed();
    this._send(text);
  }
}

/** Storage may be forbidden to an embedded page; then a draft lives as long as the page. */
function stored(act) {
  try {
    return act();
  } catch {
    return null;
  }
}
