"""What became of somebody's request, on the channels that they did not ask on: who wants it, who may know it, and who
was told already.

It is kept in the transaction of what happened, and each identity is noted as told in the transaction that tells it: it
is never told twice, whichever process tells it. Rights are those of the identity that is told, as they are then.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from agent.approvals import ApprovalRules
from agent.store.news import RESULTS, News
from agent.store.records import Records
from agent.wording import phrase, several
from plugins.domain.deployment import Deployment, DeploymentResult
from plugins.domain.person import OS
from plugins.domain.plan import Person, Plan

_CHANNELS = ("teams", "slack", OS, "said", "brickie")
CHATS = frozenset({"teams", "slack"})
ON, OFF = "on", "off"


def channel_of(issuer: str) -> str:
    """The channel of that issuer of identities: a key of `messaging.where`."""
    return next((name for name in _CHANNELS if issuer == name or issuer.startswith(f"{name}:")), "web")


def where_of(issuer: str) -> str:
    """The same, as people call it."""
    return phrase(f"messaging.where.{channel_of(issuer)}")


def wants_news(records: Records, keys: Collection[str]) -> bool:
    """Whether somebody with these identities wants to be told on their other channels; not unless they said so."""
    return any(records.choices_of(key).get(RESULTS) == ON for key in keys)


def hears_elsewhere(records: Records, who: Person) -> bool:
    """Whether this person is known on another channel as well, and wants to be told there."""
    keys = records.keys_of(who)
    return len(keys) > 1 and wants_news(records, keys)


def switch_news(records: Records, person: Person, value: str | None, *, now: datetime) -> str:
    """Switches it, for all identities of this person, and says what holds now; with None it only says that."""
    records.recognise(person, now=now)
    keys = records.keys_of(person)
    for key in keys if value is not None else ():
        records.choose(key, RESULTS, ON if value == ON else OFF)
    if not wants_news(records, keys):
        return phrase("views.elsewhere.off")
    others = other_channels(records, person)
    return phrase("views.elsewhere.on", where=several(others)) if others else phrase("views.elsewhere.nowhere")


def other_channels(records: Records, person: Person) -> list[str]:
    """Where else this person is known, in words."""
    issuers = (key.split("|", 1)[0] if "|" in key else OS for key in records.keys_of(person) - {person.key})
    return sorted({where_of(issuer) for issuer in issuers} - {where_of(person.issuer)})


def note_results(records: Records, plan: Plan, results: Sequence[DeploymentResult], *, now: datetime) -> None:
    """How a plan that was carried out ended, all of it."""
    names = several([item.decision.workspace_name for item in plan.items])
    if len(results) == 1:
        text = phrase(f"views.elsewhere.{results[0].status}", names=names)
    else:
        good = sum(result.status in ("succeeded", "destroyed") for result in results)
        text = phrase("views.elsewhere.batch", good=good, count=len(results), names=names)
    _keep(records, _of_plan(records, plan, "result", text, now))


def note_decision(records: Records, plan: Plan, status: str, *, by: Person | None, now: datetime) -> None:
    """A plan that was approved, rejected or expired; what somebody decided themselves is no news to them."""
    if by is not None and by.key in records.keys_of(plan.requested_by):
        return
    names = several([item.decision.workspace_name for item in plan.items])
    text = phrase(f"views.elsewhere.{status}", names=names, by=by.name if by is not None else "")
    _keep(records, _of_plan(records, plan, status, text, now))


def note_ending(records: Records, deployment: Deployment, text: str, *, about: str, now: datetime) -> None:
    """A workspace that ends soon, or whose time is over; `about` tells one such news of it from the next."""
    asked = deployment.requested_by
    told = News(
        key=f"ends:{deployment.deployment_id}:{about}",
        who=asked,
        channel=_channel_in(records, deployment.conversation, asked),
        conversation=deployment.conversation,
        about=(deployment.deployment_id,),
        text=text,
        at=now,
    )
    _keep(records, told)


def may_hear(records: Records, news: News, person: Person, rules: ApprovalRules) -> bool:
    """Whether this identity may be told: it is known to be the asker's on another channel, may speak of something
    here, and may speak of every workspace that it is about.
    """
    keys = records.keys_of(person)
    if news.who.key not in keys or person.key == news.who.key or channel_of(person.issuer) == news.channel:
        return False
    if not {rules.requester, rules.approver} & set(person.roles) or not wants_news(records, keys):
        return False
    known = (records.deployment(deployment_id) for deployment_id in news.about)
    return all(each is None or each.requested_by.key in keys or rules.approver in person.roles for each in known)


def news_of(records: Records, person: Person, rules: ApprovalRules) -> tuple[News, ...]:
    """What this identity was not told of yet and may be told, oldest first."""
    others = records.keys_of(person) - {person.key}
    return tuple(each for each in records.news_for(person.key, others) if may_hear(records, each, person, rules))


def news_words(news: News) -> str:
    """With where it was asked for, since that is where one goes on."""
    return phrase("views.elsewhere.asked", text=news.text, where=phrase(f"messaging.where.{news.channel}"))


def _of_plan(records: Records, plan: Plan, what: str, text: str, now: datetime) -> News:
    return News(
        key=f"{what}:{plan.plan_id}",
        who=plan.requested_by,
        channel=_channel_in(records, plan.conversation, plan.requested_by),
        conversation=plan.conversation,
        about=tuple(item.deployment_id for item in plan.items),
        text=text,
        at=now,
        plan_id=plan.plan_id,
    )


def _channel_in(records: Records, conversation: str, asked: Person) -> str:
    chat = records.chat(conversation)
    return chat.platform if chat is not None else channel_of(asked.issuer)


def _keep(records: Records, news: News) -> None:
    if hears_elsewhere(records, news.who):
        records.keep_news(news)
