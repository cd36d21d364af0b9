"""Validators of other packages report beside ours, and never break a verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from stellwerk.domain.edits.fields import Rename
from stellwerk.errors import UsageError
from stellwerk.plugins.discovery import Plugins
from stellwerk.plugins.judging import BROKEN, Validators
from stellwerk.validation.findings import Finding, Severity
from stellwerk.validation.judging import Rules, judged
from tests.cli.test_processes import install
from tests.planning.stored import stored

SOURCE = """
from stellwerk.plugins.api import Finding, Rename, Severity

def loud(subject):
    for package in subject.plan.packages:
        fix = Rename(package.uid, package.title.upper())
        yield Finding("SW950", Severity.ERROR, "r1.1.1", "It is not loud.", fix=fix)

def breaks(subject):
    yield Finding("SW951", Severity.INFO, "", "First.")
    raise KeyError("oops")

def rubbish(subject):
    yield 1
    yield Finding("SW952", "bad", "", "Its severity is a text.")
    yield Finding("SW952", Severity.INFO, None, "It is about nothing.")
    yield Finding("SW952", Severity.INFO, "", 7)
    yield Finding("SW953", Severity.INFO, "", "Its fix is none.", fix="rename it")
    yield Finding("SW953", Severity.INFO, "", "Its fix is none.", fix=Rename("r1.1.1", 5))

def asks(subject):
    yield Finding("SW954", Severity.INFO, "", "Asked.")

asks.default = False
"""
SUBJECT = stored("r1.1.1")


def strange(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *names: str, **more: object
) -> list[Finding]:
    """Return what validators of another package say, installed for this test."""
    points = "".join(f"{name} = strange_val:{name}\n" for name in names)
    install(folder / "site", "strange_val", SOURCE, f"[stellwerk.validators]\n{points}")
    monkeypatch.syspath_prepend(str(folder / "site"))
    verdict = Validators(Plugins(), **more).judge(SUBJECT)  # type: ignore[arg-type]
    assert verdict.score == judged(SUBJECT).score
    return [each for each in verdict.findings if each.code.startswith("SW9")]


def test_their_findings_are_reported_and_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (each,) = strange(tmp_path, monkeypatch, "loud")
    assert (each.code, each.severity) == ("SW950", Severity.ERROR)
    assert isinstance(each.fix, Rename)


def test_one_that_breaks_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (each,) = strange(tmp_path, monkeypatch, "breaks")
    assert each.code == BROKEN.code
    assert each.message == "The validator breaks broke: KeyError: 'oops'"


def test_one_that_cannot_be_loaded_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (each,) = strange(tmp_path, monkeypatch, "missing")
    assert each.code == BROKEN.code
    assert each.message.startswith("The validator missing could not be loaded: ")


def test_rubbish_is_left_out_and_so_is_a_fix_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    found = strange(tmp_path, monkeypatch, "rubbish")
    assert [(each.code, each.fix) for each in found] == [("SW953", None), ("SW953", None)]


def test_one_that_asks_the_network_runs_only_when_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert strange(tmp_path, monkeypatch, "asks") == []
    validators = Validators(Plugins(), Rules(), ("asks",))
    codes = [each.code for each in validators.judge(SUBJECT).findings]
    assert "SW954" in codes


def test_one_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(UsageError, match="no validator 'nobody'"):
        Validators(Plugins(), Rules(), ("nobody",)).judge(SUBJECT)
