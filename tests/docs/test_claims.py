"""Numbers and lists that stand in prose are those of the code."""

from __future__ import annotations

import re
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from stellwerk.cli import exit_codes
from stellwerk.cli.batching import VERBS
from stellwerk.domain.limits import MIN_CRITERIA, MIN_RISKS, MIN_STEPS
from stellwerk.exchange.document import MAX_BYTES, MAX_ITEMS
from stellwerk.exchange.files import MAX_FILES
from stellwerk.plugins.discovery import GROUPS, Plugins
from stellwerk.railway.text import ASCII, UNICODE
from stellwerk.storage import sqlite
from tests.docs.fences import DOCS


def prose(name: str) -> str:
    """Return a page with its line breaks folded."""
    return " ".join((DOCS / name).read_text(encoding="utf-8").split())


def test_storage_says_how_sqlite_is_set(tmp_path: Path):
    """Journal mode, synchronous, foreign keys, waiting, modes and id are as the page says."""
    page, path = prose("explanation/what-is-safe.md"), tmp_path / "new" / "plans.db"
    with closing(sqlite.connect(path)) as connection:
        found = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "application_id")
        }
    assert found["journal_mode"] == "wal"
    assert "| `journal_mode` | WAL |" in page
    assert found["synchronous"] == 2
    assert "| `synchronous` | FULL |" in page
    assert found["foreign_keys"] == 1
    assert "| `foreign_keys` | ON |" in page
    assert found["application_id"].to_bytes(4, "big") == b"STL2"
    assert "| application id | `STL2` |" in page
    assert f"up to {sqlite.BUSY_SECONDS:g} s" in page
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "0600, its folder 0700" in page


def test_a_copy_of_a_closed_database_is_a_backup(tmp_path: Path):
    """A database that nobody has open is one file, so copying that file is enough."""
    path = tmp_path / "plans.db"
    sqlite.connect(path).close()
    assert [each.name for each in tmp_path.iterdir()] == ["plans.db"]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_limits_of_files_are_as_the_pages_say():
    """Sizes and counts in prose are the constants."""
    assert f"a file has at most {MAX_BYTES // 2**20} MB" in prose("reference/markdown.md")
    assert f"at most {MAX_FILES:,} files" in prose("reference/markdown.md")
    json_page = prose("reference/json-plan.md")
    assert f"a file of more than {MAX_BYTES // 2**20} MB" in json_page
    assert f"more than {MAX_ITEMS:,} work packages" in json_page


def test_the_rules_for_playbooks_are_those_of_drafts():
    """Steps, criteria and risks that a playbook needs are the limits of drafts."""
    page = prose("how-to/playbooks.md")
    told = f"at least {MIN_STEPS} steps, {MIN_CRITERIA} criteria, and {MIN_RISKS} risks"
    assert told in page


def test_the_verbs_of_a_batch_are_all_named():
    """The scripts page names exactly the verbs that a batch takes."""
    told = re.search(r"Verbs of a batch: (.*?)\. A later", prose("how-to/scripts.md"))
    assert told
    assert set(re.findall(r"`(\w+)`", told[1])) == VERBS


def test_the_exit_codes_of_the_scripts_page_exist():
    """The table of the scripts page has only codes there are."""
    codes = {int(code) for code in re.findall(r"\| (\d+) \| ", prose("how-to/scripts.md"))}
    assert codes
    assert codes <= {value for value in vars(exit_codes).values() if isinstance(value, int)}


def test_the_groups_of_plugins_are_all_named():
    """The plugins page names every entry-point group."""
    page = prose("reference/plugins.md")
    assert all(f"`stellwerk.{group}`" in page for group in GROUPS)


def test_the_signs_of_the_drawing_are_explained():
    """The railway page shows each sign beside its plain form."""
    page = prose("explanation/railway.md")
    for state, sign in UNICODE.stations.items():
        assert f"| `{sign}` |" in page, state
        assert f"| `{ASCII.stations[state]}` |" in page, state
    assert f"| `{UNICODE.switch}` | a switch | `{ASCII.switch}` |" in page


def test_no_page_promises_what_is_not_there():
    """Verbs that do not exist yet are not shown as commands anywhere."""
    later = ("tui", "sync", "validate", "refine", "forecast", "schedule", "migrate")
    for page in DOCS.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        for verb in later:
            shown = re.search(rf"^\$ stellwerk {verb}\b", text, flags=re.MULTILINE)
            assert not shown, f"{page.name}: {verb}"


def test_nothing_that_comes_along_needs_a_key_or_a_network():
    """As long as pages say so, the only provider of our own is the shelf of playbooks."""
    assert Plugins(strangers=False).names("providers") == ["playbooks"]
    assert "No provider that comes with Stellwerk needs a key yet" in prose(
        "how-to/settings.md"
    )
    assert "nothing that comes with it opens a connection" in prose("explanation/security.md")
