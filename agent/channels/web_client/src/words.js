/** The widget's own words. What the agent says comes from the server; what stands on buttons comes from here. */

import english from "./locale/en.json";

export class Words {
  /** @param {Record<string, string>} [own] words of another language; what it lacks is English */
  constructor(own = {}, language = "en") {
    this.language = language;
    this.regions = {};
    this._form = navigator.language.startsWith(language) ? navigator.language : language;
    this._words = { ...english, ...own };
  }

  /**
   * The text of that name. `{count}` and other names in braces are filled in; with a count of one, `name.one` is
   * preferred.
   * @param {string} name
   * @param {Record<string, unknown>} [values]
   */
  say(name, values = {}) {
    const text = (values.count === 1 && this._words[`${name}.one`]) || this._words[name] || name;
    return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
  }

  /** The text of that name with a node in the place of `{key}`. */
  around(name, key, node) {
    const [before, after = ""] = this.say(name).split(`{${key}}`);
    return [before, node, after];
  }

  /** A field of a request or decision as people call it; one without a word of its own keeps its name. */
  field(name) {
    return this._words[`field.${name}`] ?? spaced(name);
  }

  /** A value as people say it: yes and no, plain numbers, words without underscores. */
  value(value) {
    if (value === true || value === false) return this.say(value ? "yes" : "no");
    if (value === null || value === undefined || value === "") return this.say("none");
    const text = String(value);
    return this._words[`value.${text}`] ?? (text === text.toLowerCase() ? text.replaceAll("_", " ") : text);
  }

  number(value, digits = 0) {
    return new Intl.NumberFormat(this._form, { maximumFractionDigits: digits }).format(value);
  }

  money(amount, currency, digits = 2) {
    if (amount === null || amount === undefined) return this.say("unknown");
    const form = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return `${new Intl.NumberFormat(this._form, form).format(amount)}\u00a0${currency}`;
  }

  /** By how much one month is more or less than another; "" where the two cannot be compared. */
  difference(cost, ground, digits = 2) {
    const unknown = (one) => (one.unpriced ?? []).join();
    if (!ground || cost.currency !== ground.currency || unknown(cost) !== unknown(ground)) return "";
    const form = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "always" };
    const amount = new Intl.NumberFormat(this._form, form).format(cost.expected - ground.expected);
    return `${amount.replace("-", "\u2212")}\u00a0${cost.currency}`;
  }

  moment(iso) {
    const form = { dateStyle: "medium", timeStyle: "short" };
    return new Intl.DateTimeFormat(this._form, form).format(new Date(iso));
  }

  /** How long ago, as people say it; older than a week, the day. */
  ago(iso) {
    const seconds = (Date.now() - new Date(iso)) / 1000;
    if (seconds < 60) return this.say("ago.now");
    const form = new Intl.RelativeTimeFormat(this._form, { numeric: "auto", style: "short" });
    if (seconds < 3600) return form.format(-Math.floor(seconds / 60), "minute");
    if (seconds < 86_400) return form.format(-Math.floor(seconds / 3600), "hour");
    if (seconds < 604_800) return form.format(-Math.floor(seconds / 86_400), "day");
    return new Intl.DateTimeFormat(this._form, { dateStyle: "medium" }).format(new Date(iso));
  }

  day(iso) {
    return new Intl.DateTimeFormat(this._form, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(iso));
  }

  /** Seconds as a clock reads them: 8 s, 2 min 05 s, 1 h 12 min. */
  span(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    if (whole < 60) return `${whole} s`;
    const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
    if (minutes < 60) return `${minutes} min ${String(rest).padStart(2, "0")} s`;
    return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
  }
}

const OTHERS = ["de"];

/** The browser's language where there are words of it; null where English is meant. */
export function spoken() {
  return OTHERS.find((name) => navigator.language.startsWith(name)) ?? null;
}

/** The words in that language from the server's language files; English when there are none. */
export async function wordsIn(language, url) {
  if (!url) return new Words();
  try {
    const answer = await fetch(url, { credentials: "omit" });
    return answer.ok ? new Words(await answer.json(), language) : new Words();
  } catch {
    return new Words();
  }
}

function spaced(name) {
  return name.replaceAll("_", " ");
}
