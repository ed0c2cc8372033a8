/** Bars of amounts, biggest first; the figures stand beside them as text, so nothing is in the drawing alone. */

import { h } from "../dom.js";

const MOST = 8;

/** @param {{name: string, amount: number | null, unknown?: number}[]} rows */
export function bars(words, title, rows, currency) {
  const sorted = rows.toSorted((one, other) => (other.amount ?? 0) - (one.amount ?? 0));
  const shown = sorted.slice(0, MOST);
  const rest = sorted.slice(MOST);
  if (rest.length)
    shown.push({ name: `+ ${rest.length}`, amount: rest.reduce((sum, one) => sum + (one.amount ?? 0), 0) });
  const most = Math.max(...shown.map((one) => one.amount ?? 0), 1);
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", null, title),
    h(
      "table",
      { class: "bars" },
      h(
        "tbody",
        null,
        shown.map((one) =>
          h(
            "tr",
            null,
            h("th", { scope: "row", title: one.name }, one.name),
            h("td", { class: "drawn" }, meter(one.amount ?? 0, most)),
            h(
              "td",
              { class: "end" },
              `${one.unknown ? `${words.say("cost.least")} ` : ""}${words.money(one.amount, currency, 0)}`,
            ),
          ),
        ),
      ),
    ),
  );
}

function meter(amount, most) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 100 10");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  bar.setAttribute("height", "10");
  bar.setAttribute("width", String(Math.max(0.5, (amount / most) * 100)));
  svg.append(bar);
  return svg;
}
