"""`stellwerk validate --fix`: goals by an edit, files in place, nothing else touched."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from stellwerk.cli.findings.fixing import fixed
from stellwerk.cli.findings.rewriting import write_back
from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.fields import Rename, Rewrite
from stellwerk.domain.edits.items import Unneed
from stellwerk.domain.plan import Plan
from stellwerk.domain.work import digest
from stellwerk.errors import ConflictError
from stellwerk.validation.findings import Finding, Severity
from stellwerk.validation.judging import Verdict
from stellwerk.validation.score import Score
from tests.cli.juggling import CIRCLE, FIXED, PLAN
from tests.cli.terminal import GOAL, Terminal
from tests.domain.plans import two_routes

FIX = ("--fix", "--select", "SW2")


@pytest.fixture
def roundabout(planned: Terminal) -> Terminal:
    """Return the terminal of a user whose plan says twice that r2 comes after r1."""
    planned("add", "route", "Legal", "--after", "r1", "--before", "r2")
    planned("link", "r2", "--needs", "r1")
    return planned


def finding(fix: Edit) -> Finding:
    """Return a finding that brings a fix."""
    return Finding("SW999", Severity.INFO, "", "It can be better.", fix=fix)


def verdict(*fixes: Edit) -> Verdict:
    """Return a verdict with a finding for each fix."""
    return Verdict(tuple(finding(fix) for fix in fixes), Score(1.0, ()))


def test_a_goal_is_fixed_by_one_edit_that_can_be_undone(roundabout: Terminal):
    roundabout("link", "r1.2.1", "--needs", "r1.1.2")
    told = roundabout("validate", *FIX).out
    assert f"Fixed 2 findings of {GOAL}:" in told
    assert "SW205 r2 Prove the demand and cut the scope no longer needs r1" in told
    assert "No findings." in told
    assert "fixed 2 findings: SW205 (1), SW209 (1)" in roundabout("log", "-n", "1").out
    roundabout("undo")
    assert "SW205" in roundabout("validate", "--select", "SW2").out


def test_the_journal_says_what_a_single_fix_did(roundabout: Terminal):
    roundabout("validate", *FIX)
    line = roundabout.json("log", "-n", "1")["entries"][0]["says"]
    assert line.startswith(
        "fixed SW205: r2 Prove the demand and cut the scope no longer needs"
    )


def test_the_score_is_kept_for_the_fixed_revision(roundabout: Terminal):
    roundabout("validate", *FIX)
    shown = roundabout.json("show")
    assert shown["quality"]["revision"] == shown["revision"]


def test_a_dry_run_shows_the_edits_and_changes_nothing(roundabout: Terminal):
    before = roundabout.json("show")["revision"]
    told = roundabout("validate", *FIX, "--dry-run").out
    assert f"Would fix 1 finding of {GOAL}:" in told
    assert "SW205 note" in told
    assert roundabout.json("show")["revision"] == before
    data = roundabout.json("validate", *FIX, "--dry-run")["plans"][0]
    assert (data["fixed"], [fix["code"] for fix in data["fixes"]]) == (False, ["SW205"])


def test_findings_that_remain_decide_the_exit_code(terminal: Terminal):
    terminal.write("stellwerk2.toml", '[validation]\nerrors = ["SW205", "SW306"]\n')
    terminal.write("juggle.md", PLAN)
    assert terminal("validate", "juggle.md", "--select", "SW205", code=3).code == 3
    assert terminal("validate", "juggle.md", "--select", "SW205", "--fix").code == 0
    assert terminal("validate", "juggle.md", "--select", "SW306", "--fix", code=3).code == 3


@pytest.mark.parametrize("name", ["plan.md", "plan.json"])
def test_an_export_is_fixed_as_an_export_of_the_fixed_plan(roundabout: Terminal, name: str):
    roundabout("export", "-o", name)
    roundabout("validate", *FIX, name)
    made = (roundabout.folder / name).read_bytes()
    roundabout("validate", *FIX)
    roundabout("export", "-o", name)
    assert (roundabout.folder / name).read_bytes() == made


def test_of_a_file_that_somebody_edited_only_the_fixed_line_changes(terminal: Terminal):
    edited = PLAN.replace("  2. Throw", "  2.  Throw").replace(
        "## Two balls", "\n\n## Two balls"
    )
    file = terminal.write("juggle.md", edited)
    assert "Fixed 1 finding of juggle.md:" in terminal("validate", *FIX, "juggle.md").out
    assert file.read_text(encoding="utf-8") == edited.replace(
        'after = ["r1", "r2"]', 'after = ["r2"]'
    )


def test_line_ends_and_byte_order_mark_stay(terminal: Terminal):
    raw = ("\ufeff" + PLAN).replace("\n", "\r\n").encode()
    file = terminal.write("juggle.md", raw)
    terminal("validate", *FIX, "juggle.md")
    assert file.read_bytes() == ("\ufeff" + FIXED).replace("\n", "\r\n").encode()


def test_a_link_to_a_file_stays_a_link_and_the_file_keeps_its_mode(terminal: Terminal):
    file = terminal.write("real.md", PLAN)
    file.chmod(0o640)
    (terminal.folder / "juggle.md").symlink_to(file)
    terminal("validate", *FIX, "juggle.md")
    assert (terminal.folder / "juggle.md").is_symlink()
    assert file.read_text(encoding="utf-8") == FIXED
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_fixed_document_from_standard_input_goes_to_standard_output(terminal: Terminal):
    answer = terminal("validate", *FIX, "-", stdin=PLAN)
    assert answer.out == FIXED
    assert "Fixed 1 finding of standard input:" in answer.err
    assert terminal("validate", *FIX, "-", stdin=FIXED).out == FIXED
    assert terminal("validate", *FIX, "-", stdin=CIRCLE, code=3).out == CIRCLE
    assert terminal.json("validate", *FIX, "-", stdin=PLAN)["plans"][0]["text"] == FIXED


def test_what_cannot_be_rewritten_is_left_alone_and_says_why(roundabout: Terminal):
    roundabout("export", "--into", "plan")
    told = " ".join(roundabout("validate", *FIX, "plan").out.split())
    assert "Could fix 1 finding of plan:" in told
    assert "plan is a folder, and only single files are rewritten." in told
    assert "`stellwerk import plan`" in told
    mixed = PLAN.replace("\n", "\r\n", 3)
    file = roundabout.write("mixed.md", mixed)
    told = " ".join(roundabout("validate", *FIX, "mixed.md").out.split())
    assert "The lines of mixed.md end in two ways" in told
    assert file.read_bytes() == mixed.encode()


def test_a_line_that_cannot_be_told_from_others_is_not_rewritten(terminal: Terminal):
    odd = PLAN.replace('after = ["r1", "r2"]', 'after = ["r2", "r1"]')
    file = terminal.write("odd.md", odd)
    data = terminal.json("validate", *FIX, "odd.md")["plans"][0]
    assert data["fixed"] is False
    assert "cannot be fixed without changing more of it" in data["not_fixed"]
    assert file.read_text(encoding="utf-8") == odd


def test_a_file_that_changed_meanwhile_is_not_overwritten(tmp_path: Path):
    file = tmp_path / "juggle.md"
    file.write_text("somebody else's", encoding="utf-8")
    with pytest.raises(ConflictError, match="was changed while it was being fixed"):
        write_back(file, PLAN, FIXED)
    assert file.read_text(encoding="utf-8") == "somebody else's"


def test_other_forms_narrate_what_was_fixed(roundabout: Terminal):
    answer = roundabout("validate", *FIX, "--format", "github")
    assert "Fixed 1 finding" in answer.err
    assert answer.out == ""


def test_fixes_of_one_item_are_made_in_rounds():
    plan = two_routes()

    def judge(now: Plan, _: Mapping[str, str]) -> Verdict:
        title = now.package("a").title
        return verdict(
            *[Rename("a", f"{title}!"), Rename("a", "lost")][: 2 * (len(title) < 12)]
        )

    after = fixed(plan, {}, judge)
    assert after.plan.package("a").title == "Package a!!!"
    assert after.fixes[0].says == "renamed r1.1.1 Package a to Package a!"
    assert after.edit.says(plan, after.plan) == "fixed 3 findings: SW999 (3)"


def test_a_fix_that_never_ends_is_given_up():
    after = fixed(
        two_routes(), {}, lambda p, _: verdict(Rename("a", p.package("a").title + "!"))
    )
    assert 1 < len(after.fixes) <= 20


def test_a_fix_that_does_not_fit_is_left_out():
    after = fixed(two_routes(), {}, lambda *_: verdict(Unneed("a", "nothing")))
    assert after.fixes == ()


def test_rewritten_notes_are_seen_by_the_next_round():
    seen = []

    def judge(_: Plan, notes: Mapping[str, str]) -> Verdict:
        seen.append(dict(notes))
        return verdict() if notes else verdict(Rewrite("a", "", "New.\n"))

    after = fixed(two_routes(), {}, judge)
    assert seen == [{}, {"a": "New.\n"}]
    assert after.plan.package("a").notes == digest("New.\n")
    again = fixed(
        after.plan, after.notes, lambda _, n: verdict(*[Rewrite("a", "New.\n", "")] * bool(n))
    )
    assert again.notes == {}
