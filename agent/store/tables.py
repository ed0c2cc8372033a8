"""The tables of the records. Values are JSON documents beside the few columns that are searched; times are UTC."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False, index=True),
    Column("title", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("updated_at", String, nullable=False, index=True),
    Column("document", Text, nullable=False),
    Column("deleted_at", String),
)
"""`version` rises with every change: a turn made from what is gone is not kept. `last_seq` counts the events.
`updated_at` never goes back: whoever looks for news looks for what is later than its last look. `deleted_at`: its
owner wants it gone; the row stays, since runs that it ordered still tell what became of them.
"""

said = Table(
    "conversation_events",
    metadata,
    Column("conversation", String, ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("turn", Integer, nullable=False),
    Column("source", String, nullable=False),
    Column("at", String, nullable=False),
    Column("document", Text, nullable=False),
)
"""Everything said on a conversation, in order. `source`: "person", "turn", or "work" for what ran behind it."""

received = Table(
    "received",
    metadata,
    Column("conversation", String, primary_key=True),
    Column("client_id", String, primary_key=True),
    Column("at", String, nullable=False, index=True),
    Column("is_answered", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("beginnings", Integer, nullable=False, server_default="0"),
    Column("place", Text),
)
"""Messages that a channel took in before they are answered, by its own id for them: a repeat is known as one.
`beginnings` is how often its turn was begun: one that never comes to an end is not begun for ever. `place` is the row
of `chats` that is to be kept then, and with it what was said; NULL where both is kept already.
"""

requests = Table(
    "requests",
    metadata,
    Column("plan_id", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("conversation", String, nullable=False, index=True),
    Column("person", String, nullable=False),
    Column("at", String, nullable=False),
    Column("document", Text, nullable=False),
)

plans = Table(
    "plans",
    metadata,
    Column("plan_id", String, primary_key=True),
    Column("conversation", String, nullable=False, index=True),
    Column("turn", Integer, nullable=False),
    Column("status", String, nullable=False, index=True),
    Column("action", String, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("expires_at", String, index=True),
    Column("document", Text),
)
"""`document` is the plan without its items, empty while it is being made."""

plan_items = Table(
    "plan_items",
    metadata,
    Column("plan_id", String, ForeignKey("plans.plan_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("deployment_id", String, nullable=False),
    Column("part", Text, nullable=False),
    Column("item", Text),
)

showings = Table(
    "showings",
    metadata,
    Column("plan_id", String, primary_key=True),
    Column("conversation", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("at", String, nullable=False),
)
"""Where a plan was shown beside its own conversation: there, and nowhere else, that person may decide it too."""

approvals = Table(
    "approvals",
    metadata,
    Column("approval_id", String, primary_key=True),
    Column("plan_id", String, nullable=False, unique=True),
    Column("digest", String, nullable=False),
    Column("by_id", String, nullable=False),
    Column("given_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("document", Text, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("plan_id", String, ForeignKey("plans.plan_id"), primary_key=True),
    Column("person", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("at", String, nullable=False),
    Column("document", Text, nullable=False),
)
"""Who has said yes to a plan that takes several; the approval comes with the last. `person` is the key of one."""

identities = Table(
    "identities",
    metadata,
    Column("person", String, primary_key=True),
    Column("mark", String, primary_key=True),
    Column("at", String, nullable=False),
    Index("identities_by_mark", "mark"),
)
"""What a channel has verified of a person (a key): identities with one mark in common are one human being."""

deployments = Table(
    "deployments",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("deployment_id", String, nullable=False, unique=True),
    Column("workspace_name", String, nullable=False, index=True),
    Column("status", String, nullable=False, index=True),
    Column("conversation", String, nullable=False, index=True),
    Column("person", String, nullable=False, index=True),
    Column("environment", String, nullable=False),
    Column("expires_on", String, index=True),
    Column("document", Text, nullable=False),
    Index("deployments_by_status", "status", "workspace_name"),
)
"""The index answers which names are taken, which every turn asks, without the documents."""

runs = Table(
    "runs",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("plan_id", String, nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("deployment_id", String, nullable=False, index=True),
    Column("conversation", String, nullable=False, index=True),
    Column("turn", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("cancel_requested", Integer, nullable=False),
    Column("executor", String),
    Column("started_at", String),
    Column("ended_at", String, index=True),
    Column("notes", Text),
    Column("outcome", Text),
)
"""`status`: queued, running, ended. `notes`: how far an apply is, as JSON; `outcome`: its result, as JSON."""

run_events = Table(
    "run_events",
    metadata,
    Column("run_id", String, ForeignKey("runs.run_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("document", Text, nullable=False),
)
"""What a run told, by the line of its output: a re-attached run tells a line again, and it is kept once."""

notices = Table(
    "notices",
    metadata,
    Column("deployment_id", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("about", String, primary_key=True),
    Column("at", String, nullable=False),
)
"""Warnings that were given, so that each is given once: `about` is the expiry, or what drifted."""

price_lists = Table(
    "price_lists",
    metadata,
    Column("region", String, primary_key=True),
    Column("currency", String, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("read_at", String),
    Column("tried_at", String, nullable=False),
    Column("document", Text, nullable=False),
)
"""What the public price list said of a region, last. `read_at` is null while it never could be read; `revision` rises
with every reading or failure, so that whoever keeps a copy knows when it is old.
"""

bill_days = Table(
    "bill_days",
    metadata,
    Column("day", String, primary_key=True),
    Column("deployment_id", String, primary_key=True),
    Column("currency", String, primary_key=True),
    Column("micros", BigInteger, nullable=False),
)
"""What Azure billed of a workspace on a day (UTC), in millionths of the currency: sums are exact in any database."""

bill_readings = Table(
    "bill_readings",
    metadata,
    Column("name", String, primary_key=True),
    Column("read_at", String),
    Column("tried_at", String),
    Column("not_before", String),
    Column("problem", Text, nullable=False),
)
"""How the last reading of the bill went; one row."""

chats = Table(
    "chats",
    metadata,
    Column("conversation", String, primary_key=True),
    Column("platform", String, nullable=False),
    Column("place", String, nullable=False),
    Column("person", String, nullable=False, index=True),
    Column("is_personal", Integer, nullable=False),
    Column("is_private", Integer, nullable=False),
    Column("is_gone", Integer, nullable=False),
    Column("cursor", Integer, nullable=False),
    Column("at", String, nullable=False),
    Column("who", Text, nullable=False),
    Column("address", Text, nullable=False),
    Index("chats_by_place", "platform", "place"),
)
"""Conversations that somebody has in a place of a chat platform; `person` is their key, `who` all of them. `cursor` is
the number of the last event that was put into `outgoing`. `is_private` when what is said there is for them alone.
"""

outgoing = Table(
    "outgoing",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("key", String, nullable=False, unique=True),
    Column("platform", String, nullable=False),
    Column("place", String, nullable=False, index=True),
    Column("plan_id", String, index=True),
    Column("conversation", String, index=True),
    Column("person_id", String),
    Column("address", Text, nullable=False),
    Column("card", Text, nullable=False),
    Column("shows", Text),
    Column("version", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("is_due", Integer, nullable=False, index=True),
    Column("due_at", String, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("message_id", String),
    Column("is_final", Integer, nullable=False),
    Column("failure", String),
    Column("at", String, nullable=False),
)
"""A message of a chat platform as it is to be shown: posted while it has no `message_id`, edited while `sent` is behind
`version`. `person_id` is whose eyes alone it is for. What `is_final` is never shown otherwise again.
"""

approval_rounds = Table(
    "approval_rounds",
    metadata,
    Column("plan_id", String, primary_key=True),
    Column("is_open", Integer, nullable=False, index=True),
    Column("document", Text, nullable=False),
)
"""Whom a plan was put before, who is deciding it just now, what was remarked, and how it ended."""

links = Table(
    "links",
    metadata,
    Column("code_hash", String, primary_key=True),
    Column("person", Text, nullable=False),
    Column("until", String, nullable=False),
    Column("used_at", String),
)
"""Addresses by which somebody makes an identity of a chat platform and a web sign-in known as one; each for one use."""

notify_choices = Table(
    "notify_choices",
    metadata,
    Column("person", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("value", String, nullable=False),
)
"""What a person (a key, which is of one channel) wants to be told of unasked; and the day of their last digest."""

news = Table(
    "news",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("key", String, nullable=False, unique=True),
    Column("person", String, nullable=False, index=True),
    Column("at", String, nullable=False),
    Column("is_carried", Integer, nullable=False, index=True),
    Column("document", Text, nullable=False),
)
"""What became of what somebody asked for (`person` is their key), kept where they want to be told on their other
channels, too. `is_carried` once their chats hold it, or never will.
"""

news_told = Table(
    "news_told",
    metadata,
    Column("number", Integer, ForeignKey("news.number"), primary_key=True),
    Column("person", String, primary_key=True),
)
"""Which identity (a key) was told of which news."""

leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("until", String, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("mark", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("expires_at", String, nullable=False, index=True),
    Column("document", Text, nullable=False),
)
"""Who is signed in to the web page. `mark` is a hash of the cookie: whoever reads the records has no session."""

feedback = Table(
    "feedback",
    metadata,
    Column("conversation", String, primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("person", String, primary_key=True),
    Column("verdict", String, nullable=False),
    Column("at", String, nullable=False),
)
"""What a person thought of an answer: "good" or "bad"."""

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("deployment_id", String),
    Column("plan_id", String),
    Column("conversation", String),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("issuer", String),
    Column("who_id", String),
    Column("before", Text),
    Column("after", Text),
    Column("mark", String),
    UniqueConstraint("hash"),
    Index("audit_by_deployment", "deployment_id", "seq"),
)
"""`who` is the name for reading, `issuer` and `who_id` are who it was; null in rows from before 0.2. `before` and
`after` are JSON; `mark` is of a key outside the database, where one was set.
"""

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", String, nullable=False),
    Column("mark", String),
)
"""One row: the newest audit row's number and hash. It tells of rows cut off the end, and orders those who write."""

OWN = frozenset(metadata.tables)
"""Tables that our migrations own; the durable engine's own tables beside them are left alone."""
