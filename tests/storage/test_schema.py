"""The frozen schema, the migrations and the tables say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect
from sqlmodel import SQLModel

import stellwerk.storage.tables  # noqa: F401  (fills the metadata)
from stellwerk.storage.migrate import configuration
from stellwerk.storage.rows import COLUMNS, KEYS
from stellwerk.storage.schema import HEAD, KNOWN, frozen_schema
from tests.storage.schema_dump import migrated_schema


@pytest.fixture
def migrated() -> Iterator[Connection]:
    """Return a database that went through every migration."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "head")
        yield connection
    engine.dispose()


def test_the_frozen_schema_is_what_the_migrations_make():
    """`python -m tests.storage.schema_dump` was run after the last migration."""
    assert frozen_schema() == migrated_schema()


def test_the_tables_are_what_the_migrations_make(migrated: Connection):
    """Alembic finds nothing to generate."""
    context = MigrationContext.configure(migrated, opts={"compare_server_default": True})
    assert compare_metadata(context, SQLModel.metadata) == []


def test_deferred_foreign_keys_are_deferred_in_the_database(migrated: Connection):
    """Row order never matters within a plan: Alembic does not compare this, so we do."""
    for table in SQLModel.metadata.sorted_tables:
        made = {
            (*key["constrained_columns"], key["referred_table"]): key["options"]
            for key in inspect(migrated).get_foreign_keys(table.name)
        }
        told = {
            (*(c.name for c in key.columns), key.referred_table.name): _options(
                key.deferrable, key.initially, key.ondelete
            )
            for key in table.foreign_key_constraints
        }
        assert made == told


def _options(
    deferrable: bool | None, initially: str | None, ondelete: str | None
) -> dict[str, object]:
    given = {"deferrable": deferrable, "initially": initially, "ondelete": ondelete}
    return {name: value for name, value in given.items() if value is not None}


def test_the_head_is_the_scripts_head():
    """`HEAD` is the one newest migration, and every migration is known."""
    scripts = ScriptDirectory.from_config(configuration(None))
    assert scripts.get_heads() == [HEAD]
    assert {script.revision for script in scripts.walk_revisions()} == KNOWN


def test_migrations_are_named_by_their_number():
    """`0001_the_first_schema.py` is revision 0001."""
    scripts = ScriptDirectory.from_config(configuration(None))
    for script in scripts.walk_revisions():
        assert re.fullmatch(rf"{script.revision}_[a-z0-9_]+\.py", script.path.rsplit("/")[-1])


def test_the_rows_name_the_columns_there_are():
    """`COLUMNS` has every column of the hot tables but the goal's uid and revision."""
    for name, columns in COLUMNS.items():
        table = SQLModel.metadata.tables[name]
        assert set(columns) == {c.name for c in table.columns} - {"goal_uid", "revision"}
        keys = [column.name for column in table.primary_key.columns]
        assert sorted(columns[: KEYS.get(name, 1)]) == sorted(keys)
