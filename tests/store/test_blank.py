"""A fresh file is laid out at once, exactly as its migrations would have left it."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from dbos import DBOS
from sqlalchemy import create_engine

from agent.store import blank, database
from agent.store.blank import Part, laid_out, written

pytestmark = pytest.mark.integration


def migrated_records(path: Path) -> None:
    with create_engine(f"sqlite:///{path}").begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, database.HEAD)


def migrated_engine(path: Path) -> None:
    DBOS.migrate(f"sqlite:///{path}")


@pytest.mark.parametrize(("part", "migrated"), [("records", migrated_records), ("engine", migrated_engine)])
def test_what_is_laid_out_is_what_the_migrations_leave(
    part: Part, migrated: Callable[[Path], None], tmp_path: Path
) -> None:
    """With BRICKIE_UPDATE_GOLDEN=1 the text is written anew, as it must be after a new migration."""
    migrated(tmp_path / "migrated.db")
    with closing(sqlite3.connect(tmp_path / "migrated.db")) as file:
        expected = written(file.iterdump())
    text = Path(blank.__file__).parent / f"{part}.sql"
    if os.environ.get("BRICKIE_UPDATE_GOLDEN"):
        text.write_text(expected, "utf-8")
    assert text.read_text("utf-8") == expected
    with create_engine(f"sqlite:///{tmp_path / 'laid-out.db'}").begin() as connection:
        laid_out(connection, part)
    with closing(sqlite3.connect(tmp_path / "laid-out.db")) as file:
        assert written(file.iterdump()) == expected
