/** What a set of deployments costs together: one place for every figure of the page, so that no two of them differ. */

const PLANNED = ["planned", "planning"];

/** Only what stands for a workspace in the cloud costs anything. */
export const live = (rows) => rows.filter((one) => one.live && one.monthly !== null);

export function total(rows) {
  return rows.reduce((sum, one) => sum + (one.monthly ?? 0), 0);
}

/** What is asked for and not there yet, in that currency. */
export const planned = (rows) => rows.filter((one) => PLANNED.includes(one.status) && one.monthly !== null);

/** The currency that all of them are in; null where there are several, which are never added. */
export function currencyOf(rows) {
  const all = new Set(rows.map((one) => one.currency));
  return all.size === 1 ? [...all][0] : null;
}

export function by(rows, key) {
  const sums = new Map();
  for (const one of rows) sums.set(one[key], (sums.get(one[key]) ?? 0) + one.monthly);
  return [...sums].map(([name, amount]) => ({ name, amount }));
}

/** What was deployed together cost a month at each moment, at today's configuration. */
export function overTime(rows) {
  const moves = [];
  for (const one of rows.filter((each) => each.monthly !== null && (each.live || each.status === "destroyed"))) {
    moves.push({ at: one.created_at, by: one.monthly });
    if (one.status === "destroyed") moves.push({ at: one.updated_at, by: -one.monthly });
  }
  moves.sort((one, other) => (one.at < other.at ? -1 : 1));
  let amount = 0;
  const points = moves.map((move) => ({ at: move.at, amount: (amount += move.by) }));
  return points.length ? [...points, { at: new Date().toISOString(), amount }] : [];
}
