/** What both pages share: the bar on top, who is signed in, light or dark. */

import { brick, h, icon } from "../dom.js";

const THEMES = ["auto", "light", "dark"];

/** @param {import("../words.js").Words} words @param {"chat" | "deployments"} here */
export function frame(words, here, themed) {
  const mode = h("span", { class: "mode", hidden: true }, words.say("sandbox"));
  const who = h("span", { class: "name" });
  const out = h("button", { type: "button", hidden: true }, words.say("page.sign.out"));
  const theme = h("button", { type: "button", on: { click: () => next() } }, icon("theme"));
  const link = (name, address) =>
    h("a", { href: address, "aria-current": name === here ? "page" : null }, words.say(`page.${name}`));
  document
    .getElementById("frame")
    .append(
      h("a", { class: "skip", href: "#content" }, words.say("page.skip")),
      h("a", { class: "sign", href: "/" }, brick(), words.say("title")),
      h("nav", { "aria-label": words.say("title") }, link("chat", "/"), link("deployments", "/deployments")),
      mode,
      h("div", { class: "who" }, who, theme, out),
    );
  document.getElementById("content").setAttribute("tabindex", "-1");

  function show(name) {
    for (const kind of ["aria-label", "title"]) theme.setAttribute(kind, words.say(`theme.${name}`));
    if (name === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    for (const element of themed) element.setAttribute("theme", name);
  }
  function next() {
    const name = THEMES[(THEMES.indexOf(kept()) + 1) % THEMES.length];
    try {
      localStorage.setItem("brickie-theme", name);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    show(name);
  }
  show(kept());
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
    },
  };
}

function kept() {
  try {
    const name = localStorage.getItem("brickie-theme");
    return THEMES.includes(name) ? name : "auto";
  } catch {
    return "auto";
  }
}
