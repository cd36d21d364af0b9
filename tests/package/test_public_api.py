"""The public Python API: what `import stellwerk` offers, and what it costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import stellwerk
from stellwerk.bootstrap import build
from stellwerk.config.discovery import load
from stellwerk.errors import ProviderError
from stellwerk.testing.memory_store import MemoryStore


def test_every_public_name_is_there_and_documented():
    """Each name in `__all__` loads; each but the version has a docstring."""
    for name in stellwerk.__all__:
        found = getattr(stellwerk, name)
        assert name == "__version__" or found.__doc__, name
    assert set(stellwerk.__all__) <= set(dir(stellwerk))


def test_an_unknown_name_is_an_attribute_error():
    """As for any module."""
    with pytest.raises(AttributeError, match="has no attribute 'nope'"):
        stellwerk.nope  # noqa: B018


def test_importing_stellwerk_loads_nothing_else():
    """The names are loaded when they are first used."""
    code = (
        "import sys, stellwerk; print([m for m in sys.modules if m.startswith('stellwerk.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_a_plan_is_made_loaded_edited_and_exported(tmp_path: Path):
    """The five calls most programs need."""
    work = stellwerk.open(tmp_path / "plans.db")
    plan = work.plan("Learn to juggle")
    assert [goal.slug for goal in work.goals()] == ["learn-to-juggle"]
    assert work.load() == plan
    package = next(plan.packages)
    done = stellwerk.SetStatus(package.uid, stellwerk.Standing(stellwerk.Status.DONE))
    plan = work.edit(plan, done)
    assert plan.package(package.uid).settled
    assert work.export(plan, "json").startswith('{\n "format": "stellwerk.plan"')
    assert "# Learn to juggle" in work.export(plan)


def test_an_edit_that_does_not_fit_is_a_stellwerk_error(tmp_path: Path):
    """Programs catch one class."""
    work = stellwerk.open(tmp_path / "plans.db")
    plan = work.plan("Learn to juggle")
    with pytest.raises(stellwerk.StellwerkError):
        work.edit(plan, stellwerk.Rename("nobody", "x"))


def test_the_first_provider_that_is_there_plans(tmp_path: Path):
    """One that is configured but not installed is passed over; none at all is an error."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "stellwerk2.toml").write_text('[ai]\nproviders = ["nobody", "auto"]\n')
    settings = load(project, {"HOME": str(tmp_path)})
    work = build(settings, {"HOME": str(tmp_path)}, author="me", store=MemoryStore())
    choice = work.providers.choose()
    assert not choice.models
    assert choice.playbook is not None
    assert choice.playbook.name == "playbooks"
    assert [each.name for each in choice.passed_over] == ["nobody"]
    with pytest.raises(ProviderError, match="nobody"):
        work.providers.choose(("nobody",))
