/** Earlier conversations: which one is open, what came of each, and finding, renaming and deleting them. */

import { h, icon } from "../dom.js";

const FIRST = 40;
const PAUSE_MS = 250;

/**
 * @param {HTMLElement} side @param {import("../api.js").Api} api
 * @param {{open: (id: string | null) => void, here: () => string | null}} page
 */
export function sidebar(words, side, api, page) {
  const list = h("ul", { on: { keydown: (press) => moved(press, list) } });
  const none = h("p", { class: "none", hidden: true });
  const search = h("input", {
    type: "search",
    "aria-label": words.say("side.search"),
    placeholder: words.say("side.search"),
    on: { input: () => soon() },
  });
  let [known, found, due] = [[], null, null];
  side.setAttribute("aria-label", words.say("page.conversations"));
  side.append(
    h("button", { type: "button", on: { click: () => page.open(null) } }, words.say("new")),
    search,
    h("h2", null, words.say("page.conversations")),
    list,
    none,
  );

  function soon() {
    clearTimeout(due);
    due = setTimeout(find, PAUSE_MS);
  }
  async function find() {
    const text = search.value.trim();
    found = text ? ((await api.find(text).catch(() => ({}))).conversations ?? []) : null;
    if (search.value.trim() === text) show();
  }
  function show() {
    const shown = found ?? known;
    none.hidden = shown.length > 0;
    none.textContent = words.say(found ? "side.none" : "side.empty");
    const here = page.here();
    const first = shown.some(({ id }) => id === here) ? here : shown[0]?.id;
    const line = (one) => row(one, { here, first });
    list.replaceChildren(...shown.slice(0, FIRST).map(line));
    // The rest is below what is seen: it waits until the page is there.
    const rest = shown.slice(FIRST);
    if (rest.length) later(() => list.childElementCount === FIRST && list.append(...rest.map(line)));
  }
  function row(one, { here, first }) {
    const { id, title, updated_at: at } = one;
    const name = title || words.say("new");
    const state = [one.workspace && words.say("side.state", { name: one.workspace, state: words.say(`state.${one.state}`) }), at && words.ago(at)];
    const link = h(
      "a",
      {
        href: `/?c=${encodeURIComponent(id)}`,
        "aria-current": id === here ? "page" : null,
        tabindex: id === first ? null : "-1",
        title: at ? `${name}, ${words.moment(at)}` : name,
        on: { click: (press) => plainly(press) && (press.preventDefault(), page.open(id)) },
      },
      h("span", null, name),
      h("small", null, state.filter(Boolean).join(" · ")),
    );
    return h("li", null, link, id === here && title && tools(one, link));
  }
  /** On the open one only: nobody deletes what they do not see. */
  function tools(one, link) {
    const { title } = one;
    const button = (kind, drawn, click) =>
      h("button", { type: "button", "aria-label": words.say(`side.${kind}.it`, { title }), title: words.say(`side.${kind}`), on: { click } }, icon(drawn));
    return h("div", { class: "tools" }, button("rename", "edit", () => rename(one, link)), button("delete", "trash", () => remove(one)));
  }
  function rename(one, link) {
    const field = h("input", { type: "text", value: one.title, maxlength: "80", "aria-label": words.say("side.title") });
    let over = false;
    async function end(keeps) {
      if (over) return;
      over = true;
      const title = field.value.trim();
      if (keeps && title && title !== one.title) {
        await api.rename(one.id, title).then(() => (one.title = title), () => undefined);
      }
      show();
      list.querySelector("[aria-current]")?.focus();
    }
    field.addEventListener("keydown", (press) => press.key === "Enter" ? end(true) : press.key === "Escape" && end(false));
    field.addEventListener("blur", () => end(true));
    link.replaceWith(field);
    field.select();
  }
  async function remove(one) {
    if (!(await asked(words, words.say("side.delete.ask", { title: one.title }), words.say("side.delete")))) return;
    try {
      await api.remove(one.id);
    } catch {
      return;
    }
    known = known.filter(({ id }) => id !== one.id);
    found = found?.filter(({ id }) => id !== one.id) ?? null;
    page.open(null);
  }
  return {
    show,
    knows: (id) => known.some((one) => one.id === id),
    take: (conversations) => ((known = conversations), show()),
    /** What has come of the open conversation. */
    state: (id, { workspace, state }) => {
      const one = known.find((other) => other.id === id);
      if (!one || (one.workspace === workspace && one.state === state)) return;
      Object.assign(one, { workspace, state, updated_at: new Date().toISOString() });
      show();
    },
    get all() {
      return known;
    },
  };
}

/** One question that is answered by a press: false unless it was said yes to. */
function asked(words, text, yes) {
  return new Promise((resolve) => {
    const close = (answer) => () => (dialog.close(), dialog.remove(), resolve(answer));
    const no = h("button", { type: "button", on: { click: close(false) } }, words.say("form.cancel"));
    const dialog = h(
      "dialog",
      { class: "asked", "aria-label": yes, on: { cancel: close(false) } },
      h("p", null, text),
      h("div", null, h("button", { type: "button", class: "danger", on: { click: close(true) } }, yes), no),
    );
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}

/** The list is one stop of the Tab key; the arrows move within it. */
function moved(press, list) {
  const links = [...list.querySelectorAll("a")];
  const at = links.indexOf(press.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[press.key];
  if (at < 0 || to === undefined || !links[to]) return;
  press.preventDefault();
  links[to].focus();
}

function plainly(press) {
  return !(press.ctrlKey || press.metaKey || press.shiftKey || press.button);
}

function later(work) {
  if (window.requestIdleCallback) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work, 50);
}
