/** One plan on a page of its own: to send to whoever may decide it, and to print. */

import { h, icon } from "../dom.js";
import { newId } from "../api.js";
import { copying } from "../cards/parts.js";
import { mayDecide } from "../cards/decide.js";
import { parts, planCard } from "../cards/plan.js";
import { handover } from "./handover.js";

/** @param {{plan: any, status: string, requested_by: {name: string}, created_at: string, conversation: string | null}} found */
export function planPage(words, api, found, me) {
  const { plan, status, requested_by: by, remarks = [] } = found;
  const card = decidable(words, api, plan, me, found.may_answer, by.id !== me?.id);
  card.open();
  if (status !== "pending") (card.settle(status, found.decided_by), card.open());
  const name = plan.decision?.workspace_name ?? words.say("plan.several", { count: plan.items.length });
  const print = h("button", { type: "button", class: "quiet", on: { click: () => window.print() } }, icon("print"), words.say("page.print"));
  return [
    h("div", { class: "title" }, h("h1", null, `${words.say("page.plan")}: ${name}`), copying(words, () => location.href, words.say("page.share")), print),
    remarks.map((text) => h("p", { class: "faint" }, text)),
    h("p", { class: "faint" }, words.say("page.plan.asked", { by: by.name, time: words.moment(found.created_at) })),
    found.conversation &&
      h("p", { class: "crumbs" }, h("a", { href: `/?c=${encodeURIComponent(found.conversation)}` }, icon("chat"), words.say("page.chat"))),
    found.may_continue &&
      h("p", null, h("a", { class: "button secondary", href: `/?say=${encodeURIComponent(`continue ${plan.plan_id} here`)}` }, words.say("page.plan.continue"))),
    card.element,
    plan.decision && h("div", { class: "on-paper" }, parts(words, plan).map(({ title, draw }) => [h("h2", null, title), draw()])),
  ];
}

/** A plan's card whose buttons go to its own conversation, wherever it is shown. */
export function decidable(words, api, plan, me, mayAnswer = true, isOthers = true) {
  const decide = async (action, value = null) => {
    const comment = isOthers ? card.comment() : null;
    await api.decide(plan.plan_id, { action, digest: plan.digest, value, comment }, newId());
    card.settle(action === "remark" ? "remarked" : "sent");
  };
  const card = planCard(words, plan, {
    ...(mayAnswer && isOthers && { remark: () => decide("remark") }),
    ...(mayAnswer && isOthers && mayDecide(plan, me) && { beside: handover(words, api, plan) }),
    ...(mayAnswer && { confirm: (_, phrase) => decide("confirm", phrase), reject: () => decide("reject") }),
    person: () => me,
    could: async () => (await api.plan(plan.plan_id).catch(() => ({}))).could_decide,
    link: () => `${location.origin}/plans/${encodeURIComponent(plan.plan_id)}`,
  });
  return card;
}
