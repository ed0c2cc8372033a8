"""A message that orders several things: each is carried out as if it had been said by itself.

What takes effect or answers at once is done first, in its order. One plan is of one kind of act, since one yes is to
mean one thing: of what needs a plan the first is planned, and it is said what to say for the others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agent.events import Question
from agent.orders import PlanOrder
from agent.turn.context import Outcome, TurnContext
from agent.wording import phrase, said
from plugins.domain.understanding import FOR_THE_ASKER, Act, Context, MessageReader, Understanding
from plugins.parse.orders import PLANNED, Orders, together


@dataclass(frozen=True)
class OrdersRead:
    """`read` are the orders in the sender's words, each with what it means; `left` what is no order to be taken."""

    read: tuple[tuple[str, Understanding], ...]
    left: tuple[str, ...] = ()


def read_of(meant: object) -> tuple[Understanding, ...]:
    """All that was understood of a message; nothing for what was meant without words."""
    if isinstance(meant, OrdersRead):
        return tuple(understood for _, understood in meant.read)
    return (meant,) if isinstance(meant, Understanding) else ()


async def read_orders(orders: Orders, context: Context, brain: MessageReader) -> Understanding | OrdersRead:
    """The message as the brain understands it; each order by itself where it holds several. Raises ReadingFailed."""
    read: list[tuple[str, Understanding]] = []
    for texts in orders.taken:
        alike = [await brain.understand(each, context) for each in texts]
        read.append((phrase("wording.and").join(texts), alike[0] if len(alike) == 1 else together(alike)))
    return read[0][1] if len(read) == 1 and not orders.left else OrdersRead(tuple(read), orders.left)


Carry = Callable[[TurnContext, Understanding], tuple[Outcome, Act]]


def carry_out(context: TurnContext, orders: OrdersRead, carry: Carry) -> tuple[Outcome, Act]:
    """What they come to one after another, and their act: of what is for whoever asked alone the first, so that all of
    the answer is (`agent.channels.messaging`), else the last that was carried out.
    """
    outcome, text = context.unchanged(), ""
    acts: list[Act] = [orders.read[0][1].act]
    waiting = sorted(orders.read, key=lambda order: order[1].act in PLANNED)
    while waiting and not _has_first(outcome):
        text, meant = waiting.pop(0)
        # What the turn was loaded with knows nothing of what the order before has done.
        alone = context.incoming.model_copy(update={"text": text, "understood": None})
        done, act = carry(replace(context.after(outcome), incoming=alone, known=None), meant)
        acts.append(act)
        outcome = outcome.then(done)
    if waiting or orders.left:
        texts = [order for order, _ in waiting]
        told = context.after(outcome).say(
            "not_taken", taken=said(text), waiting=_quoted(texts), left=_quoted(orders.left)
        )
        outcome = outcome.then(told)
    of_the_asker: list[Act] = [act for act in acts[1:] if act in FOR_THE_ASKER]
    return outcome, (of_the_asker or acts[-1:])[0]


def _has_first(outcome: Outcome) -> bool:
    """Whether this message has led to something to decide, or to answer, before more is done."""
    return any(isinstance(order, PlanOrder) for order in outcome.orders) or any(
        isinstance(event, Question) for event in outcome.events
    )


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"“{said(text, most=200)}”" for text in texts)
