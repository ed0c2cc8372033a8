/** Elements from code: text is always text, never markup, so nothing that a person or a cloud wrote can become a tag. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, unknown> | null} [props] attributes; `on` holds listeners; true is an empty attribute
 * @param {...unknown} children nodes, texts, lists of these; null and false are nothing
 */
export function h(tag, props, ...children) {
  return filled(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, props, ...children) {
  return filled(document.createElementNS(SVG, tag), props, children);
}

function filled(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [kind, act] of Object.entries(value)) element.addEventListener(kind, act);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

const PATHS = {
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  tilde: "M2 9.5c1.2-4.5 3.6-4.5 6-1.5s4.8 3 6-1.5",
  swap: "M3 5h9l-2.5-2.5M13 11H4l2.5 2.5",
  check: "M3 8.5l3.2 3L13 4.5",
  cross: "M4 4l8 8M12 4l-8 8",
  warn: "M8 2.5l6 11H2zM8 6.5v3.2M8 11.6v.4",
  copy: "M6 5.5h7v8H6zM3 10.5v-8h7v1",
  down: "M8 2.5v8M4.5 7.5L8 11l3.5-3.5M3 13.5h10",
  link: "M6.5 3.5H3v9.5h9.5V9.5M9 3h4v4M13 3L7.5 8.5",
  send: "M2.5 8L13.5 3 10 13.5 7.5 9zM7.5 9L13.5 3",
  chat: "M2.5 3h11v8H7l-3 2.5V11H2.5z",
  back: "M10 3L5 8l5 5",
  undo: "M3.5 6.5h6a3.2 3.2 0 010 6.5H6M3.5 6.5L6.5 3.5M3.5 6.5l3 3",
  clock: "M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM8 5v3.2l2.2 1.3",
  file: "M4 2h5l3 3v9H4zM9 2v3h3",
  edit: "M3 13l.8-3L10.5 3.3l2.2 2.2L6 12.2zM9.3 4.5l2.2 2.2",
  up: "M5 7.5v6H2.5v-6zM5 7.5l3-5c1.3 0 1.7 1 1.4 2L9 6.5h3.6c.7 0 1.1.6.9 1.3l-1.3 4.7c-.1.6-.6 1-1.2 1H5",
  thumbdown: "M11 8.5v-6h2.5v6zM11 8.5l-3 5c-1.3 0-1.7-1-1.4-2l.4-2H3.4c-.7 0-1.1-.6-.9-1.3l1.3-4.7c.1-.6.6-1 1.2-1H11",
  bell: "M4 11.5c1-1 1-2 1-4a3 3 0 016 0c0 2 0 3 1 4zM7 13.5h2",
  print: "M4.5 6V2.5h7V6M4.5 11H2.5V6h11v5h-2M4.5 9.5h7v4h-7z",
  search: "M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.5 10.5l3 3",
  trash: "M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.6 9h5.8l.6-9",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  stop: "M4 4h8v8H4z",
  theme: "M13.2 9.6A5.6 5.6 0 016.4 2.8a5.6 5.6 0 106.8 6.8z",
};

/** A small drawing beside a text that says the same; screen readers pass over it. */
export function icon(name) {
  return s(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 16 16", "aria-hidden": "true" },
    s("path", { d: PATHS[name] }),
  );
}

/** The product's sign: three courses of bricks. */
export function brick() {
  const rows = [
    [1, 3, 6],
    [8, 3, 7],
    [1, 7, 3],
    [5, 7, 6],
    [12, 7, 3],
    [1, 11, 6],
    [8, 11, 7],
  ];
  const bricks = rows.map(([x, y, width]) => s("rect", { x, y: y - 1, width, height: 3, rx: 0.6 }));
  return s("svg", { class: "brick", viewBox: "0 0 16 16", "aria-hidden": "true" }, bricks);
}
