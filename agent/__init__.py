"""Having the conversation, keeping the records, running the deployment. Where to open first:

`turn.turn`     one turn, message to events; `turn.dispatch` says which action a message comes to, `turn.actions` holds
                one file an act
`dialogue`      pure: what a conversation is, and what one understood message makes of it
`brain`         a text to an understanding, by rules or by a model that code holds to the person's own words
`views`         who may see what, and how a plan or a workspace is shown; changes nothing
`deployment`    what turns ordered, carried out through crashes and restarts
`store`         the records and their audit
`channels`      where people are; `cli` one file a command
`app`           settings in, a running app out: with `factories` the only place that makes real things

The plain files are nouns and pure rules: `events`, `orders`, `approvals`, `settings`; `wording` fills every sentence
that people read. Which may import which is in pyproject.toml, and is checked.
"""
