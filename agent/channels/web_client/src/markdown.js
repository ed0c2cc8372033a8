/** Markdown as safe elements: no HTML passes, links lead out by https, mailto or this site only, images are dropped. */

import DOMPurify from "dompurify";
import MarkdownIt from "markdown-it";

const parser = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable(["image"]);
// Only what begins as an address does is one: a name with a dot in it is a name.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
const MARKDOWN = {
  ALLOWED_TAGS: [
    "p",
    "br",
    "strong",
    "em",
    "s",
    "code",
    "pre",
    "ul",
    "ol",
    "li",
    "blockquote",
    "a",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
  ],
  ALLOWED_ATTR: ["href", "start"],
  ALLOWED_URI_REGEXP: /^(?:https:|mailto:|\/(?!\/))/i,
  RETURN_DOM_FRAGMENT: true,
};
const DRAWING = {
  USE_PROFILES: { svg: true },
  FORBID_TAGS: ["style", "script", "a", "image", "use", "foreignObject", "animate", "set"],
  FORBID_ATTR: ["style", "href", "xlink:href"],
  RETURN_DOM_FRAGMENT: true,
};

/** @param {string} text */
export function markdown(text) {
  const safe = DOMPurify.sanitize(parser.render(text), MARKDOWN);
  for (const link of safe.querySelectorAll("a")) {
    link.setAttribute("rel", "noopener noreferrer");
    link.setAttribute("target", "_blank");
  }
  for (const block of safe.querySelectorAll("pre")) block.setAttribute("tabindex", "0");
  return safe;
}

/** A drawing from the server, with nothing in it that acts, loads or leads anywhere. Null when nothing is left. */
export function drawing(svg) {
  const safe = DOMPurify.sanitize(svg, DRAWING);
  return safe.querySelector("svg");
}

/** The same words without marks, for a screen reader. */
export function plain(text) {
  return DOMPurify.sanitize(parser.render(text), MARKDOWN).textContent.replace(/\s+/g, " ").trim();
}

/** An address from outside as a link may use it: https only; null for any other. */
export function outward(address) {
  try {
    const url = new URL(String(address));
    return url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}
