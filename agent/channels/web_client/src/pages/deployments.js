/** `/deployments` and `/deployments/{id}`: what runs, what it costs, what was done, and the ways back into the chat. */

import { Api, newId } from "../api.js";
import { h } from "../dom.js";
import { sheet } from "../sheet.js";
import { Words } from "../words.js";
import { planCard } from "../cards/plan.js";
import { detail } from "./detail.js";
import { frame } from "./frame.js";
import { list } from "./list.js";
import pageStyle from "../style/page.css";

const words = new Words();
const api = new Api("");

class BrickieDeployments extends HTMLElement {
  constructor() {
    super();
    const own = new CSSStyleSheet();
    own.replaceSync(pageStyle);
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet(), own];
  }

  async connectedCallback() {
    const bar = frame(words, "deployments", [this]);
    this._show(h("p", { class: "faint wait", role: "status" }, words.say("page.loading")));
    try {
      const session = await api.session();
      bar.session(session, api);
      await this._page();
    } catch (refused) {
      this._refused(refused);
    }
  }

  async _page() {
    const id = decodeURIComponent(location.pathname.match(/^\/deployments\/([^/]+)/)?.[1] ?? "");
    if (id) {
      const found = await api.deployment(id);
      document.title = `${found.workspace_name} · Brickie`;
      return this._show(detail(words, found));
    }
    const [found, waiting] = await Promise.all([api.deployments(), api.approvals().catch(() => ({ approvals: [] }))]);
    return this._show(approvals(waiting.approvals ?? []), list(words, found));
  }

  _show(...content) {
    this.shadowRoot.replaceChildren(h("div", { class: "page" }, content));
  }

  _refused(refused) {
    const text =
      refused.status === 404
        ? words.say("detail.missing")
        : refused.status === 401
          ? words.say("signed.out")
          : refused.text || words.say("refused.server");
    const next = refused.login
      ? h("a", { class: "button primary", href: refused.login }, words.say("sign.in"))
      : h("button", { type: "button", class: "secondary", on: { click: () => location.reload() } }, words.say("retry"));
    this._show(
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

/** Plans of others that wait for this person. */
function approvals(waiting) {
  if (!waiting.length) return null;
  const decide = (plan, action) => api.decide(plan.plan_id, action, newId());
  return h(
    "section",
    { class: "waiting", "aria-label": words.say("approvals") },
    h("h2", null, words.say("approvals")),
    waiting.map(({ plan, requested_by: by }) => {
      const card = planCard(words, plan, {
        confirm: async (_, phrase) => {
          await decide(plan, { action: "confirm", digest: plan.digest, value: phrase });
          card.settle("sent");
        },
        reject: async () => {
          await decide(plan, { action: "reject", digest: plan.digest, value: null });
          card.settle("sent");
        },
        suggest: () => undefined,
      });
      return h(
        "details",
        { class: "asked" },
        h(
          "summary",
          null,
          words.say("approvals.by", {
            by: by.name,
            what: plan.decision?.workspace_name ?? words.say("plan.several", { count: plan.items.length }),
          }),
        ),
        card.element,
      );
    }),
  );
}

customElements.define("brickie-deployments", BrickieDeployments);
