/** What a person has sent and the conversation does not show yet. Kept over a reload, so that no sentence is lost. */

export class Outbox {
  /** @param {string | null} conversation */
  constructor(conversation) {
    this._key = conversation && `brickie-outbox-${conversation}`;
    this._kept = new Map();
    try {
      for (const [id, text] of JSON.parse(sessionStorage.getItem(this._key) ?? "[]"))
        this._kept.set(id, { text, since: null, failed: true });
    } catch {
      // Storage is forbidden or foreign: it begins empty.
    }
  }

  /** `since` is how many events had been seen when it was written. */
  put(id, text, since) {
    this._kept.set(id, { text, since, failed: false });
    this._save();
  }

  text(id) {
    return this._kept.get(id)?.text ?? "";
  }

  /** The server has it; the stream will bring it. */
  taken(id) {
    const kept = this._kept.get(id);
    if (kept) kept.failed = false;
  }

  failed(id, since) {
    const kept = this._kept.get(id);
    if (kept) Object.assign(kept, { since, failed: true });
  }

  arrived(id) {
    if (this._kept.delete(id)) this._save();
  }

  take(other) {
    for (const [id, kept] of other._kept) this._kept.set(id, kept);
    this._save();
  }

  /** What was not sent, oldest first. */
  waiting() {
    return [...this._kept].filter(([, kept]) => kept.failed).map(([id, { text, since }]) => ({ id, text, since }));
  }

  _save() {
    if (!this._key) return;
    try {
      sessionStorage.setItem(this._key, JSON.stringify([...this._kept].map(([id, { text }]) => [id, text])));
    } catch {
      // Without storage a sentence lives as long as its page.
    }
  }
}
