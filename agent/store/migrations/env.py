"""What alembic runs: the migrations of our own tables, on the connection that the store hands over."""

from typing import Any

from alembic import context

from agent.store.tables import OWN, metadata


def _ours(thing: Any, name: str | None, kind: str, *_: Any) -> bool:
    del thing
    return kind != "table" or name in OWN


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_object=_ours,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
