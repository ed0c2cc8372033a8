/**
 * `<brickie-chat>`: the conversation on any page.
 *
 *     <script src="https://brickie.example/widget.js"></script>
 *     <brickie-chat theme="auto" locale="en" floating></brickie-chat>
 *
 * Attributes: `server` (origin; default: where the script came from), `conversation` (an id, else the person's latest,
 * `new` for a fresh one), `theme` (`light`, `dark`, else the system's), `locale` (a language of the server's language
 * files; else the browser's, where there is one) or `locale-src` (an own file), `floating` (a button that opens a
 * panel), `bare` (no header). The property `token` holds, or is a function that gives, the embedding site's signed token; on a page of another origin nobody is
 * signed in before it is set. Colours, fonts and corners follow the custom properties `--brickie-…`. Events:
 * `brickie-ready`, `brickie-session`, `brickie-conversation`, `brickie-said`, `brickie-state`, `brickie-note`,
 * `brickie-signed-out`.
 */

import { Api, newId, Refused } from "./api.js";
import { Composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { dropping } from "./drop.js";
import { End } from "./end.js";
import { Outbox } from "./outbox.js";
import { head, launcher, sentence, welcome } from "./shell.js";
import { Stream } from "./stream.js";
import { sheet } from "./sheet.js";
import { Timeline } from "./timeline.js";
import { spoken, Words, wordsIn } from "./words.js";

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

  /** Whoever was not signed in is, from here on. */
  set token(value) {
    this._token = value;
    if (this._begun && this._api && !this._user) this._opening = this._signIn();
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

  /** Says a text, as if it had been typed and sent. */
  say(text) {
    return this._send(text);
  }

  focus() {
    this._composer?.focus();
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
    const locale = this.getAttribute("locale") ?? spoken();
    const server = (this.getAttribute("server") ?? (ORIGIN === location.origin ? "" : ORIGIN)).replace(/\/$/, "");
    const file =
      this.getAttribute("locale-src") ??
      (locale && locale !== "en" ? `${server}/assets/locale/${encodeURIComponent(locale)}.json` : null);
    this._words = file ? await wordsIn(locale ?? "en", file) : new Words();
    this._api = new Api(server, () => (typeof this._token === "function" ? this._token() : this._token));
    this._live = h("div", { class: "unseen", role: "status", "aria-live": "polite", "aria-atomic": "true" });
    this._banner = h("div", { class: "banner", role: "status", hidden: true });
    const latest = { type: "button", class: "latest", hidden: true, on: { click: () => this._end.go(true) } };
    this._latest = h("button", latest, icon("down"), this._words.say("latest"));
    this._draw();
    this._opening = this._signIn();
    await this._opening;
  }

  _draw() {
    const floats = this.hasAttribute("floating");
    // A person may write before the session is there: it is kept until it is.
    this._outbox = new Outbox(null);
    this._composer = new Composer(this._words, (text) => this._send(text));
    this._timeline = new Timeline(this._words, this._acts(), (text) => this._announce(text));
    this._timeline.me = this._user ?? null;
    this._end?.stop();
    this._end = new End(this._timeline.element, this._latest);
    this._welcome = welcome(this._words, (text) => this._send(text));
    this._timeline.element.prepend(this._welcome);
    this._mode = h("span", { class: "mode", hidden: true });
    const close = floats ? () => this._toggle(false) : null;
    this._panel = h(
      "div",
      { class: "chat", role: floats ? "dialog" : null, "aria-label": floats ? this._words.say("title") : null },
      this.hasAttribute("bare") ? null : head(this._words, this._mode, { begin: () => this.open(), close }),
      this._banner,
      h("div", { class: "middle" }, this._timeline.element, this._latest),
      this._composer.element,
      this._live,
    );
    if (floats) this._panel.addEventListener("keydown", (press) => press.key === "Escape" && this._toggle(false));
    dropping(
      this._panel,
      (text) => this._composer.suggest(text),
      (name) => this._composer.tell(this._words.say("drop.refused", { name })),
    );
    this._launch = floats && launcher(this._words, () => this._toggle(true));
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
    // A page of another site has no cookie of ours: until its token is there, asking can only be refused.
    if (this._api.base && this._token === undefined) return this._unknown();
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
    this._words.regions = session.regions ?? {};
    this._mode.hidden = session.mode !== "sandbox";
    this._mode.textContent = this._words.say("sandbox");
    this._composer.off(null);
    this._say(null);
    const asked = this.getAttribute("conversation");
    this._conversation ??= asked === "new" ? null : (asked ?? session.conversations?.[0]?.id ?? null);
    this._tellPage("brickie-session", session);
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

  /** Nobody has said who this is. */
  _unknown() {
    this._welcome.hidden = false;
    this._composer.off(this._words.say("unknown.person"));
    return false;
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
    this._connectedBefore = false;
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
    if (event.type === "ready") return this._connected();
    if (event.type === "plan" && this._connectedBefore) this._end.show(this._timeline.waiting ?? this._latest);
    else this._end.follow(event.type === "said");
    if (event.type === "said") this._tellPage("brickie-said", this._conversation);
  }

  /** The backlog is whole. What was not sent goes now, unless something has happened that the person has not seen. */
  _connected() {
    if (!this._connectedBefore) {
      this._end.go();
      if (this._timeline.waiting) this._end.show(this._timeline.waiting);
    }
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
    this._tellPage("brickie-ready");
  }

  _acts() {
    const act = (action) => this._act(action);
    const base = this._api?.base ?? "";
    return {
      confirm: (plan, phrase) =>
        act({ action: "confirm", plan_id: plan.plan_id, digest: plan.digest, ...(phrase ? { value: phrase } : {}) }),
      reject: (plan) => act({ action: "reject", plan_id: plan.plan_id, digest: plan.digest }),
      choose: (slot, choice) => act({ action: "choose", slot, value: choice.value }),
      suggest: (text) => this._composer.suggest(text),
      write: () => this._composer.focus(),
      say: (text) => this._send(text),
      resend: (id) => this._post(id, this._outbox.text(id)),
      remember: (text) => this._composer.remember(text),
      settleFocus: (card) => (matchMedia("(pointer: fine)").matches ? this._composer.focus() : card.focus()),
      link: (plan) => `${base || location.origin}/plans/${encodeURIComponent(plan.plan_id)}`,
      could: async (plan) => (await this._api.plan(plan.plan_id).catch(() => ({}))).could_decide,
      page: (id) => `${base}/deployments/${encodeURIComponent(id)}`,
      state: (event) => this._tellPage("brickie-state", event),
      note: (text) => this._tellPage("brickie-note", text),
      notify: async () => (await Notification.requestPermission()) === "granted",
      rate: (turn, verdict) => this._rate(turn, verdict),
    };
  }

  /** A button is never queued: it counts now, with what is seen now, or not at all. */
  async _act(action) {
    if (!navigator.onLine) throw new Refused({ text: this._words.say("refused.offline") });
    try {
      await this._api.act(this._conversation, action, newId());
    } catch (refused) {
      this._refused(refused, { quietly: true });
      throw new Refused({ ...refused, text: sentence(this._words, refused) });
    }
  }

  async _rate(turn, verdict) {
    try {
      await this._api.rate(this._conversation, turn, verdict);
      this._announce(this._words.say("rate.kept"));
      return true;
    } catch (refused) {
      this._refused(refused);
      return false;
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
      if (!this._user) throw new Refused({ status: 401, text: this._words.say("signed.out.short") });
      if (!this._conversation) await this._start();
      await this._api.say(this._conversation, text, id);
      this._outbox.taken(id);
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      this._outbox.failed(id, refused.code === "network" ? (this._since ?? 0) : -1);
      timeline.unsent(id, sentence(this._words, refused));
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
    this._tellPage("brickie-conversation", this._conversation);
  }

  _status(status, refused) {
    if (status === "refused") this._refused(refused);
    else this._say(`status.${status}`);
  }

  _refused(refused, { quietly = false } = {}) {
    if (refused.status === 401) return this._signedOut(refused.login);
    if (quietly) return;
    this._banner.replaceChildren(refused.status === 404 ? this._words.say("missing") : sentence(this._words, refused));
    this._banner.hidden = false;
  }

  _signedOut(login) {
    const known = Boolean(this._user);
    const again = { type: "button", class: "secondary", on: { click: () => this._signIn() } };
    const link =
      login &&
      h(
        "a",
        { class: "button primary", href: this._api.base + login, target: "_blank", rel: "opener" },
        this._words.say("sign.in"),
      );
    const said = this._words.say(known || link ? "signed.out" : "unknown.person");
    this._banner.replaceChildren(h("span", null, said), link || "", h("button", again, this._words.say("signed.again")));
    this._banner.hidden = false;
    this._user = undefined;
    this._composer.off(this._words.say("signed.out.short"));
    this._tellPage("brickie-signed-out");
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

  _tellPage(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

if (!customElements.get("brickie-chat")) customElements.define("brickie-chat", BrickieChat);
