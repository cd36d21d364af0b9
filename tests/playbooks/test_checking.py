"""What `playbooks check` finds in a playbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from stellwerk_playbooks.checking import Flaw, checked
from stellwerk_playbooks.playbook import SHELF
from tests.playbooks.doubles import playbook_text, shelved

SLOTS = """[playbook]
id = "learn"
size = "small"
keywords = ["spanish"]
examples = ["Learn Spanish"]
[playbook.slots.language]
lead = ["learn"]
default = "the language"
[playbook.slots.level]
kind = "choice"
choices = ["A1", "B1"]
default = "A1"
"""
BODY = "Learn {{language}} up to {{level}}, which {{goal}} takes."
SWITCH = (SHELF / "launch-a-software-product.en.md").read_text("utf-8")


def flaws(folder: Path, text: str | bytes) -> tuple[Flaw, ...]:
    """Return what is wrong with a text as a playbook."""
    return checked(shelved(folder, "learn.en.md", text)).flaws


def test_a_good_playbook_has_no_flaw(tmp_path: Path):
    found = flaws(tmp_path, playbook_text(SLOTS, body=BODY))
    assert [flaw for flaw in found if flaw.code in OURS] == []


OURS = ("file", "front-matter", "slot", "effort", "plan", "switch")
FRONTS = {
    "is no slot of this playbook": ("slot", SLOTS, f"{BODY} For {{{{whom}}}}."),
    "{{ Goal }} is no slot": ("slot", SLOTS, f"{BODY} For {{{{ Goal }}}}."),
    "{{level|upper}} is no slot": ("slot", SLOTS, f"{BODY} For {{{{level|upper}}}}."),
    "level stands nowhere": ("slot", SLOTS, "Learn {{language}}."),
    "[playbook.slots.language] has no default": (
        *("slot", SLOTS.replace('default = "the language"\n', "")),
        BODY,
    ),
    "has no lead verbs": ("slot", SLOTS.replace('lead = ["learn"]\n', ""), BODY),
    "has no choices": ("slot", SLOTS.replace('choices = ["A1", "B1"]\n', ""), BODY),
    "its default is none of its choices": (
        *("slot", SLOTS.replace('default = "A1"', 'default = "C3"')),
        BODY,
    ),
    "'leads' that nobody reads": (
        *("slot", SLOTS.replace('lead = ["learn"]', 'lead = ["learn"]\nleads = []')),
        BODY,
    ),
    "has no examples": ("front-matter", SLOTS.replace('["Learn Spanish"]', "[]"), BODY),
    "'colour' that nobody reads": (
        *("front-matter", SLOTS.replace("size =", 'colour = "red"\nsize =')),
        BODY,
    ),
    "either hours or weekly": ("effort", f"{SLOTS}[playbook.effort]\n", BODY),
    "no slot of the kind horizon": ("effort", f"{SLOTS}[playbook.effort]\nweekly = 2\n", BODY),
    "needs by and table together": (
        *("effort", f'{SLOTS}[playbook.effort]\nhours = 2\nby = "level"\n'),
        BODY,
    ),
    "'language', which is no slot of the kind choice": (
        "effort",
        f'{SLOTS}[playbook.effort]\nhours = 2\nby = "language"\ntable = {{A1 = 2}}\n',
        BODY,
    ),
    "no hours for the choice 'B1'": (
        "effort",
        f'{SLOTS}[playbook.effort]\nhours = 2\nby = "level"\ntable = {{A1 = 2}}\n',
        BODY,
    ),
    "'C1', which is no choice": (
        "effort",
        f'{SLOTS}[playbook.effort]\nhours = 2\nby = "level"\ntable = {{A1 = 2, B1 = 3, C1 = 4}}',
        BODY,
    ),
    "needs lead verbs and keywords": (
        *("front-matter", f'{SLOTS}[[playbook.also]]\nlead = ["speak"]\n'),
        BODY,
    ),
    "'nouns' that nobody reads": (
        "front-matter",
        f'{SLOTS}[[playbook.also]]\nlead = ["speak"]\nkeywords = ["latin"]\nnouns = []\n',
        BODY,
    ),
    "no decision at all": ("switch", SLOTS.replace('size = "small"\n', ""), BODY),
}


@pytest.mark.parametrize(
    ("told", "front"),
    [
        ("also is not a list of tables", SLOTS.replace("size =", "also = 3\nsize =")),
        ("also has 21 entries, at most 20", SLOTS + "[[playbook.also]]\nlead = []\n" * 21),
        ("also.lead is not a list", SLOTS + '[[playbook.also]]\nlead = "speak"\n'),
    ],
)
def test_other_ways_are_tables_of_words_or_the_file_is_refused(
    tmp_path: Path, told: str, front: str
):
    (flaw,) = flaws(tmp_path, playbook_text(front, body=BODY))
    assert flaw.code == "front-matter"
    assert told in flaw.message


@pytest.mark.parametrize(("told", "case"), FRONTS.items(), ids=FRONTS)
def test_a_flaw_is_named(tmp_path: Path, told: str, case: tuple[str, str, str]):
    """With a code, and nothing but that is found."""
    code, front, body = case
    found = [f for f in flaws(tmp_path, playbook_text(front, body=body)) if f.code in OURS]
    assert any(told in flaw.message and flaw.code == code for flaw in found), found
    assert {flaw.severity for flaw in found} == {"warning"}


BROKEN = {
    "not TOML": ("front-matter", "+++\nformat = \n+++\n"),
    "no [playbook] table": ("front-matter", "# A page\n"),
    "'id' is missing": ("front-matter", playbook_text("[playbook]\nversion = 1")),
    "not UTF-8": ("file", playbook_text(SLOTS).encode() + b"\xff"),
    "larger than": ("file", playbook_text(SLOTS) + "x" * 3_000_000),
    "more than 1,000 work packages": ("plan", playbook_text(SLOTS) + "\n- [ ] a" * 2000),
    "there is no field 'lenght'": (
        "plan",
        playbook_text(SLOTS).replace("length", "lenght", 1),
    ),
    "has 0 steps": ("plan", playbook_text(SLOTS).replace("#### Steps", "#### Stairs", 1)),
    "r2.1 has no work package": (
        "plan",
        playbook_text(SLOTS).partition("- [ ] Carry the ladder")[0],
    ),
}


@pytest.mark.parametrize(("told", "case"), BROKEN.items(), ids=BROKEN)
def test_what_keeps_a_playbook_from_planning_is_an_error(
    tmp_path: Path, told: str, case: tuple[str, str | bytes]
):
    code, text = case
    found = flaws(tmp_path, text)
    assert any(
        told in flaw.message and (flaw.code, flaw.severity) == (code, "error")
        for flaw in found
    ), found


def test_what_a_switch_lacks_is_named(tmp_path: Path):
    """Trade-offs, what must be known, and which way is advised."""
    start = SWITCH.index("### Decision:")
    stop = SWITCH.index("\n## ", start)
    lines = SWITCH[start:stop].split("\n")
    bare = "\n\n".join(line for line in lines if line.startswith(("###", "- ")))
    text = SWITCH[:start] + bare + "\n" + SWITCH[stop:]
    recommended = (
        text.replace(', recommended = "d1.a"', "")
        .replace('recommended = "d1.a"', "")
        .replace(" {}", "")
    )
    told = " ".join(f.message for f in flaws(tmp_path, recommended) if f.code == "switch")
    assert "d1 does not say what one must know" in told
    assert "d1.a says nothing of its trade-off" in told
    assert "d1.b says nothing of its trade-off" in told
    assert "d1 recommends none" in told


def test_what_validators_say_is_told_with_their_codes(tmp_path: Path):
    """Their warnings as warnings; information is left out."""
    text = playbook_text(SLOTS, body=BODY).replace("#### Sources", "#### Origins", 1)
    found = flaws(tmp_path, text)
    told = {flaw.code: flaw.severity for flaw in found if flaw.code.startswith("SW")}
    assert set(told.values()) == {"warning"}
    assert "SW309" not in told


def test_a_flood_of_flaws_is_cut(tmp_path: Path):
    text = playbook_text(SLOTS, body="{{no}} {{x y}}\n" * 1500)
    assert 0 < len(flaws(tmp_path, text)) <= 200
