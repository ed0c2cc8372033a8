"""A message in another language gets one sentence in it, once, and is answered all the same."""

from datetime import date

import pytest

from agent.brain.rules import by_rules
from agent.wording import phrase
from plugins.domain.understanding import Context, EarlierMessage
from plugins.parse.languages import language_of

TODAY = date(2026, 11, 24)
WRITTEN = {
    "de": "ich brauche einen Databricks Workspace für das Team Hafen",
    "es": "necesito un databricks para el equipo ventas",
    "fr": "bonjour, nous avons besoin d'un databricks pour l'équipe ventes",
    "it": "vorrei un databricks per il mio team",
    "pt": "preciso de um databricks para o meu time",
    "nl": "ik heb een databricks nodig voor mijn team",
    "pl": "potrzebuję databricks dla mój zespół",
    "ru": "нам нужен databricks",
    "ja": "databricksが必要です",
    "zh": "我们需要一个databricks工作区",
}


@pytest.mark.parametrize("language", WRITTEN)
def test_it_says_in_that_language_which_ones_it_can(language: str) -> None:
    understood = by_rules(WRITTEN[language], Context(today=TODAY))
    assert understood.notice == phrase(f"languages.{language}")


def test_it_says_so_once() -> None:
    said = (EarlierMessage("person", WRITTEN["de"]),)
    assert by_rules("und was kostet das mit Photon?", Context(today=TODAY, said=said)).notice == ""


@pytest.mark.parametrize(
    "text",
    ["dev", "ja", "sí", "hello", "databricks for the La Liga team", "team Der Hafen in dev", "Energia", "42", ""],
)
def test_english_names_and_single_words_are_left_alone(text: str) -> None:
    assert language_of(text) == "en"
    assert by_rules(text, Context(today=TODAY)).notice == ""


@pytest.mark.parametrize(("text", "act"), [("Was kannst du?", "help"), ("Zeige meine Workspaces", "list")])
def test_what_the_german_page_offers_is_understood(text: str, act: str) -> None:
    assert by_rules(text, Context(today=TODAY)).act == act
