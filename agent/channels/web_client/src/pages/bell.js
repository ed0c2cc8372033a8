/** The bell: what became of what was asked for on this person's other channels, and whether they wish to be told. */

import { h, icon } from "../dom.js";

const AGAIN_MS = 30_000;

export function bell(words) {
  const count = h("span", { class: "news-count", hidden: true });
  const button = h("button", { type: "button", class: "bell", "aria-haspopup": "dialog", on: { click: () => open() } }, icon("bell"), count);
  let [api, looked, found] = [null, 0, { news: [], results: false, others: [] }];
  label();

  function label() {
    const { length } = found.news;
    count.hidden = length === 0;
    count.textContent = String(length);
    for (const kind of ["aria-label", "title"]) button.setAttribute(kind, words.say(length ? "bell.count" : "bell", { count: length }));
  }
  async function look() {
    if (!api) return;
    looked = Date.now();
    found = await api.news().catch(() => found);
    label();
  }
  async function open() {
    await look();
    const { news } = found;
    const told = h("p", { role: "status", class: "faint" });
    const close = h("button", { type: "button", on: { click: () => dialog.close() } }, words.say("bell.close"));
    const dialog = h(
      "dialog",
      { class: "news", "aria-label": words.say("bell") },
      h("h2", null, words.say("bell")),
      news.length ? h("ul", null, news.map(line)) : h("p", { class: "faint" }, words.say("bell.none")),
      wish(told),
      told,
      h("div", null, close),
    );
    dialog.addEventListener("close", () => (dialog.remove(), button.focus()));
    document.body.append(dialog);
    dialog.showModal();
    close.focus();
    if (news.length) void read(news);
  }
  /** What could not be noted as read is told again the next time. */
  async function read(news) {
    try {
      await api.readNews(news.map(({ number }) => number));
      found = { ...found, news: [] };
      label();
    } catch {
      looked = 0;
    }
  }
  function line({ text, at, plan_id: plan }) {
    return h("li", null, plan ? h("a", { href: `/plans/${encodeURIComponent(plan)}` }, text) : text, h("small", null, words.ago(at)));
  }
  function wish(told) {
    const box = h("input", { type: "checkbox", checked: found.results, on: { change: () => change(box, told) } });
    const known = found.others.length ? words.say("bell.others", { where: found.others.join(", ") }) : words.say("bell.unlinked");
    return h("label", { class: "wish" }, box, h("span", null, words.say("bell.wish"), h("small", null, known)));
  }
  async function change(box, told) {
    box.disabled = true;
    try {
      told.textContent = (await api.wishNews(box.checked ? "on" : "off")).text;
      found = { ...found, results: box.checked };
    } catch (refused) {
      box.checked = found.results;
      told.textContent = refused.text || words.say("refused.network");
    }
    box.disabled = false;
    box.focus();
  }
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && Date.now() - looked >= AGAIN_MS && void look());
  return { button, begin: (known) => ((api = known), look()) };
}
