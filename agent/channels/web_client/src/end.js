/** Keeps the end of the conversation in view, unless the person has scrolled up to read. */

const NEAR_END_PX = 80;
const ABOVE_PX = 8;

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

  /** Brings the beginning of something tall into view: it is read from its top. */
  show(element) {
    if (!this._pinned) return void (this._latest.hidden = false);
    // What was to be done for something before it would lead past this.
    cancelAnimationFrame(this._due);
    this._due = null;
    const log = this._log;
    const top = element.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop;
    if (log.scrollHeight - top <= log.clientHeight) return this.go();
    log.scrollTo({ top: top - ABOVE_PX, behavior: "instant" });
    this._pinned = false;
    this._latest.hidden = true;
  }

  /** Something was added. The end is sought once a frame, however much comes. `own`: the person wrote it. */
  follow(own = false) {
    this._pinned ||= own;
    if (!this._pinned) this._look(true);
    else this._due ??= requestAnimationFrame(() => ((this._due = null), this.go()));
  }

  _look(added = false) {
    const log = this._log;
    const below = log.scrollHeight - log.scrollTop - log.clientHeight;
    this._pinned = below < NEAR_END_PX;
    if (this._pinned) this._latest.hidden = true;
    else if (added) this._latest.hidden = false;
  }
}
