"""What the seam to the Bot Framework owes, whoever fulfils it: a second implementation is one more line in `SEAMS`."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from teams_service import PASSWORD, TENANT, TeamsService

from agent.channels.messaging.port import Undeliverable
from agent.channels.teams.access import access_of
from agent.channels.teams.botframework import BotFramework
from agent.channels.teams.credentials import CHANNEL_SCOPE, KeptToken
from agent.channels.teams.platform import BotService
from agent.settings import Settings

pytestmark = pytest.mark.integration
SEAMS: dict[str, Callable[[str, KeptToken], BotService]] = {"botbuilder 4.17.1": BotFramework}


@pytest.fixture
async def service() -> AsyncIterator[TeamsService]:
    made = await TeamsService().start()
    yield made
    await made.stop()


@pytest.fixture(params=SEAMS)
async def seam(service: TeamsService, request: pytest.FixtureRequest) -> AsyncIterator[BotService]:
    access = access_of(Settings.model_validate({"Teams": service.settings()}), {"TEAMS_APP_PASSWORD": PASSWORD})
    assert access is not None
    made = SEAMS[request.param](access.app_id, KeptToken(access, CHANNEL_SCOPE))
    yield made
    await made.close()


@pytest.fixture
def there(service: TeamsService) -> dict[str, Any]:
    """A thread of a channel."""
    conversation = {"id": "19:general@thread.tacv2;messageid=17"}
    bot = {"id": "28:bot", "name": "Brickie"}
    return {
        "serviceUrl": service.url,
        "channelId": "msteams",
        "conversation": conversation,
        "bot": bot,
        "tenantId": TENANT,
    }


async def test_a_message_goes_to_its_thread_whole_under_the_apps_token(
    seam: BotService, service: TeamsService, there: dict[str, Any]
) -> None:
    card = {"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "ä < b"}], "unknown": {"deep": [1, None]}}
    entity = {"type": "streaminfo", "streamType": "final", "streamId": "s1", "streamSequence": 3}
    activity: dict[str, Any] = {
        "type": "message",
        "summary": "s",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
        "entities": [entity],
    }
    assert await seam.send(there, activity) == "msg-1"
    (call,) = service.calls
    assert (call.act, call.place, call.card) == ("send", there["conversation"]["id"], card)
    assert (call.body["entities"], call.body["summary"], call.body["from"]["id"]) == ([entity], "s", "28:bot")
    assert service.authorizations == {f"Bearer token-1-for-{CHANNEL_SCOPE}/.default"}


async def test_a_message_is_replaced_and_deleted(
    seam: BotService, service: TeamsService, there: dict[str, Any]
) -> None:
    message = await seam.send(there, {"text": "one"})
    await seam.update(there, message, {"text": "two"})
    await seam.delete(there, message)
    assert [(call.act, call.message_id) for call in service.calls[1:]] == [("update", message), ("delete", message)]
    assert service.calls[1].words == "two"


async def test_a_targeted_message_names_who_alone_sees_it(
    seam: BotService, service: TeamsService, there: dict[str, Any]
) -> None:
    assert await seam.send_targeted(there, {"id": "29:ana", "name": "Ana"}, {"text": "for you"}) == "msg-1"
    (call,) = service.calls
    assert (call.act, call.body["recipient"]["id"], call.words) == ("targeted", "29:ana", "for you")


async def test_a_personal_chat_is_opened_and_is_the_place_for_what_follows(
    seam: BotService, service: TeamsService, there: dict[str, Any]
) -> None:
    personal = await seam.open_personal(there, {"id": "29:ana"})
    await seam.send(personal, {"text": "hello"})
    opened, sent = service.calls
    assert (opened.body["members"][0]["id"], opened.body["channelData"]["tenant"]["id"]) == ("29:ana", TENANT)
    assert (sent.place, sent.words) == ("personal-29:ana", "hello")


async def test_members_carry_the_directorys_ids(seam: BotService, service: TeamsService, there: dict[str, Any]) -> None:
    service.members = [
        {"id": "29:ana", "name": "Ana", "aadObjectId": "object-ana"},
        {"id": "29:ben", "name": "Ben", "objectId": "object-ben"},
    ]
    members = await seam.members(there)
    assert [(one["id"], one["aadObjectId"]) for one in members] == [("29:ana", "object-ana"), ("29:ben", "object-ben")]


REFUSALS: dict[tuple[int, str], tuple[str, bool]] = {
    (429, "Throttled"): ("throttled", False),
    (412, "PreconditionFailed"): ("throttled", False),
    (500, "InternalServerError"): ("unavailable", False),
    (502, "BadGateway"): ("unavailable", False),
    (504, "GatewayTimeout"): ("unavailable", False),
    (413, "MessageSizeTooBig"): ("too_large", True),
    (404, "ActivityNotFoundInConversation"): ("not_found", True),
    (403, "BotNotInConversationRoster"): ("not_installed", True),
    (403, "ConversationArchived"): ("archived", True),
    (403, "Forbidden"): ("forbidden", True),
    (401, "Unauthorized"): ("forbidden", True),
}


@pytest.mark.parametrize("answer", REFUSALS)
async def test_each_refusal_says_why_and_is_tried_once(
    seam: BotService, service: TeamsService, there: dict[str, Any], answer: tuple[int, str]
) -> None:
    status, code = answer
    service.answers.append((status, code, "7" if status == 429 else None))
    with pytest.raises(Undeliverable) as refused:
        await seam.send(there, {"text": "x"})
    assert (refused.value.reason, refused.value.permanent) == REFUSALS[answer]
    assert refused.value.retry_after_seconds == (7 if status == 429 else None)
    assert len(service.refused) == 1
    service.answers.append((status, code, None))
    with pytest.raises(Undeliverable):
        await seam.send_targeted(there, {"id": "29:ana"}, {"text": "x"})


async def test_a_service_that_is_not_there_is_unavailable(seam: BotService, there: dict[str, Any]) -> None:
    with pytest.raises(Undeliverable) as refused:
        await seam.send({**there, "serviceUrl": "http://127.0.0.1:9"}, {"text": "x"})
    assert refused.value.reason == "unavailable"


async def test_a_token_is_fetched_once_for_many_messages_which_wait_beside_one_another(
    seam: BotService, service: TeamsService, there: dict[str, Any]
) -> None:
    service.seconds = 0.3
    begun = time.monotonic()
    await asyncio.gather(*(seam.send(there, {"text": str(number)}) for number in range(20)))
    assert service.fetched_tokens == 1
    # One after the other would take six seconds.
    assert time.monotonic() - begun < 3
