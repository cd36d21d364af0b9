"""Plugins that break, exit, shadow or lie: no verb that does not need them notices."""

from __future__ import annotations

import sys

import pytest

from tests.cli.terminal import Program, Terminal
from tests.cli.test_processes import SLOW, install

EVERY_GROUP = "\n".join(
    f"[stellwerk.{group}]\nevil = evil:thing\n"
    for group in ("providers", "validators", "refiners", "renderers", "exporters", "importers")
)
SOURCES = {
    "raises": "raise RuntimeError('\\x1b[31mbroken\\x07 on purpose')\n",
    "exits": "import sys\nsys.exit(3)\n",
    "does not parse": "def (:\n",
    "has no such name": "other = 1\n",
    "is too new": "STELLWERK_API = 99\nthing = None\n",
}
NEEDLESS = (
    *("list", "next", "show r1.1.1", "map", "start r1.1.1", "export", "export -o plan.json"),
    *("import plan.json --copy", "plan Fly -q --provider playbooks", "playbooks", "--help"),
)


@pytest.fixture
def evil(planned: Terminal, request: pytest.FixtureRequest) -> Program:
    """Return the program with a plugin installed whose import goes wrong."""
    path = install(planned.folder / "site", "evil", SOURCES[request.param], EVERY_GROUP)
    planned.environ["PYTHONPATH"] = path
    return Program(planned)


@pytest.mark.parametrize("evil", ["raises", "exits"], indirect=True)
def test_a_verb_that_needs_no_plugin_notices_no_broken_one(evil: Program):
    answer = evil.several(*NEEDLESS)
    assert (answer.code, answer.err) == (0, "")


@pytest.mark.parametrize("evil", ["raises"], indirect=True)
def test_planning_that_names_no_provider_needs_no_broken_one(evil: Program):
    evil("plan", "Fly", "-q")


@pytest.mark.parametrize("evil", SOURCES, indirect=True)
def test_a_broken_plugin_is_reported_with_its_package(evil: Program):
    answer = evil.several("plugins --check", "doctor", "providers")
    assert answer.code == 1
    rows = [line for line in answer.out.splitlines() if " evil  " in line]
    assert len([row for row in rows if "broken" in row and "of evil 1.0" in row]) == 7
    assert answer.out.count("bad   plugins") == 6
    assert "pip install --upgrade evil" in answer.out
    assert not answer.hostile


@pytest.mark.parametrize("evil", ["raises", "is too new"], indirect=True)
def test_a_broken_plugin_that_is_asked_for_is_named(evil: Program):
    answer = evil.several("plan Fly --provider evil", "export -f evil")
    assert answer.code == 4
    assert answer.err.count("The plugin evil of evil 1.0") == 2
    assert "bug of ours" not in answer.err
    assert not answer.hostile


@pytest.mark.parametrize("evil", ["raises"], indirect=True)
def test_plugins_of_others_can_be_switched_off(evil: Program):
    environ = {"STELLWERK_PLUGINS_ENABLED": "false"}
    answer = evil.several(
        "plugins --check", "plan Fly -q", "plan Fly --provider evil", **environ
    )
    assert {line.split()[2] for line in answer.out.splitlines() if " evil " in line} == {"off"}
    assert "Fly  fly" in answer.out
    assert any(line.endswith("is switched off.") for line in answer.err.splitlines())


def test_a_plugin_that_plans_takes_part(planned: Terminal, program: Program):
    source = SLOW.replace(
        "await asyncio.sleep(60)", "raise ProviderError('No \\x1b[31mluck.', 'Try later.')"
    ).replace("import SourceKind", "import ProviderError, SourceKind")
    path = install(
        planned.folder / "site", "slow", source, "[stellwerk.providers]\nslow = slow:Slow\n"
    )
    answer = program.several("providers", "plan Fly --provider slow", PYTHONPATH=path)
    assert "ready    slow" in answer.out
    assert answer.code == 4
    assert "Error: No luck.\n  → Try later. Go on with `stellwerk resume " in answer.err


def test_a_settings_file_of_a_stranger_switches_no_plugin_on(
    planned: Terminal, program: Program
):
    planned("config", "set", "plugins.enabled", "false")
    planned.write("stellwerk2.toml", "[plugins]\nenabled = true\n")
    planned.environ["PYTHONPATH"] = install(
        planned.folder / "site",
        "evil",
        "import pathlib\npathlib.Path('pwned').touch()\n",
        EVERY_GROUP,
    )
    assert program.several("plugins --check", "doctor", "plan Fly --provider evil").code == 4
    assert not (planned.folder / "pwned").exists()


def test_a_module_beside_the_user_is_not_imported(planned: Terminal):
    for name in ("typer", "rich", "json", "stellwerk_playbooks", "sqlite3"):
        planned.write(f"{name}.py", "raise SystemExit('pwned')\n")
    program = Program(planned)
    program.command = (f"{sys.prefix}/bin/stellwerk",)
    assert program("plan", "Fly", "-q").code == 0
