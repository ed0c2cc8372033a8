/** The chat page around the widget: earlier conversations at the side, the open one in the address. */

import { Api } from "../api.js";
import { frame } from "./frame.js";
import { language, wordsOf } from "./kept.js";
import { notices } from "./notices.js";
import { palette } from "./palette.js";
import { sidebar } from "./sidebar.js";

const LIVE = ["queued", "applying", "rolling_back", "destroying", "planned", "attention"];
const chat = document.querySelector("brickie-chat");
const api = new Api("");
const asked = new URLSearchParams(location.search);
let here = asked.get("c");

// This script stands before the widget's on the page: what is set and listened to here is in time.
chat.setAttribute("locale", language());
if (here) chat.setAttribute("conversation", here);
else if (asked.has("say")) chat.setAttribute("conversation", "new");
const sessions = new Promise((resolve) => chat.addEventListener("brickie-session", ({ detail }) => resolve(detail), { once: true }));
const isReady = new Promise((resolve) => chat.addEventListener("brickie-ready", resolve, { once: true }));
void begin();

async function begin() {
  const words = await wordsOf(language());
  const menu = document.getElementById("conversations");
  const bar = frame(words, "chat", { themed: [chat], menu, skip: () => chat.focus() });
  const side = sidebar(words, menu, api, { open, here: () => here });

  function open(id, { push = true } = {}) {
    here = id;
    menu.removeAttribute("data-open");
    if (push) history.pushState(null, "", id ? `/?c=${encodeURIComponent(id)}` : "/");
    side.show();
    void chat.open(id);
  }

  chat.addEventListener("brickie-conversation", ({ detail }) => {
    here = detail;
    history.replaceState(null, "", `/?c=${encodeURIComponent(here)}`);
  });
  // A conversation has its title from the first thing that was said in it.
  chat.addEventListener("brickie-said", async () => {
    if (side.knows(here)) return;
    side.take([{ id: here, title: "", updated_at: null }, ...side.all]);
    const { conversations } = await api.session().catch(() => ({ conversations: side.all }));
    side.take(conversations);
  });
  chat.addEventListener("brickie-state", ({ detail }) => side.state(here, stateOf(detail)));
  const note = notices();
  chat.addEventListener("brickie-note", ({ detail }) => note(detail));
  addEventListener("popstate", () => open(new URLSearchParams(location.search).get("c"), { push: false }));
  palette(words, {
    items: () => items(words, side, open),
    say: (text) => chat.say(text),
    write: () => chat.focus(),
  });

  const session = await sessions;
  here ??= asked.has("say") ? null : (session.conversations?.[0]?.id ?? null);
  bar.session(session, api);
  await isReady;
  side.take(session.conversations ?? []);
  if (asked.get("say")) chat.suggest(asked.get("say"));
  // A phone's keyboard would hide half of what there is to read.
  else if (matchMedia("(pointer: fine)").matches) chat.focus();
  bar.waiting.begin(api);
}

/** The workspace that matters most in a conversation: one under way, else the last. */
function stateOf({ deployments }) {
  const one = deployments.findLast(({ status }) => LIVE.includes(status)) ?? deployments.at(-1);
  return { workspace: one?.workspace_name ?? null, state: one?.status ?? null };
}

async function items(words, side, open) {
  const { deployments = [] } = await api.deployments().catch(() => ({}));
  const go = (address) => () => location.assign(address);
  return [
    { text: words.say("new"), go: () => open(null) },
    { text: words.say("page.deployments"), go: go("/deployments") },
    ...side.all.map(({ id, title }) => ({ text: title || words.say("new"), go: () => open(id) })),
    ...deployments.map((one) => ({
      text: `${one.workspace_name} · ${one.state}`,
      go: go(`/deployments/${encodeURIComponent(one.deployment_id)}`),
    })),
  ];
}
