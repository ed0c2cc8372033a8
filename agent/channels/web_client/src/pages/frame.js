/** What all pages share: the bar on top, who is signed in, what waits for them, the language, light or dark. */

import { brick, h, icon } from "../dom.js";
import { bell } from "./bell.js";
import { keep, kept, LANGUAGES, THEMES } from "./kept.js";

const AGAIN_MS = 30_000;

/**
 * @param {import("../words.js").Words} words @param {"chat" | "deployments"} here
 * @param {{themed: Element[], menu?: HTMLElement, skip?: () => void}} page `menu` is opened by a button on a phone
 */
export function frame(words, here, { themed, menu = null, skip = null }) {
  const mode = h("span", { class: "mode", hidden: true }, words.say("sandbox"));
  const who = h("span", { class: "name" });
  const out = h("button", { type: "button", hidden: true }, words.say("page.sign.out"));
  const theme = h("button", { type: "button", on: { click: () => next() } }, icon("theme"));
  const count = h("span", { class: "waiting-count", hidden: true });
  const news = bell(words);
  const link = (name, address, ...more) =>
    h("a", { href: address, "aria-current": name === here ? "page" : null }, words.say(`page.${name}`), more);
  const jump = { class: "skip", href: "#content", on: skip ? { click: (press) => (press.preventDefault(), skip()) } : {} };
  document
    .getElementById("frame")
    .append(
      h("a", jump, words.say("page.skip")),
      ...[menu && opener(words, menu)].filter(Boolean),
      // The same place as the first link behind it: one stop of the Tab key for both.
      h("a", { class: "sign", href: "/", tabindex: "-1", "aria-label": words.say("title") }, brick(), h("span", null, words.say("title"))),
      h("nav", { "aria-label": words.say("title") }, link("chat", "/"), link("deployments", "/deployments", count)),
      mode,
      h("div", { class: "who" }, who, news.button, languages(words), theme, out),
    );
  document.getElementById("content").setAttribute("tabindex", "-1");

  function show(name) {
    for (const kind of ["aria-label", "title"]) theme.setAttribute(kind, words.say(`theme.${name}`));
    if (name === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    for (const element of themed) element.setAttribute("theme", name);
  }
  function next() {
    const name = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme ?? "auto") + 1) % THEMES.length];
    keep("theme", name);
    show(name);
  }
  show(kept("theme", THEMES));
  return {
    session(session, api) {
      mode.hidden = session.mode !== "sandbox";
      who.textContent = session.user.name;
      who.title = words.say("page.signed.in", { name: session.user.name });
      out.hidden = !session.login;
      out.onclick = async () => {
        await api.signOut();
        location.assign(session.login);
      };
      void news.begin(api);
    },
    waiting: watched(words, count),
  };
}

/** The number of plans that wait for this person, looked at when the page is looked at: never by a clock. */
function watched(words, count) {
  let [looked, api] = [0, null];
  async function look() {
    if (!api || Date.now() - looked < AGAIN_MS) return;
    looked = Date.now();
    show((await api.approvals().catch(() => ({ approvals: [] }))).approvals?.length ?? 0);
  }
  function show(number) {
    const told = words.say("approvals.count", { count: number });
    count.hidden = number === 0;
    count.replaceChildren(h("span", { "aria-hidden": "true", title: told }, String(number)), h("span", { class: "unseen" }, told));
    document.title = document.title.replace(/^(\(\d+\) )?/, number ? `(${number}) ` : "");
  }
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void look());
  return { begin: (known) => ((api = known), look()), show };
}

function opener(words, menu) {
  const label = words.say("page.conversations");
  const props = { type: "button", class: "opener", "aria-expanded": "false", "aria-label": label, title: label };
  const toggle = (press) => press.currentTarget.setAttribute("aria-expanded", String(menu.toggleAttribute("data-open")));
  return h("button", { ...props, on: { click: toggle } }, icon("menu"));
}

function languages(words) {
  const change = (event) => (keep("language", event.target.value), location.reload());
  const options = Object.keys(LANGUAGES).map((name) => h("option", { value: name, lang: name, selected: name === words.language }));
  // On a phone there is room for its letters only, and these whole.
  const narrow = matchMedia("(width < 760px)");
  const fit = () => options.forEach((one) => (one.textContent = narrow.matches ? one.value.toUpperCase() : LANGUAGES[one.value]));
  narrow.addEventListener("change", fit);
  fit();
  return h("select", { "aria-label": words.say("page.language"), title: words.say("page.language"), on: { change } }, options);
}
