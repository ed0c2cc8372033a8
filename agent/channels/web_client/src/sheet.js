/** The widget's style as a constructable sheet: a strict content security policy lets no inline style through. */

import base from "./style/base.css";
import cards from "./style/cards.css";
import chat from "./style/chat.css";

let made;

export function sheet() {
  if (!made) {
    made = new CSSStyleSheet();
    made.replaceSync(base + chat + cards);
  }
  return made;
}
