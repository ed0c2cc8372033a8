/** Drawings of amounts; the figures stand beside them as text, so nothing is in the drawing alone. */

import { h, s } from "../dom.js";

const MOST = 8;
const [WIDE, HIGH] = [600, 90];

/** Bars, biggest first. @param {{name: string, amount: number}[]} rows */
export function bars(words, title, rows, currency) {
  const sorted = rows.toSorted((one, other) => other.amount - one.amount);
  const shown = sorted.slice(0, MOST);
  const rest = sorted.slice(MOST);
  if (rest.length) shown.push({ name: `+ ${rest.length}`, amount: rest.reduce((sum, one) => sum + one.amount, 0) });
  const most = Math.max(...shown.map((one) => one.amount), 1);
  const line = (one) =>
    h(
      "tr",
      null,
      h("th", { scope: "row", title: one.name }, one.name),
      h("td", { class: "drawn" }, meter(one.amount, most)),
      h("td", { class: "end" }, words.money(one.amount, currency, 0)),
    );
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", null, title),
    h("table", { class: "bars" }, h("tbody", null, shown.map(line))),
  );
}

function meter(amount, most) {
  const drawing = { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" };
  return s("svg", drawing, s("rect", { height: 10, width: Math.max(0.5, (amount / most) * 100) }));
}

/** Amounts from one moment to the next, as steps. @param {{at: string, amount: number}[]} points oldest first */
export function steps(words, title, points, currency) {
  if (new Set(points.map((one) => one.amount)).size < 2) return null;
  const [first, last] = [points[0], points.at(-1)];
  const [from, to] = [new Date(first.at), new Date(last.at)];
  const most = Math.max(...points.map((one) => one.amount), 1) * 1.05;
  const x = (at) => ((new Date(at) - from) / (to - from || 1)) * WIDE;
  const y = (amount) => HIGH - (amount / most) * HIGH;
  const path = points.map((one, at) => (at ? `H${x(one.at).toFixed(1)}V${y(one.amount).toFixed(1)}` : `M0 ${y(one.amount).toFixed(1)}`)).join("");
  const told = words.say("chart.time.text", {
    first: words.money(first.amount, currency, 0),
    last: words.money(last.amount, currency, 0),
    from: words.day(first.at),
    to: words.day(last.at),
  });
  const drawing = { class: "over-time", viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true" };
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", null, title),
    s("svg", drawing, s("path", { class: "area", d: `${path}V${HIGH}H0Z` }), s("path", { class: "line", d: path })),
    h("p", { class: "faint small" }, told),
  );
}
