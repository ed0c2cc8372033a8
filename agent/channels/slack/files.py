"""A CSV or a text that somebody shared in a message, as part of what they said."""

from typing import Protocol
from urllib.parse import urlsplit

from agent.channels.cards.slack import SlackCards
from agent.channels.messaging.port import Card, Notice
from agent.channels.slack.listening import SharedFile, Utterance
from agent.channels.slack.web_api import SlackRefused
from agent.wording import phrase, said
from plugins.domain.understanding import MOST_CHARACTERS

_MOST_BYTES = 4 * MOST_CHARACTERS
_KINDS = ("text/csv", "text/plain", "text/tab-separated-values", "application/vnd.ms-excel")
_ENDINGS = (".csv", ".tsv", ".txt")


class Files(Protocol):
    """Where shared files lie."""

    def holds(self, url: str) -> bool:
        """Whether that address is Slack's own: our token goes nowhere else."""
        ...

    async def download(self, url: str, *, most: int) -> bytes: ...


class NoFile(Exception):
    """Not to be read, and why: `why` is a key of slack.room."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name = name
        self.why = why


async def text_of(utterance: Utterance, files: Files) -> str | Card:
    """What was said with what its files hold behind it; a word instead, where one of them cannot be read.

    Raises SlackRefused where Slack cannot be asked just now.
    """
    texts = [utterance.text]
    try:
        texts += [await _read(shared, files) for shared in utterance.files]
    except NoFile as no:
        why = phrase(f"slack.room.{no.why}", most=MOST_CHARACTERS)
        return SlackCards().card(Notice(phrase("slack.room.no_file", name=said(no.name), why=why), "warning"))
    return "\n".join(text for text in texts if text)


async def _read(shared: SharedFile, files: Files) -> str:
    """Raises NoFile, SlackRefused."""
    kind = shared.kind.partition(";")[0]
    if kind not in _KINDS and not shared.name.casefold().endswith(_ENDINGS):
        raise NoFile(shared.name, "no_file_kind")
    if shared.bytes > _MOST_BYTES:
        raise NoFile(shared.name, "no_file_size")
    if not urlsplit(shared.url).hostname or not files.holds(shared.url):
        raise NoFile(shared.name, "no_file_access")
    try:
        raw = await files.download(shared.url, most=_MOST_BYTES)
    except SlackRefused as refused:
        if refused.passes:
            raise
        raise NoFile(shared.name, "no_file_access") from refused
    return _decoded(shared, raw)


def _decoded(shared: SharedFile, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # A spreadsheet of an older Office saves "CSV" in the code page of western Europe.
        text = raw.decode("cp1252", errors="replace")
    if len(text) > MOST_CHARACTERS:
        raise NoFile(shared.name, "no_file_size")
    if "\0" in text or text.lstrip().startswith(("<!DOCTYPE", "<html")):  # a sign-in page in place of the file
        raise NoFile(shared.name, "no_file_access")
    return text.replace("\r\n", "\n").strip()
