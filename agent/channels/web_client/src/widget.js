/**
 * `<brickie-chat>`: the conversation on any page.
 *
 *     <script src="https://brickie.example/widget.js"></script>
 *     <brickie-chat theme="auto" locale="en" floating></brickie-chat>
 *
 * Attributes: `server` (origin; default: where the script came from), `conversation` (an id, else the person's latest,
 * `new` for a fresh one), `theme` (`light`, `dark`, else the system's), `locale` (a language of the server's language
 * files) or `locale-src` (an own file), `floating` (a button that opens a panel), `bare` (no header). The property
 * `token` holds, or is a function that gives, the embedding site's signed token. Colours, fonts and corners follow the
 * custom properties `--brickie-…`. Events: `brickie-ready`, `brickie-conversation`, `brickie-said`,
 * `brickie-signed-out`.
 */

import { Api, newId, Refused } from "./api.js";
import { Composer } from "./composer.js";
import { brick, h, icon } from "./dom.js";
import { End } from "./end.js";
import { Outbox } from "./outbox.js";
import { Stream } from "./stream.js";
import { sheet } from "./sheet.js";
import { Timeline } from "./timeline.js";
import { Words, wordsIn } from "./words.js";

const ORIGIN = document.currentScript?.src ? new URL(document.currentScript.src).origin : "";

class BrickieChat extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet()];
    this._token = undefined;
    // A page may have set it before this script came: then it hides the accessor below.
    if (Object.hasOwn(this, "token")) {
      this._token = this.token;
      delete this.token;
    }
  }

  get token() {
    return this._token;
  }

  set token(value) {
    this._token = value;
  }

  connectedCallback() {
    if (this._begun) return;
    this._begun = true;
    void this._begin();
  }

  disconnectedCallback() {
    this._stream?.close();
    this._end?.stop();
    this._begun = false;
    this.shadowRoot.replaceChildren();
  }

  /** Puts a text into the field, for the person to finish and send. */
  suggest(text) {
    this._composer?.suggest(text);
  }

  /** Leaves this conversation and opens another; without an id, a new one. */
  async open(id) {
    this._stream?.close();
    this._conversation = id ?? null;
    this._timeline?.element.remove();
    this._draw();
    await this._attach();
    this._composer.focus();
  }

  async _begin() {
    const locale = this.getAttribute("locale");
    const server = (this.getAttribute("server") ?? (ORIGIN === location.origin ? "" : ORIGIN)).replace(/\/$/, "");
    const file =
      this.getAttribute("locale-src") ??
      (locale && locale !== "en" ? `${server}/assets/locale/${encodeURIComponent(locale)}.json` : null);
    this._words = file ? await wordsIn(locale ?? "en", file) : new Words();
    this._api = new Api(server, () => (typeof this._token === "function" ? this._token() : this._token));
    this._live = h("div", { class: "unseen", role: "status", "aria-live": "polite", "aria-atomic": "true" });
    this._banner = h("div", { class: "banner", role: "status", hidden: true });
    this._latest = h(
      "button",
      { type: "button", class: "latest", hidden: true, on: { click: () => this._end.go(true) } },
      icon("down"),
      this._words.say("latest"),
    );
    this._draw();
    this._opening = this._signIn();
    await this._opening;
  }

  _draw() {
    const say = (name) => this._words.say(name);
    // A person may write before the session is there: it is kept until it is.
    this._outbox = new Outbox(null);
    this._composer = new Composer(this._words, (text) => this._send(text));
    this._timeline = new Timeline(this._words, this._acts(), (text) => this._announce(text));
    this._timeline.me = this._user ?? null;
    this._end?.stop();
    this._end = new End(this._timeline.element, this._latest);
    this._welcome = h(
      "div",
      { class: "welcome", hidden: true },
      brick(),
      h("h2", null, say("welcome.title")),
      h("p", { class: "faint" }, say("welcome.text")),
      h(
        "div",
        { class: "chips" },
        ["welcome.1", "welcome.2", "welcome.3"].map((name) =>
          h("button", { type: "button", class: "chip", on: { click: () => this._send(say(name)) } }, say(name)),
        ),
      ),
    );
    this._timeline.element.prepend(this._welcome);
    this._mode = h("span", { class: "mode", hidden: true });
    const head = h(
      "header",
      { class: "top" },
      brick(),
      h("strong", null, say("title")),
      this._mode,
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          "aria-label": say("new"),
          title: say("new"),
          on: { click: () => this.open() },
        },
        icon("plus"),
      ),
      this.hasAttribute("floating") &&
        h(
          "button",
          { type: "button", class: "quiet", "aria-label": say("close"), on: { click: () => this._toggle(false) } },
          icon("cross"),
        ),
    );
    this._panel = h(
      "div",
      {
        class: "chat",
        role: this.hasAttribute("floating") ? "dialog" : null,
        "aria-label": this.hasAttribute("floating") ? say("title") : null,
      },
      this.hasAttribute("bare") ? null : head,
      this._banner,
      h("div", { class: "middle" }, this._timeline.element, this._latest),
      this._composer.element,
      this._live,
    );
    this._panel.addEventListener(
      "keydown",
      (press) => press.key === "Escape" && this.hasAttribute("floating") && this._toggle(false),
    );
    this._launch =
      this.hasAttribute("floating") &&
      h(
        "button",
        {
          type: "button",
          class: "launch",
          "aria-expanded": "false",
          "aria-label": say("open"),
          on: { click: () => this._toggle(true) },
        },
        brick(),
      );
    this.shadowRoot.replaceChildren(...[this._panel, this._launch].filter(Boolean));
    if (this._launch) this._toggle(this._opened ?? false, { quietly: true });
  }

  _toggle(open, { quietly = false } = {}) {
    this._opened = open;
    this._panel.hidden = !open;
    this._launch.hidden = open;
    this._launch.setAttribute("aria-expanded", String(open));
    if (quietly) return;
    if (open) this._composer.focus();
    else this._launch.focus();
    if (open) this._end.go();
  }

  async _signIn() {
    this._say("status.connecting");
    let session;
    try {
      session = await this._api.session();
    } catch (refused) {
      this._refused(refused);
      this._later(refused);
      return false;
    }
    this._user = session.user;
    this._timeline.me = session.user;
    this._mode.hidden = session.mode !== "sandbox";
    this._mode.textContent = this._words.say("sandbox");
    this._say(null);
    const asked = this.getAttribute("conversation");
    this._conversation ??= asked === "new" ? null : (asked ?? session.conversations?.[0]?.id ?? null);
    this.dispatchEvent(new CustomEvent("brickie-session", { detail: session }));
    if (this._stream) {
      this._stream.retry();
      return true;
    }
    const written = this._outbox;
    await this._attach();
    this._outbox.take(written);
    // Of a conversation that goes on, the stream's backlog comes first; a new one has none.
    if (!this._conversation) this._sendWaiting();
    return true;
  }

  /** Reads the conversation from its beginning and stays with it. */
  async _attach() {
    this._outbox = new Outbox(this._conversation);
    if (!this._conversation) {
      this._stream = null;
      this._welcome.hidden = false;
      this._composer.keep("new");
      this._timeline.take({ type: "ready" });
      this._ready();
      return;
    }
    this._composer.keep(this._conversation);
    this._since = 0;
    const timeline = this._timeline;
    this._stream = new Stream(this._api, this._conversation, {
      event: (event) => timeline === this._timeline && this._take(event),
      status: (status, refused) => this._status(status, refused),
    });
  }

  _take(event) {
    if (event.type === "said") this._outbox.arrived(event.client_id);
    else if (event.type !== "ready") this._since++;
    if (event.type !== "ready") this._welcome.hidden = true;
    this._timeline.take(event);
    if (event.type === "ready") this._connected();
    this._end.follow(event.type === "said");
    if (event.type === "said") this.dispatchEvent(new CustomEvent("brickie-said", { detail: this._conversation }));
  }

  /** The backlog is whole. What was not sent goes now, unless something has happened that the person has not seen. */
  _connected() {
    if (!this._connectedBefore) this._end.go();
    this._connectedBefore = true;
    this._say(null);
    this._sendWaiting();
    this._welcome.hidden =
      this._since > 0 || this._outbox.waiting().length > 0 || this._timeline.element.querySelector("article") !== null;
    this._ready();
  }

  _sendWaiting() {
    for (const { id, text, since } of this._outbox.waiting()) {
      if (since === null) this._timeline.mine(id, text);
      if (since === (this._since ?? 0)) void this._post(id, text);
      else this._timeline.unsent(id, "");
    }
  }

  _ready() {
    if (this._told) return;
    this._told = true;
    this.dispatchEvent(new CustomEvent("brickie-ready"));
  }

  _acts() {
    const act = (action) => this._act(action);
    return {
      confirm: (plan, phrase) =>
        act({ action: "confirm", plan_id: plan.plan_id, digest: plan.digest, ...(phrase ? { value: phrase } : {}) }),
      reject: (plan) => act({ action: "reject", plan_id: plan.plan_id, digest: plan.digest }),
      choose: (slot, choice) => act({ action: "choose", slot, value: choice.value }),
      suggest: (text) => this._composer.suggest(text),
      write: () => this._composer.focus(),
      again: (text) => this._send(text),
      resend: (id) => this._post(id, this._outbox.text(id)),
    };
  }

  /** A button is never queued: it counts now, with what is seen now, or not at all. */
  async _act(action) {
    if (!navigator.onLine) throw new Refused({ text: this._words.say("refused.offline") });
    try {
      await this._api.act(this._conversation, action, newId());
    } catch (refused) {
      this._refused(refused, { quietly: true });
      throw new Refused({ ...refused, text: this._sentence(refused) });
    }
  }

  async _send(text) {
    const id = newId();
    this._welcome.hidden = true;
    this._timeline.mine(id, text);
    this._end.go();
    this._outbox.put(id, text, this._since ?? 0);
    await this._post(id, text);
  }

  async _post(id, text) {
    this._timeline.resending(id);
    const timeline = this._timeline;
    try {
      await this._opening;
      if (!this._conversation) await this._start();
      await this._api.say(this._conversation, text, id);
      this._outbox.taken(id);
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      this._outbox.failed(id, refused.code === "network" ? (this._since ?? 0) : -1);
      timeline.unsent(id, this._sentence(refused));
      this._refused(refused, { quietly: true });
    }
  }

  async _start() {
    this._starting ??= this._api.begin();
    try {
      this._conversation = await this._starting;
    } finally {
      this._starting = null;
    }
    if (this._stream) return;
    const waiting = this._outbox;
    await this._attach();
    this._outbox.take(waiting);
    this.dispatchEvent(new CustomEvent("brickie-conversation", { detail: this._conversation }));
  }

  _sentence(refused) {
    if (refused.status === 429 && refused.seconds) return this._words.say("refused.busy", { seconds: refused.seconds });
    if (refused.text) return refused.text;
    return this._words.say(
      refused.status ? "refused.server" : navigator.onLine ? "refused.network" : "refused.offline",
    );
  }

  _status(status, refused) {
    if (status === "refused") this._refused(refused);
    else this._say(`status.${status}`);
  }

  _refused(refused, { quietly = false } = {}) {
    if (refused.status === 401) this._signedOut(refused.login);
    else if (!quietly)
      (this._banner.replaceChildren(refused.status === 404 ? this._words.say("missing") : this._sentence(refused)),
        (this._banner.hidden = false));
  }

  _signedOut(login) {
    const again = h(
      "button",
      { type: "button", class: "secondary", on: { click: () => this._signIn() } },
      this._words.say("signed.again"),
    );
    const link =
      login &&
      h(
        "a",
        { class: "button primary", href: this._api.base + login, target: "_blank", rel: "opener" },
        this._words.say("sign.in"),
      );
    this._banner.replaceChildren(h("span", null, this._words.say("signed.out")), ...(link ? [link] : []), again);
    this._banner.hidden = false;
    this.dispatchEvent(new CustomEvent("brickie-signed-out"));
    const back = () =>
      document.visibilityState === "visible" &&
      (document.removeEventListener("visibilitychange", back), this._signIn());
    document.addEventListener("visibilitychange", back);
  }

  /** The first session could not be had: again when the way is free, or a little later. */
  _later(refused) {
    if (refused.status === 401) return;
    const again = () => (removeEventListener("online", again), clearTimeout(timer), this.isConnected && this._signIn());
    const timer = setTimeout(again, Math.max(3000, refused.seconds * 1000));
    addEventListener("online", again);
  }

  _say(name) {
    this._banner.hidden = name === null;
    if (name !== null) this._banner.replaceChildren(this._words.say(name));
  }

  _announce(text) {
    this._live.replaceChildren(h("p", null, text));
  }
}

if (!customElements.get("brickie-chat")) customElements.define("brickie-chat", BrickieChat);
