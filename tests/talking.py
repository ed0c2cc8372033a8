"""A conversation of one person over the in-memory Terraform, in this process."""

from pathlib import Path

from agent.app import App, AppEnvironment
from agent.events import Event, Incoming
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))


class Talk:
    """`say` gives what is told until all that it began has ended. `url` names the records' database, if not a file."""

    def __init__(self, home: Path, url: str | None = None) -> None:
        settings = Settings.model_validate({"Database": {"Url": url}})
        self.terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        self.app = App(AppEnvironment(settings, {}, home), terraform=self.terraform, inline=True)
        self._heard: list[Event] = []
        self.app.listen(self._heard.append)

    async def say(self, text: str) -> list[Event]:
        return await self.hear(Incoming(conversation="cnv", person=ANA, text=text))

    async def hear(self, incoming: Incoming) -> list[Event]:
        self._heard.clear()
        await self.app.reply_to(incoming, until_settled=True)
        return list(self._heard)
