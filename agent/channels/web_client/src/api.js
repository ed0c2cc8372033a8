/** The server's API: session, messages, actions, deployments. Errors are values with a sentence to show. */

/** What the server, or the way to it, refused. `text` may be shown; `retryable` says whether the same may succeed. */
export class Refused extends Error {
  constructor({ status = 0, code = "network", text = "", retryable = true, seconds = 0, login = null }) {
    super(text);
    Object.assign(this, { status, code, text, retryable, seconds, login });
  }
}

export class Api {
  /** @param {string} base the server's origin, empty for this page's own @param {() => string | Promise<string>} [token] */
  constructor(base, token) {
    this.base = base;
    this._token = token;
    this._csrf = "";
  }

  async session() {
    const found = await this._json("GET", "/api/session");
    this._csrf = found.csrf ?? "";
    return found;
  }

  async begin() {
    return (await this._json("POST", "/api/conversations", {})).conversation;
  }

  say(conversation, text, clientId) {
    return this._json("POST", `/api/conversations/${conversation}/messages`, { text, client_id: clientId });
  }

  act(conversation, action, clientId) {
    return this._json("POST", `/api/conversations/${conversation}/actions`, { ...action, client_id: clientId });
  }

  rename(conversation, title) {
    return this._json("POST", `/api/conversations/${conversation}/title`, { title });
  }

  /** It and what was said in it; plans, deployments and the audit stay. */
  remove(conversation) {
    return this._json("POST", `/api/conversations/${conversation}/delete`, {});
  }

  /** Conversations in whose title, or in which, those words occur. */
  find(text) {
    return this._json("GET", `/api/conversations?q=${encodeURIComponent(text)}`);
  }

  /** `verdict`: good, bad, or none to take it back. */
  rate(conversation, turn, verdict) {
    return this._json("POST", `/api/conversations/${conversation}/feedback`, { turn, verdict });
  }

  plan(id) {
    return this._json("GET", `/api/plans/${encodeURIComponent(id)}`);
  }

  deployments() {
    return this._json("GET", "/api/deployments");
  }

  deployment(id) {
    return this._json("GET", `/api/deployments/${encodeURIComponent(id)}`);
  }

  signOut() {
    return this._json("POST", "/logout", {});
  }

  /** An open stream of events; the caller reads its body. */
  async stream(conversation, after, signal) {
    const headers = { Accept: "text/event-stream" };
    if (after) headers["Last-Event-ID"] = String(after);
    return this._send(`/api/conversations/${conversation}/events`, { headers, signal, cache: "no-store" });
  }

  /** Plans of others that this person may decide. */
  approvals() {
    return this._json("GET", "/api/approvals");
  }

  decide(planId, action, clientId) {
    return this._json("POST", `/api/approvals/${encodeURIComponent(planId)}`, { ...action, client_id: clientId });
  }

  /** Asks the person of that mark, one of a plan's `candidates`, who may decide it as well. */
  handOver(planId, to) {
    return this._json("POST", `/api/approvals/${encodeURIComponent(planId)}/hand_over`, { to });
  }

  /** What became of what this person asked for on their other channels, and whether they wish to be told. */
  news() {
    return this._json("GET", "/api/news");
  }

  /** These, by number, were read. */
  readNews(told) {
    return this._json("POST", "/api/news/told", { told });
  }

  wishNews(results) {
    return this._json("POST", "/api/news/wish", { results });
  }

  async _json(method, path, body, again = true) {
    const headers = { Accept: "application/json" };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      headers["X-Brickie-CSRF"] = this._csrf;
    }
    let answer;
    try {
      answer = await this._send(path, { method, headers, body: body && JSON.stringify(body) });
    } catch (refused) {
      // A session that was renewed in another tab, or by a restart, has another mark.
      if (!again || refused.status !== 403 || body === undefined) throw refused;
      await this.session();
      return this._json(method, path, body, false);
    }
    return answer.status === 204 ? {} : answer.json().catch(() => ({}));
  }

  async _send(path, options) {
    const token = await this._token?.();
    if (token) options.headers.Authorization = `Bearer ${token}`;
    let answer;
    try {
      answer = await fetch(this.base + path, { credentials: token ? "omit" : "same-origin", ...options });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new Refused({});
    }
    if (!answer.ok) throw await refusal(answer);
    return answer;
  }
}

async function refusal(answer) {
  const told = await answer.json().catch(() => ({}));
  const { code = "server", text = "", retryable = answer.status >= 500 } = told.error ?? {};
  const seconds = Number(answer.headers.get("Retry-After")) || 0;
  return new Refused({ status: answer.status, code, text, retryable, seconds, login: told.login ?? null });
}

/** A fresh id for one message or action. Sent again with the same id, it counts once. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
