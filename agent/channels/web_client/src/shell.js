/** What stands around the conversation: the head, the welcome, the banner, and the button of a floating widget. */

import { brick, h, icon } from "./dom.js";

/** An empty conversation says what this is, and what could be said. */
export function welcome(words, send) {
  const says = ["welcome.1", "welcome.2", "welcome.3"].map((name) => words.say(name));
  return h(
    "div",
    { class: "welcome", hidden: true },
    brick(),
    h("h2", null, words.say("welcome.title")),
    h("p", { class: "faint" }, words.say("welcome.text")),
    h(
      "div",
      { class: "chips" },
      says.map((text) => h("button", { type: "button", class: "chip", on: { click: () => send(text) } }, text)),
    ),
    h("p", { class: "faint small" }, words.say("welcome.list")),
  );
}

/** @param {{begin: () => void, close: (() => void) | null}} act */
export function head(words, mode, act) {
  const button = (name, drawn, click) =>
    h(
      "button",
      { type: "button", class: "quiet", "aria-label": words.say(name), title: words.say(name), on: { click } },
      icon(drawn),
    );
  return h(
    "header",
    { class: "top" },
    brick(),
    h("strong", null, words.say("title")),
    mode,
    button("new", "plus", act.begin),
    act.close && button("close", "cross", act.close),
  );
}

export function launcher(words, open) {
  const props = { type: "button", class: "launch", "aria-expanded": "false", "aria-label": words.say("open") };
  return h("button", { ...props, on: { click: open } }, brick());
}

/** What the server, or the way to it, refused, as a sentence. */
export function sentence(words, refused) {
  if (refused.status === 429 && refused.seconds) return words.say("refused.busy", { seconds: refused.seconds });
  if (refused.text) return refused.text;
  return words.say(refused.status ? "refused.server" : navigator.onLine ? "refused.network" : "refused.offline");
}
