/**
 * The events of one conversation, in order and once each, for as long as the page is open.
 *
 * Read with fetch, not EventSource: an embedding site's token travels in a header, and a refusal can be told from an
 * outage. Comes back by itself with what it has not seen, at once when the browser says that it is online again.
 */

import { Refused } from "./api.js";

const SILENCE_MS = 40_000;
const LONGEST_WAIT_MS = 15_000;

export class Stream {
  /**
   * @param {import("./api.js").Api} api
   * @param {string} conversation
   * @param {{event: (event: any) => void, status: (status: string, refused?: Refused) => void}} hear
   */
  constructor(api, conversation, hear) {
    this._api = api;
    this._conversation = conversation;
    this._hear = hear;
    this._after = 0;
    this._failures = 0;
    this._open = true;
    this._wake = null;
    this._online = () => this.retry();
    this._offline = () => this._abort?.abort();
    addEventListener("online", this._online);
    addEventListener("offline", this._offline);
    void this._run();
  }

  close() {
    this._open = false;
    removeEventListener("online", this._online);
    removeEventListener("offline", this._offline);
    this._abort?.abort();
    this._wake?.();
  }

  /** Tries again now, also after a refusal that only a sign-in can heal. */
  retry() {
    this._failures = 0;
    this._wake?.();
  }

  async _run() {
    while (this._open) {
      const refused = await this._read();
      if (!this._open) return;
      const stays =
        refused && !refused.retryable && refused.status >= 400 && refused.status < 500 && refused.status !== 429;
      this._hear.status(stays ? "refused" : navigator.onLine ? "lost" : "offline", refused);
      await this._pause(stays ? Infinity : this._wait(refused));
    }
  }

  _wait(refused) {
    const backoff = Math.min(LONGEST_WAIT_MS, 500 * 2 ** this._failures++);
    return Math.max(refused?.seconds ? refused.seconds * 1000 : 0, backoff * (0.75 + Math.random() / 2));
  }

  _pause(milliseconds) {
    return new Promise((resolve) => {
      this._wake = resolve;
      if (milliseconds !== Infinity) setTimeout(resolve, milliseconds);
    });
  }

  /** Reads until the stream ends; gives what refused it, if anything did. */
  async _read() {
    this._abort = new AbortController();
    let quiet = setTimeout(() => this._abort.abort(), SILENCE_MS);
    try {
      const answer = await this._api.stream(this._conversation, this._after, this._abort.signal);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(quiet);
        quiet = setTimeout(() => this._abort.abort(), SILENCE_MS);
        rest = this._take(rest + part.value.replaceAll("\r\n", "\n"));
      }
      return null;
    } catch (error) {
      return error instanceof Refused ? error : null;
    } finally {
      clearTimeout(quiet);
    }
  }

  /** Tells every whole block of the text; gives back what is not whole yet. */
  _take(text) {
    const blocks = text.split("\n\n");
    const rest = blocks.pop();
    for (const block of blocks) {
      let id = 0;
      const lines = [];
      for (const line of block.split("\n")) {
        if (line.startsWith("id:")) id = Number(line.slice(3)) || 0;
        else if (line.startsWith("data:")) lines.push(line.slice(5).replace(/^ /, ""));
      }
      if (lines.length) this._tell(lines.join("\n"), id);
    }
    return rest;
  }

  _tell(line, id) {
    if (id && id <= this._after) return;
    let event;
    try {
      event = JSON.parse(line);
    } catch {
      return;
    }
    if (id) this._after = id;
    if (event.type === "ready") this._failures = 0;
    try {
      this._hear.event(event);
    } catch (fault) {
      // One event that cannot be shown must not take the rest of the conversation with it.
      reportError(fault);
    }
  }
}
