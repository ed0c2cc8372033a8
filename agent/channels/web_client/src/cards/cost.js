/** A month's cost: a small chart of low, expected and high against the limit, and the bill behind it. */

import { h, s } from "../dom.js";
import { facts, grid } from "./parts.js";

const WIDTH = 640;
const [TOP, BAR, FOOT] = [4, 14, 26];

/** @param {import("../words.js").Words} words @param cost an estimate @param {number | null} [limit] of the month */
export function costChart(words, cost, limit = null) {
  const money = (amount) => words.money(amount, cost.currency);
  const varies = cost.low !== cost.high;
  return h(
    "div",
    { class: "cost" },
    h(
      "p",
      { class: "headline" },
      cost.unpriced?.length ? h("span", { class: "faint" }, `${words.say("cost.least")} `) : null,
      h("strong", null, money(cost.expected)),
      h("span", { class: "faint" }, ` ${words.say("cost.expected.month")}`),
    ),
    bars(words, cost, limit),
    h(
      "p",
      { class: "legend faint small" },
      varies && h("span", null, words.say("cost.range.legend", { low: money(cost.low), high: money(cost.high) })),
      limit !== null && h("span", { class: limit < cost.expected ? "over" : null }, words.say("cost.limit", { amount: money(limit) })),
      h("span", null, hourly(words, cost)),
    ),
    cost.round_the_clock ? h("p", { class: "faint small" }, roundTheClock(words, cost)) : null,
    cost.unpriced?.length
      ? h("p", { class: "warn-text" }, words.say("cost.unpriced", { items: cost.unpriced.join(", ") }))
      : null,
  );
}

/** The drawing alone: its figures stand beside it as text, where no two of them can collide. */
function bars(words, cost, limit) {
  const end = Math.max(cost.high, limit ?? 0) * 1.02 || 1;
  const x = (amount) => (amount / end) * WIDTH;
  const told = words.say("cost.chart", {
    currency: cost.currency,
    ...Object.fromEntries(["low", "expected", "high"].map((key) => [key, words.number(cost[key], 2)])),
  });
  const spread = cost.low !== cost.high;
  return s(
    "svg",
    { class: "range", viewBox: `0 0 ${WIDTH} ${FOOT}`, preserveAspectRatio: "none", role: "img", "aria-label": told },
    s("rect", { class: "track", x: 0, y: TOP, width: WIDTH, height: BAR, rx: 3 }),
    s("rect", { class: "sure", x: 0, y: TOP, width: x(spread ? cost.low : cost.expected), height: BAR, rx: 3 }),
    spread && s("rect", { class: "may", x: x(cost.low), y: TOP, width: x(cost.high) - x(cost.low), height: BAR }),
    s("line", { class: "mark", x1: x(cost.expected), x2: x(cost.expected), y1: TOP - 4, y2: TOP + BAR + 4 }),
    limit !== null && s("line", { class: "limit", x1: x(limit), x2: x(limit), y1: TOP - 4, y2: TOP + BAR + 4 }),
  );
}

function hourly(words, cost) {
  const rates = [...new Set([cost.hourly_low, cost.hourly_high].map((rate) => words.money(rate, cost.currency)))];
  const rate = rates.length > 1 ? words.say("cost.range", { low: rates[0], high: rates[1] }) : rates[0];
  return words.say("cost.hourly", { rate, hours: words.number(cost.hours_per_month) });
}

/** What a stream costs that never stops, where nobody said how long it runs. */
function roundTheClock(words, cost) {
  const by = words.difference({ ...cost, expected: cost.round_the_clock }, cost);
  return words.say("cost.roundtheclock", { amount: words.money(cost.round_the_clock, cost.currency), by });
}

/** Every line of the bill with its source. */
export function bill(words, cost) {
  if (!cost.lines?.length) return null;
  const sources = [...new Set(cost.lines.map((line) => [line.source, line.as_of].filter(Boolean).join(", ")))];
  const numbered = (line) => sources.indexOf([line.source, line.as_of].filter(Boolean).join(", ")) + 1;
  const rows = cost.lines.map((line) => [
    [
      line.item,
      h("sup", null, numbered(line)),
      line.note ? h("span", { class: "faint small block" }, line.note) : null,
    ],
    line.quantity || line.monthly !== null ? `${words.number(line.quantity, 2)} ${line.unit}` : "",
    line.unit_price === null ? words.say("unknown") : words.number(line.unit_price, 6),
    line.monthly === null ? words.say("unknown") : words.money(line.monthly, cost.currency),
  ]);
  const columns = ["bill.item", "bill.quantity", "bill.price", "cost.month"].map((name, at) => ({
    text: words.say(name),
    end: at > 0,
  }));
  const total = [words.say("cost.total"), "", "", words.money(cost.expected, cost.currency)];
  return [
    grid(words.say("section.cost"), columns, rows, total),
    h(
      "ol",
      { class: "sources", "aria-label": words.say("sources") },
      sources.map((source) => h("li", null, source)),
    ),
    cost.notes?.length ? facts([[words.say("section.notes"), cost.notes.join(" ")]]) : null,
  ];
}

/** How two costs differ, in words; what costs more is no good news, and is not coloured as such. */
export function difference(words, before, after) {
  const change = after.expected - before.expected;
  if (Math.abs(change) < 0.005) return h("p", { class: "delta" }, words.say("cost.same"));
  const amount = words.money(Math.abs(change), after.currency);
  return h("p", { class: `delta ${change > 0 ? "dearer" : "cheaper"}` }, words.say(change > 0 ? "cost.more" : "cost.less", { amount }));
}
