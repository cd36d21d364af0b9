"""The schema as the migrations make it, as SQL text; `python -m` this to freeze it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, text

from stellwerk.storage.migrate import configuration
from stellwerk.storage.schema import HEAD

FROZEN = Path(__file__).parents[2] / "stellwerk" / "storage" / "schema.sql"


def migrated_schema() -> str:
    """Return the SQL of a database that went through every migration."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "head")
        found = connection.execute(
            text(
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
                " ORDER BY type = 'index', name"
            )
        )
        statements = [row[0].strip() for row in found]
    engine.dispose()
    lines = (
        "-- Made from the migrations by `python -m tests.storage.schema_dump`; a test",
        "-- holds them equal. A fresh database is made from this.",
    )
    version = f"INSERT INTO alembic_version (version_num) VALUES ('{HEAD}')"
    return "\n".join(lines) + "\n\n" + ";\n\n".join([*statements, version]) + ";\n"


if __name__ == "__main__":
    FROZEN.write_text(migrated_schema(), encoding="utf-8")
