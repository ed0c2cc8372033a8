/** Keeps the end of the conversation in view, unless the person has scrolled up to read. */

const NEAR_END_PX = 80;

export class End {
  /** @param {HTMLElement} log what scrolls @param {HTMLElement} latest the button that leads to the end */
  constructor(log, latest) {
    this._log = log;
    this._latest = latest;
    this._pinned = true;
    this._due = null;
    log.addEventListener("scroll", () => this._look(), { passive: true });
    // Who opens a part of a card wants to read it there.
    log.addEventListener(
      "click",
      (press) => press.target.closest("summary") && requestAnimationFrame(() => this._look()),
    );
    this._sized = new ResizeObserver(() => this._pinned && this.follow());
    this._sized.observe(log);
  }

  stop() {
    this._sized.disconnect();
  }

  go(smoothly = false) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this._log.scrollTo({ top: this._log.scrollHeight, behavior: smoothly && !still ? "smooth" : "instant" });
    this._latest.hidden = true;
    this._pinned = true;
  }

  /** Something was added. The end is sought once a frame, however much comes. `own`: the person wrote it. */
  follow(own = false) {
    this._pinned ||= own;
    if (!this._pinned) this._latest.hidden = false;
    else this._due ??= requestAnimationFrame(() => ((this._due = null), this.go()));
  }

  _look() {
    const log = this._log;
    this._pinned = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
    if (this._pinned) this._latest.hidden = true;
  }
}
