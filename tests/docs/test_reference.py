"""The reference is complete and up to date."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from stellwerk.cli import exit_codes
from stellwerk.cli.main import TABLE
from stellwerk.cli.present.items import KINDS
from stellwerk.config.schema import SETTINGS
from stellwerk.config.setting import Setting
from stellwerk.domain.values import EDITS
from stellwerk.planning.stages.review import ADVICE, UNREVIEWED
from stellwerk.plugins.judging import BROKEN
from stellwerk.storage.schema import frozen_schema
from stellwerk.validation.validators import ALL
from tests.docs.fences import DOCS, ROOT

REFERENCE = DOCS / "reference"
SOURCE = ROOT / "stellwerk"


def text_of(name: str) -> str:
    """Return the text of a page of the reference."""
    return (REFERENCE / name).read_text(encoding="utf-8")


def generate(*args: str) -> subprocess.CompletedProcess[str]:
    """Run the generator as a person does."""
    command = [sys.executable, str(REFERENCE / "generate.py"), *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_the_generated_pages_are_up_to_date():
    """`generate.py --check` finds nothing to write."""
    done = generate("--check")
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"


def test_the_generator_repeats_itself():
    """Nothing in a generated page depends on the time, the place or the user."""
    for page in REFERENCE.glob("*.md"):
        assert str(Path.home()) not in page.read_text(encoding="utf-8"), page.name


def test_every_verb_has_its_section():
    """Each verb of the table, and its line of help or better, stands in the reference."""
    headings = re.findall(r"^### (\w+)$", text_of("verbs.md"), flags=re.MULTILINE)
    assert headings == [verb.name for verb in TABLE]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_is_explained(setting: Setting):
    """Each setting stands in the reference with its text and its variables."""
    page = text_of("settings.md")
    assert f"| `{setting.key}` |" in page
    assert setting.doc in page
    assert all(f"`{variable}`" in page for variable in setting.variables)


def test_every_exit_code_is_explained():
    """Each exit code has a line."""
    codes = {name: value for name, value in vars(exit_codes).items() if name.isupper()}
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", text_of("errors.md"), flags=re.MULTILINE)
    known = {name: value for name, value in codes.items() if isinstance(value, int)}
    assert {name: int(number) for number, name in rows} == known


def test_every_edit_has_its_section():
    """Each edit stands in the reference."""
    headings = re.findall(r"^## (\w+)$", text_of("edits.md"), flags=re.MULTILINE)
    assert headings == list(EDITS)


def test_every_table_of_the_database_has_its_section():
    """Each table of the schema stands in the reference, the one of the migrations apart."""
    tables = set(re.findall(r"CREATE TABLE (\w+)", frozen_schema())) - {"alembic_version"}
    database = text_of("fields.md").partition("## Database")[2]
    assert set(re.findall(r"^### (\w+)$", database, flags=re.MULTILINE)) == tables


def test_every_kind_of_answer_has_its_section():
    """Each `kind` that a verb answers with stands in the reference."""
    told = [path.read_text(encoding="utf-8") for path in (SOURCE / "cli").rglob("*.py")]
    given = re.findall(r"\.(?:answer|envelope)\(\s*\"([a-z-]+)\"", "".join(told))
    headings = re.findall(r"^## ([a-z-]+)$", text_of("json.md"), flags=re.MULTILINE)
    assert {*given, *KINDS.values(), "error"} == set(headings)


def test_every_code_of_a_finding_is_explained():
    """Each code that a validator yields stands in the reference."""
    codes = {code.code for validator in ALL for code in validator.codes}
    others = {ADVICE.code, UNREVIEWED.code, BROKEN.code}
    page = text_of("findings.md")
    assert [code for code in sorted(codes | others) if f"| `{code}` |" not in page] == []


def test_the_plugin_api_is_listed():
    """What the plugins page imports is what the plugin API exports."""
    from stellwerk.plugins import api

    block = re.search(
        r"from stellwerk\.plugins\.api import \((.*?)\)", text_of("plugins.md"), re.DOTALL
    )
    assert block
    assert set(re.findall(r"\w+", block[1])) <= set(api.__all__)
    assert f"STELLWERK_API = {api.API_VERSION}" in text_of("plugins.md")
