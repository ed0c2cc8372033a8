/**
 * `/deployments`, `/deployments/{id}` and `/plans/{id}`: what runs, what it costs, what waits, and the ways back into
 * the chat.
 */

import { Api } from "../api.js";
import { h } from "../dom.js";
import { sheet } from "../sheet.js";
import { decidable, planPage } from "./planpage.js";
import { detail } from "./detail.js";
import { frame } from "./frame.js";
import { language, wordsOf } from "./kept.js";
import { list } from "./list.js";
import { palette } from "./palette.js";
import pageStyle from "../style/page.css";

const api = new Api("");
const say = (text) => location.assign(`/?say=${encodeURIComponent(text)}`);

class BrickieDeployments extends HTMLElement {
  constructor() {
    super();
    const own = new CSSStyleSheet();
    own.replaceSync(pageStyle);
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet(), own];
  }

  async connectedCallback() {
    const words = await wordsOf(language());
    this._words = words;
    this._bar = frame(words, "deployments", { themed: [this] });
    this._show(h("p", { class: "faint wait", role: "status" }, words.say("page.loading")));
    try {
      this._session = await api.session();
      words.regions = this._session.regions ?? {};
      this._bar.session(this._session, api);
      await this._page();
    } catch (refused) {
      this._refused(refused);
    }
    palette(words, { items: () => items(words), say, write: () => this.shadowRoot.querySelector("#q")?.focus() });
  }

  async _page() {
    const words = this._words;
    const [, kind, id] = location.pathname.match(/^\/(deployments|plans)\/([^/]+)/) ?? [];
    if (kind === "plans") {
      const found = await api.plan(decodeURIComponent(id));
      document.title = `${words.say("page.plan")} · Brickie`;
      this._bar.waiting.begin(api);
      return this._show(planPage(words, api, found, this._session.user));
    }
    if (id) {
      const found = await api.deployment(decodeURIComponent(id));
      document.title = `${found.workspace_name} · Brickie`;
      this._bar.waiting.begin(api);
      return this._show(detail(words, found));
    }
    document.title = `${words.say("page.deployments")} · Brickie`;
    const [found, waiting] = await Promise.all([api.deployments(), api.approvals().catch(() => ({ approvals: [] }))]);
    this._bar.waiting.show(waiting.approvals?.length ?? 0);
    return this._show(approvals(words, waiting.approvals ?? [], this._session.user), list(words, found));
  }

  _show(...content) {
    this.shadowRoot.replaceChildren(h("div", { class: "page" }, content));
  }

  _refused(refused) {
    const words = this._words;
    const missing = location.pathname.startsWith("/plans/") ? "page.plan.gone" : "detail.missing";
    const text =
      refused.status === 404
        ? words.say(missing)
        : refused.status === 401
          ? words.say("signed.out")
          : refused.text || words.say("refused.server");
    const next = refused.login
      ? h("a", { class: "button primary", href: refused.login }, words.say("sign.in"))
      : h("button", { type: "button", class: "secondary", on: { click: () => location.reload() } }, words.say("retry"));
    this._show(
      h("h1", { class: "unseen" }, words.say("page.deployments")),
      h(
        "div",
        { class: "card error", role: "alert" },
        h("div", null, h("p", null, text)),
        refused.status === 404
          ? h("a", { class: "button secondary", href: "/deployments" }, words.say("page.deployments"))
          : next,
      ),
    );
  }
}

/** Plans of others that wait for this person: what is asked, and at what price, before any of them is opened. */
function approvals(words, waiting, me) {
  if (!waiting.length) return null;
  return h(
    "section",
    { class: "waiting", "aria-label": words.say("approvals") },
    h("h2", null, words.say("approvals")),
    waiting.map(({ plan, requested_by: by, remarks = [] }) => {
      const what = plan.decision?.workspace_name ?? words.say("plan.several", { count: plan.items.length });
      const cost = words.money(plan.cost.expected, plan.cost.currency, 0);
      const line = h("summary", null, words.say(`approvals.${plan.action}`, { by: by.name, what, cost }));
      const box = h("details", { class: "asked" }, line);
      box.addEventListener("toggle", () => box.append(...remarks.map((text) => h("p", { class: "faint small" }, text)), opened(words, plan, me)), { once: true });
      return box;
    }),
  );
}

function opened(words, plan, me) {
  const card = decidable(words, api, plan, me);
  card.open();
  return card.element;
}

async function items(words) {
  const { deployments = [] } = await api.deployments().catch(() => ({}));
  const go = (address) => () => location.assign(address);
  return [
    { text: words.say("page.chat"), go: go("/") },
    { text: words.say("page.deployments"), go: go("/deployments") },
    ...deployments.map((one) => ({
      text: `${one.workspace_name} · ${one.state}`,
      go: go(`/deployments/${encodeURIComponent(one.deployment_id)}`),
    })),
  ];
}

customElements.define("brickie-deployments", BrickieDeployments);
