/** The chat page around the widget: earlier conversations at the side, the open one in the address. */

import { Api } from "../api.js";
import { h } from "../dom.js";
import { Words } from "../words.js";
import { frame } from "./frame.js";

const words = new Words();
const chat = document.querySelector("brickie-chat");
const api = new Api("");
const bar = frame(words, "chat", [chat]);
const asked = new URLSearchParams(location.search);
const side = document.getElementById("conversations");
const list = h("ul", null);
side.setAttribute("aria-label", words.say("page.conversations"));
side.append(
  h(
    "button",
    {
      type: "button",
      class: "opener",
      "aria-expanded": "false",
      on: {
        click: (press) => press.currentTarget.setAttribute("aria-expanded", String(side.toggleAttribute("data-open"))),
      },
    },
    words.say("page.conversations"),
  ),
  h("button", { type: "button", on: { click: () => open(null) } }, words.say("new")),
  h("h2", null, words.say("page.conversations")),
  list,
);

let here = asked.get("c");
let known = [];

chat.addEventListener("brickie-session", ({ detail }) => {
  known = detail.conversations ?? [];
  here ??= asked.has("say") ? null : (known[0]?.id ?? null);
  bar.session(detail, api);
  show();
});
chat.addEventListener(
  "brickie-ready",
  () => {
    const text = asked.get("say");
    if (text) chat.suggest(text);
  },
  { once: true },
);
chat.addEventListener("brickie-conversation", ({ detail }) => {
  here = detail;
  history.replaceState(null, "", `/?c=${encodeURIComponent(here)}`);
});
// A conversation has its title from the first thing that was said in it.
chat.addEventListener("brickie-said", async () => {
  if (known.some(({ id }) => id === here)) return;
  known = [{ id: here, title: "", updated_at: null }, ...known];
  known = (await api.session().catch(() => ({ conversations: known }))).conversations;
  show();
});

// This script stands before the widget's on the page: what is set and listened to here is in time.
if (here) chat.setAttribute("conversation", here);
else if (asked.has("say")) chat.setAttribute("conversation", "new");
addEventListener("popstate", () => open(new URLSearchParams(location.search).get("c"), { push: false }));

function open(id, { push = true } = {}) {
  here = id;
  side.removeAttribute("data-open");
  if (push) history.pushState(null, "", id ? `/?c=${encodeURIComponent(id)}` : "/");
  show();
  void chat.open(id);
}

function show() {
  list.replaceChildren(
    ...known.map(({ id, title, updated_at: at }) =>
      h(
        "li",
        null,
        h(
          "a",
          {
            href: `/?c=${encodeURIComponent(id)}`,
            "aria-current": id === here ? "page" : null,
            title,
            on: { click: (press) => plainly(press) && (press.preventDefault(), open(id)) },
          },
          title || words.say("new"),
          at ? h("small", null, words.moment(at)) : null,
        ),
      ),
    ),
  );
}

function plainly(press) {
  return !(press.ctrlKey || press.metaKey || press.shiftKey || press.button);
}
