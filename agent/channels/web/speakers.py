"""Speaking as somebody else in the sandbox of one's own machine, so that one person can see what four eyes mean.

"/as ines@contoso.com approver" makes Ines the speaker of that conversation from there on, as in the terminal.
"""

from agent.events import ShowCommand
from plugins.domain.plan import Person

ARRIVED = ShowCommand()
"""What somebody who has just arrived is taken to ask: to see the plan that waits."""

_COMMAND = "/as "
_MOST_WORDS = 6
"""A name and a handful of roles; what is longer is a sentence that begins like the command."""


class Speakers:
    """Who speaks in each conversation. Unless `believed` it is always whoever is signed in."""

    def __init__(self, *, believed: bool) -> None:
        self._believed = believed
        self._speaking: dict[str, Person] = {}

    def of(self, conversation: str, person: Person) -> Person:
        return self._speaking.get(conversation, person)

    def changed(self, conversation: str, person: Person, text: str) -> bool:
        """True when that text names another speaker, who then speaks there; without roles, with the same ones."""
        words = text.removeprefix(_COMMAND).split()
        # Off this machine's sandbox the words are an ordinary message: nobody becomes somebody by saying so.
        if not self._believed or not text.startswith(_COMMAND) or not 0 < len(words) <= _MOST_WORDS:
            return False
        name, *roles = words
        self._speaking[conversation] = Person(id=name, name=name, roles=tuple(roles) or person.roles)
        return True
