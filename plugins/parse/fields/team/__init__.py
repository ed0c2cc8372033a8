"""Whose workspace it is: a name, where the words around it mark one.

Names are open: any words may be one, a workload's and an environment's too. So what marks a name decides where it
begins, and the first word that cannot belong to it where it ends. A module a mark: a key (`keyed`), the word "team"
(`beside`), a verb (`subjects`), an environment of its own (`staged`), a place of work (`workplaces`), a "for"
(`beneficiary`), and no mark at all (`leftovers`). Each yields mentions with a weight that tells how plainly;
`plugins.parse.roles` weighs them.

What this costs: every mark reads all words of the page once.
"""

from plugins.parse.fields.team.beneficiary import names_for
from plugins.parse.fields.team.beside import names_apposed, names_beside_team, names_instead
from plugins.parse.fields.team.drafted import DRAFTED, drafted
from plugins.parse.fields.team.keyed import keyed, names_listed
from plugins.parse.fields.team.leftovers import leftovers
from plugins.parse.fields.team.slug import slug_of, slugged
from plugins.parse.fields.team.staged import names_staged
from plugins.parse.fields.team.subjects import names_given, names_that_ask
from plugins.parse.fields.team.words import TeamWords, again
from plugins.parse.fields.team.workplaces import names_of_workplaces

__all__ = [
    "DRAFTED",
    "TeamWords",
    "beneficiaries",
    "drafted",
    "keyed",
    "leftovers",
    "listed",
    "slug_of",
    "slugged",
    "teams",
]


def listed(words: TeamWords) -> None:
    """Adds mentions of `teams`: a list of names that each get a workspace of their own."""
    words.page.add(names_listed(words))


def teams(words: TeamWords) -> None:
    """Adds mentions of `team` that a word marks: "team X", "the X team", "X needs", "give X a", "I'm from X"."""
    page = words.page
    readings = (names_beside_team, names_apposed, names_that_ask, names_given, names_of_workplaces)
    mentions = [mention for reading in readings for mention in reading(words)]
    denied = [mention for mention in mentions if page.clauses.is_denied(mention.start)]
    page.add(mention for mention in mentions if not page.clauses.is_denied(mention.start))
    if not mentions:  # a word that marks a name is surer than what stands beside it
        page.add(names_staged(words))
    # A name that was told plainly stands for itself wherever it stands again: the Photon Science team uses no Photon.
    page.mask(again(page))
    # After the others: "not for sales but for tax" names tax only because sales is denied.
    names_instead(words, [mention.end for mention in denied])


def beneficiaries(words: TeamWords) -> None:
    """Adds mentions of `team` that "for X" names; read after what other words mark, so that X is nothing else."""
    words.page.add(names_for(words))
