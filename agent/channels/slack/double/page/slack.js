// Shows the played workspace: Block Kit as far as Brickie uses it. Texts are set as text, never as HTML.
const at = (id) => document.getElementById(id);
const view = { who: "U0ANA", channel: "C0PLATFORM", thread: null, state: null, drawn: "" };

function made(tag, fields = {}, ...children) {
  const { dataset, ...rest } = fields;
  const element = Object.assign(document.createElement(tag), rest);
  Object.assign(element.dataset, dataset ?? {});
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const plain = (text) => text.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);

function nameOf(id) {
  if (id === "U0BRICKIE") return "Brickie";
  return view.state?.people.find((person) => person.id === id)?.name ?? id;
}

// mrkdwn: what stands between angle brackets, *bold*, _italic_ and `code`.
function mrkdwn(text) {
  const pieces = [];
  const pattern = /<([^>]+)>|(?<![\w*])\*([^*\n]+)\*(?![\w*])|`([^`\n]+)`|(?<![\w_])_([^_\n]+)_(?![\w_])/g;
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    pieces.push(plain(text.slice(from, match.index)));
    if (match[1]) pieces.push(bracketed(match[1]));
    else if (match[2]) pieces.push(made("b", {}, ...mrkdwn(match[2])));
    else if (match[3]) pieces.push(made("code", { textContent: plain(match[3]) }));
    else pieces.push(made("i", { textContent: plain(match[4]) }));
    from = match.index + match[0].length;
  }
  pieces.push(plain(text.slice(from)));
  return pieces;
}

function bracketed(inner) {
  const [target, label] = inner.split("|");
  if (target.startsWith("@")) return made("b", { textContent: `@${nameOf(target.slice(1))}` });
  if (target.startsWith("!date^")) {
    const when = new Date(Number(target.split("^")[1]) * 1000);
    return made("span", { textContent: Number.isNaN(when.getTime()) ? label : when.toISOString().slice(0, 16).replace("T", " ") });
  }
  if (/^https?:/.test(target)) return made("a", { href: target, textContent: label ?? target, rel: "noreferrer" });
  return made("b", { textContent: label ?? target });
}

function textOf(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : [object.text];
}

function spans(elements) {
  return elements.map((one) => {
    if (one.type !== "text") return made("b", { textContent: JSON.stringify(one) });
    if (one.style?.bold) return made("b", { textContent: one.text });
    return one.style?.code ? made("code", { textContent: one.text }) : one.text;
  });
}

function richElement(one) {
  if (one.type === "rich_text_preformatted") return made("pre", {}, ...spans(one.elements));
  if (one.type === "rich_text_list") {
    const tag = one.style === "ordered" ? "ol" : "ul";
    return made(tag, {}, ...one.elements.map((item) => made("li", {}, ...spans(item.elements))));
  }
  return made("span", {}, ...spans(one.elements));
}

function elementOf(element, press) {
  if (element.type === "button") {
    const button = made("button", { type: "button", className: `btn ${element.style ?? ""}`, textContent: element.text.text });
    button.addEventListener("click", () => {
      if (element.url) globalThis.open(element.url, "_blank", "noreferrer");
      else press(element, button);
    });
    return button;
  }
  if (element.type === "static_select" || element.type === "users_select") {
    const choices = element.options ?? view.state.people.map((one) => ({ value: one.id, text: { text: one.name } }));
    const select = made("select", { name: element.action_id });
    select.append(made("option", { value: "", textContent: element.placeholder?.text ?? "" }));
    select.append(...choices.map((one) => made("option", { value: one.value, textContent: one.text.text })));
    return select;
  }
  const tag = element.multiline ? "textarea" : "input";
  return made(tag, { name: element.action_id, value: element.initial_value ?? "", placeholder: element.placeholder?.text ?? "" });
}

// Slack's two thumbs; it shows by itself which was pressed.
function thumbsOf(element, press) {
  const thumb = (drawn, one) => {
    const button = made("button", { type: "button", className: "thumb", textContent: drawn, title: one.text.text });
    button.setAttribute("aria-label", one.text.text);
    button.addEventListener("click", () => press({ type: element.type, action_id: element.action_id, value: one.value }, button));
    return button;
  };
  return [thumb("👍", element.positive_button), thumb("👎", element.negative_button)];
}

function tableOf(block) {
  const [head, ...rows] = block.rows;
  const side = (column) => (block.column_settings?.[column]?.align === "right" ? "right" : "");
  const cells = (row, tag) => made("tr", {}, ...row.map((cell, column) => made(tag, { textContent: cell.text, className: side(column) })));
  return made("div", { className: "scroll" }, block.caption ? made("div", { className: "context", textContent: block.caption }) : null,
    made("table", {}, cells(head, "th"), ...rows.map((row) => cells(row, "td"))));
}

const SIGNS = { complete: "✅", error: "❌", in_progress: "⏳", pending: "▫️" };

function taskOf(task) {
  const details = (task.details?.elements ?? []).flatMap((one) => one.elements.map((piece) => piece.text)).join("");
  return made("div", { className: "task" }, SIGNS[task.status] ?? "?", made("span", {}, made("b", { textContent: task.title }), " ", made("small", { textContent: details })));
}

function blockOf(block, press) {
  const wrap = (className, ...children) => made("div", { className: `block ${className}` }, ...children);
  switch (block.type) {
    case "header": return wrap("header", ...textOf(block.text));
    case "divider": return made("hr");
    case "context": return wrap("context", ...block.elements.flatMap((one) => [...textOf(one), " "]));
    case "section":
      if (block.fields) return wrap("fields", ...block.fields.map((one) => made("div", {}, ...textOf(one))));
      return wrap("section", made("div", {}, ...textOf(block.text)), block.accessory ? elementOf(block.accessory, press) : null);
    case "rich_text": return wrap("rich", ...block.elements.map(richElement));
    case "context_actions": return wrap("thumbs", ...block.elements.flatMap((one) => thumbsOf(one, press)));
    case "actions": return wrap("actions", ...block.elements.map((one) => elementOf(one, press)));
    case "container": return wrap("", made("details", {}, made("summary", {}, ...textOf(block.title)), ...block.child_blocks.map((one) => blockOf(one, press))));
    case "table": case "data_table": return wrap("", tableOf(block));
    case "plan": return wrap("plan", made("b", { textContent: block.title }), ...block.tasks.map(taskOf));
    case "input": return made("label", { className: "input block", dataset: { name: block.block_id } }, made("span", {}, ...textOf(block.label)), elementOf(block.element, press), block.hint ? made("div", { className: "hint" }, ...textOf(block.hint)) : null);
    default: return wrap("wrong", JSON.stringify(block));
  }
}

async function act(what, fields) {
  const response = await fetch("/act", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ what, user: view.who, ...fields }) });
  const answer = await response.json();
  if (answer.answer?.text) globalThis.setTimeout(() => globalThis.console.log(answer.answer.text));
  await refresh();
  return answer;
}

// A form inside a message: what stands in its inputs goes along with every click of that message.
function valuesAround(button) {
  const values = {};
  for (const input of button.closest("li").querySelectorAll("[name]")) {
    const label = input.closest("[data-name]");
    if (!label) continue;
    const chosen = input.tagName === "SELECT" ? { selected_option: input.value ? { value: input.value } : null } : { value: input.value };
    values[label.dataset.name] = { [input.name]: chosen };
  }
  return values;
}

// Of a message that still grows, the pieces that have come.
const saidBy = (message) => (message.chunks ?? []).map((chunk) => chunk.text ?? "").join("") || (message.text ?? "");

function messageOf(message, inThread) {
  const bot = message.user === "U0BRICKIE";
  const press = (element, button) => act("press", { channel: message.channel, ts: message.ts, element, values: valuesAround(button) });
  const shown = message.blocks?.length ? message.blocks.map((one) => blockOf(one, press)) : [made("div", { className: "block" }, ...mrkdwn(saidBy(message)))];
  const replies = view.state.messages.filter((one) => one.thread_ts === message.ts && one.ts !== message.ts);
  const open = made("button", { type: "button", className: "replies", textContent: replies.length ? `${replies.length} ${replies.length === 1 ? "reply" : "replies"}` : "Reply in thread" });
  open.addEventListener("click", () => { view.thread = message.ts; draw(); });
  const order = made("button", { type: "button", className: "replies", textContent: "Order from this message" });
  order.addEventListener("click", () => act("press", { channel: message.channel, ts: message.ts, shortcut: true }));
  return made("li", { dataset: { ts: message.ts } },
    made("div", { className: `face ${bot ? "bot" : ""}`, textContent: nameOf(message.user).slice(0, 1) }),
    made("div", {}, made("div", { className: "by", textContent: nameOf(message.user) }, made("small", { textContent: message.edits ? "(edited)" : "" })),
      message.only_for ? made("div", { className: "only", textContent: "👁 Only visible to you" }) : null, ...shown,
      inThread || message.only_for ? null : made("div", {}, open, bot ? null : order)));
}

function modalOf(shown) {
  const modal = at("modal");
  const form = made("form", { method: "dialog" });
  const press = (element) => act("press", { home: true, element });
  const close = made("button", { type: "button", className: "btn", textContent: shown.close?.text ?? "Close" });
  close.addEventListener("click", () => act("close", { view: shown.id }));
  form.append(made("header", {}, made("h2", { textContent: shown.title.text })), ...shown.blocks.map((one) => blockOf(one, press)),
    made("footer", {}, close, shown.submit ? made("button", { className: "btn primary", textContent: shown.submit.text }) : null));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = Object.fromEntries([...form.querySelectorAll("[name]")].map((one) => [one.name, one.value]));
    const { answer } = await act("submit", { view: shown.id, values });
    for (const old of form.querySelectorAll(".wrong")) old.remove();
    for (const [name, text] of Object.entries(answer?.errors ?? {})) form.querySelector(`[data-name="${CSS.escape(name)}"]`)?.append(made("div", { className: "wrong", textContent: text }));
  });
  modal.replaceChildren(form);
  if (!modal.open) modal.showModal();
}

function draw() {
  const { state } = view;
  const people = state.people.map((one) => made("option", { value: one.id, textContent: one.name, selected: one.id === view.who }));
  at("who").replaceChildren(...people);
  const tabs = [...Object.entries(state.channels).map(([id, name]) => [id, id.startsWith("D") ? "✉ Brickie" : `# ${name}`]), ["home", "⌂ Brickie: Home"]];
  at("channels").replaceChildren(...tabs.map(([id, label]) => {
    const tab = made("button", { type: "button", textContent: label });
    if (id === view.channel) tab.setAttribute("aria-current", "page");
    tab.addEventListener("click", () => { view.channel = id; view.thread = null; if (id === "home") act("home", {}); else draw(); });
    return tab;
  }));
  at("title").textContent = tabs.find(([id]) => id === view.channel)?.[1] ?? "";
  const isHome = view.channel === "home";
  at("composer").hidden = isHome;
  const press = (element) => act("press", { home: true, element });
  if (isHome) at("messages").replaceChildren(...(state.home?.blocks ?? []).map((one) => blockOf(one, press)));
  else at("messages").replaceChildren(...state.messages.filter((one) => one.channel === view.channel && (!one.thread_ts || one.thread_ts === one.ts)).map((one) => messageOf(one, false)));
  at("thread").hidden = !view.thread;
  at("replies").replaceChildren(...state.messages.filter((one) => view.thread && (one.ts === view.thread || one.thread_ts === view.thread)).map((one) => messageOf(one, true)));
  const session = state.sessions[`${view.channel}/${view.thread}`];
  at("session").textContent = session ? (session.status === "processing" ? "Brickie is at it …" : "Brickie waits for you") : "";
  for (const list of [at("messages"), at("replies")]) list.scrollTop = list.scrollHeight;
  const shown = state.views.at(-1);
  if (shown) modalOf(shown);
  else if (at("modal").open) at("modal").close();
}

async function refresh() {
  const response = await fetch(`/state?user=${encodeURIComponent(view.who)}`);
  const text = await response.text();
  if (text === view.drawn) return;
  view.drawn = text;
  view.state = JSON.parse(text);
  draw();
}

function composer(form, input, thread) {
  at(form).addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = at(input).value.trim();
    if (!text) return;
    at(input).value = "";
    await act("say", { channel: view.channel, text, thread: thread() });
  });
}

composer("composer", "text", () => null);
composer("reply", "reply-text", () => view.thread);
at("who").addEventListener("change", (event) => { view.who = event.target.value; view.thread = null; if (view.channel.startsWith("D")) view.channel = `D${view.who.slice(1)}`; refresh(); });
at("close-thread").addEventListener("click", () => { view.thread = null; draw(); });
setInterval(refresh, 500);
await refresh();
