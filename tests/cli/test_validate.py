"""`stellwerk validate`: what is checked, what is told, and in which forms."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from stellwerk.cli.folding import _cells
from tests.cli.juggling import CIRCLE, EDGE, HEAD, PLAN, STEP
from tests.cli.terminal import GOAL, Program, Terminal

HOSTILE = "\x1b[31mred\x1b[0m [bold]x[/] ::error::%0Aboo, a:b [l](http://e.org) {0}"
HOSTILE_PLAN = PLAN.replace("Throw one ball", HOSTILE).replace(
    "\n## Two", f"\n- [ ] {HOSTILE}\n\n## Two"
)
"""Two work packages have the same title, which SW502 tells."""


@pytest.fixture
def file(terminal: Terminal) -> Path:
    """Return the file of a plan in the working directory."""
    return terminal.write("juggle.md", PLAN)


def found(data: dict[str, Any], code: str) -> list[dict[str, Any]]:
    """Return the findings of a code in an answer."""
    every = [each for plan in data["plans"] for each in plan["findings"]]
    return [each for each in every if each["code"] == code]


def test_a_stored_plan_is_checked_and_nothing_about_it_changes(planned: Terminal):
    before = planned.rows("SELECT revision FROM goals")
    answer = planned("validate")
    assert answer.out.startswith(f"Launch a SaaS product  {GOAL}\n")
    assert re.search(r"\d+ findings: .*\. Quality [01]\.\d\d\.", answer.out)
    assert planned.rows("SELECT revision FROM goals") == before


def test_a_goal_is_named_by_the_beginning_of_its_slug(planned: Terminal):
    assert planned.json("validate", "launch")["plans"][0]["goal"] == GOAL
    assert planned.json("validate", "-g", "launch")["plans"][0]["goal"] == GOAL


def test_a_file_wins_over_a_goal_of_that_name(planned: Terminal):
    planned.write(GOAL, PLAN)
    plan = planned.json("validate", GOAL)["plans"][0]
    assert (plan["goal"], plan["file"], plan["title"]) == (None, GOAL, "Learn to juggle")


def test_a_file_is_checked_without_being_stored(terminal: Terminal, file: Path):
    told = terminal("validate", file.name).out
    assert "r1.1.1 Throw one ball  juggle.md:16" in told
    assert "SW306 warning  “Do research” says nothing of its own." in told
    assert "→ Name the tool, document or person." in told
    assert terminal("list").out.startswith("There is no goal yet.")


def test_a_plan_is_read_from_standard_input(terminal: Terminal):
    answer = terminal("validate", "-", stdin=PLAN)
    assert "Learn to juggle  standard input" in answer.out
    assert "r1.1.1 Throw one ball  line 16" in answer.out
    data = terminal.json("validate", "-", stdin=PLAN)
    assert (data["plans"][0]["file"], found(data, "SW306")[0]["file"]) == ("-", None)
    assert found(data, "SW306")[0]["line"] == STEP


def test_a_folder_of_an_export_tells_the_file_of_each_finding(planned: Terminal):
    planned("export", "--into", "plan")
    data = planned.json("validate", "plan")
    images = found(data, "SW309")
    assert len(images) == 24
    assert {each["file"].split("/")[1] for each in images} == {"routes"}
    for each in images:
        lines = (planned.folder / each["file"]).read_text(encoding="utf-8").split("\n")
        assert f"<!-- stellwerk {each['ref']} " in lines[each["line"] - 1]


def test_a_plan_in_json_is_told_by_line_too(planned: Terminal):
    planned("export", "-o", "plan.json")
    data = planned.json("validate", "plan.json")
    lines = (planned.folder / "plan.json").read_text(encoding="utf-8").split("\n")
    for each in data["plans"][0]["findings"]:
        near = "\n".join(lines[each["line"] - 1 : each["line"] + 4])
        assert each["title"].split()[0] in near or (each["quote"] or "")[:20] in near


def test_a_hand_written_item_is_found_by_its_title(terminal: Terminal):
    plain = re.sub(r" <!-- stellwerk r(?!1 ).* -->", "", PLAN)
    terminal.write("plain.md", plain)
    step = found(terminal.json("validate", "plain.md"), "SW306")[0]
    assert (step["line"], step["title"]) == (STEP, "Throw one ball")


def test_several_plans_are_told_one_after_the_other(planned: Terminal):
    planned.write("juggle.md", PLAN)
    told = planned("validate", "juggle.md", GOAL).out
    assert told.index("Learn to juggle  juggle.md") < told.index(f"SaaS product  {GOAL}")
    assert re.search(r"^2 plans: \d+ findings: ", told, re.MULTILINE)
    data = planned.json("validate", "juggle.md", GOAL)
    assert [plan["file"] for plan in data["plans"]] == ["juggle.md", None]
    assert data["counts"]["warning"] == sum(p["counts"]["warning"] for p in data["plans"])


def test_findings_stand_in_the_order_of_the_plan_and_errors_first(planned: Terminal):
    planned.write(
        "stellwerk2.toml", '[validation]\nerrors = ["SW309"]\nselect = ["SW309", "SW316"]\n'
    )
    refs = [each["ref"] for each in planned.json("validate", code=3)["plans"][0]["findings"]]
    order = [package for package in refs if package.count(".") == 2]
    assert order == sorted(order, key=lambda ref: [int(part) for part in ref[1:].split(".")])
    told = planned("validate", "-v", code=3).out
    assert told.index("SW309 error") < told.index("findings:")


def test_only_errors_end_with_code_three_unless_warnings_count_too(
    terminal: Terminal, file: Path
):
    assert terminal("validate", file.name, "--select", "SW306").code == 0
    assert terminal("validate", file.name, "--select", "SW306", "--strict", code=3).code == 3
    assert terminal("validate", file.name, "--select", "SW205", "--strict").code == 0
    terminal.write("stellwerk2.toml", '[validation]\nerrors = ["SW306"]\n')
    assert terminal("validate", file.name, "--select", "SW306", code=3).code == 3


def test_what_no_plan_can_break_is_a_finding_with_its_line(terminal: Terminal):
    terminal.write("circle.md", CIRCLE)
    answer = terminal("validate", "circle.md", code=3)
    assert "SW200 error    These need each other in a circle:" in answer.out
    assert "circle.md:23" in answer.out
    assert "It is no plan yet, so it has no quality." in answer.out
    data = terminal.json("validate", "circle.md", code=3)
    assert data["plans"][0]["score"] is None
    assert (found(data, "SW200")[0]["file"], found(data, "SW200")[0]["line"]) == (
        "circle.md",
        23,
    )


def test_a_broken_plan_in_json_is_a_finding_too(planned: Terminal):
    planned("export", "-o", "plan.json")
    plan = json.loads((planned.folder / "plan.json").read_text(encoding="utf-8"))
    plan["edges"].append({"tail": plan["routes"][-1]["uid"], "head": plan["routes"][0]["uid"]})
    planned.write("plan.json", json.dumps(plan))
    assert found(planned.json("validate", "plan.json", code=3), "SW200")


def test_a_value_out_of_range_is_told_where_it_stands(terminal: Terminal):
    terminal.write("long.md", PLAN.replace('{uid = "ball",', '{uid = "ball", length = 9,'))
    broken = found(terminal.json("validate", "long.md", code=3), "SW200")[0]
    assert broken["line"] == 16
    assert "9" in broken["message"]


def test_a_broken_plan_cannot_be_ignored(terminal: Terminal):
    terminal.write("circle.md", CIRCLE)
    assert "SW200" in terminal("validate", "circle.md", "--ignore", "SW2", code=3).out


def test_what_is_no_plan_is_an_error_as_it_is_for_import(terminal: Terminal):
    terminal.write("notes.md", "# Notes\n")
    assert "is not a Stellwerk plan" in terminal("validate", "notes.md", code=1).err
    assert "no file or folder nope.md" in terminal("validate", "nope.md", code=6).err
    answer = terminal("validate", "nope", code=6)
    assert "There is no goal nope" in answer.err
    assert "no file of that name either" in answer.err


def test_codes_are_selected_and_ignored_by_their_beginnings(terminal: Terminal, file: Path):
    def codes(*flags: str) -> set[str]:
        plan = terminal.json("validate", file.name, *flags)["plans"][0]
        return {each["code"] for each in plan["findings"]}

    assert codes("--select", "sw306,SW2") >= {"SW306", "SW205"}
    assert {code[:3] for code in codes("--select", "SW3", "--select", "SW2")} == {"SW3", "SW2"}
    assert codes("--select", "SW306,SW205", "--ignore", "SW2") == {"SW306"}
    terminal.write("stellwerk2.toml", '[validation]\nselect = ["SW306"]\nignore = ["SW205"]\n')
    assert codes() == {"SW306"}
    assert codes("--select", "SW205") == {"SW205"}, "the flag wins"
    assert codes("--ignore", "SW306") == set()


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("--select", "SW777"), "There is no finding with the code 'SW777'."),
        (("--ignore", "W306"), "Did you mean SW306"),
        (("--size", "huge"), "There is no size 'huge'."),
        (("--with", "nope"), "There is no validator 'nope'"),
        (("--dry-run",), "--dry-run belongs to --fix."),
        (("--json", "--format", "sarif"), "--json and --format sarif contradict"),
        (("--fix", "-", "x.md"), "goes to standard output"),
        (("--format", "xml"), "'xml' is not one of"),
    ],
    ids=str,
)
def test_a_flag_that_makes_no_sense_is_refused(
    planned: Terminal, flags: tuple[str, ...], says: str
):
    answer = planned("validate", *flags, code=2)
    assert says in answer.err
    assert answer.out == ""


def test_codes_of_plugins_may_be_selected_before_they_are_known(planned: Terminal):
    assert "No findings." in planned("validate", "--select", "SW987").out


def test_a_plan_is_held_to_the_size_that_was_asked_for(planned: Terminal):
    assert "SW101" not in planned("validate").out
    assert "SW101" in planned("validate", "--size", "detailed", code=3).out


def test_what_is_only_noted_takes_a_line_for_each_code(planned: Terminal):
    told = planned("validate").out
    assert told.count("SW309") == 1
    assert re.search(r"SW309 note +24 × A work package has no image\.", told)
    assert planned("validate", "-v").out.count("SW309") == 24


@pytest.mark.parametrize("flags", [(), ("-v",)])
def test_nothing_is_wider_than_eighty_columns(terminal: Terminal, flags: tuple[str, ...]):
    long = "https://example.com/" + "x" * 120
    text = PLAN.replace("Throw one ball", "三つのボールを投げる" * 6).replace(
        "1. Do", f"1. {long}\n  1. Do"
    )
    terminal.write("wide.md", f"{text}\n## {'word ' * 30}\n")
    told = terminal("validate", "wide.md", *flags).out
    assert max(_cells(line) for line in told.split("\n")) <= 80


def test_nothing_is_lost_without_colour(terminal: Terminal, file: Path):
    plain = terminal("validate", file.name).out
    coloured = terminal("validate", file.name, CLICOLOR_FORCE="1").out
    assert "\x1b[33m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_words_that_the_message_leaves_out_are_quoted(planned: Terminal):
    notes = "## Steps\n\n1. Ask Tom for the numbers of 2025 and TODO write them down.\n"
    planned("edit", "r1.1.1", "--notes", "-", stdin=notes)
    told = " ".join(planned("validate", "--select", "SW303").out.split())
    assert "“1. Ask Tom for the numbers of 2025 and TODO write them down.”" in told


def test_an_empty_plan_has_no_quality_to_speak_of(terminal: Terminal):
    terminal.write("empty.md", HEAD)
    assert "Quality 0.00." in terminal("validate", "empty.md", code=None).out
    for form in ("github", "sarif", "json"):
        terminal("validate", "empty.md", "--format", form, code=None)


def test_github_shows_findings_beside_their_lines(terminal: Terminal, file: Path):
    answer = terminal("validate", file.name, "--format", "github", "--select", "SW306,SW205")
    lines = answer.out.splitlines()
    assert lines[0] == (
        f"::warning file=juggle.md,line={STEP},title=SW306::"
        "r1.1.1: “Do research” says nothing of its own."
        "%0A→ Name the tool, document or person."
    )
    assert lines[1].startswith("::notice file=juggle.md,line=1,title=SW205::")
    assert "2 findings: 1 warning, 1 note." in answer.err
    each = terminal("validate", str(file), "-f", "github", "--select", "SW205", "-v").out
    assert each.startswith(f"::notice file=juggle.md,line={EDGE},title=SW205::r3 Three balls")


def test_github_names_the_goal_where_there_is_no_file(planned: Terminal):
    line = planned("validate", "-f", "github", "--select", "SW309").out
    assert line == f"::notice title=SW309::{GOAL}: 24 × A work package has no image.\n"


def test_sarif_has_rules_results_and_their_places(terminal: Terminal, file: Path):
    data = json.loads(terminal("validate", file.name, "-f", "sarif").out)
    assert data["version"] == "2.1.0"
    assert data["$schema"].endswith("sarif-schema-2.1.0.json")
    run = data["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "Stellwerk"
    assert len({rule["id"] for rule in rules}) == len(rules) > 20
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
    step = next(each for each in run["results"] if each["ruleId"] == "SW306")
    assert step["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "juggle.md"},
                "region": {"startLine": STEP},
            },
            "logicalLocations": [
                {
                    "name": "r1.1.1",
                    "fullyQualifiedName": "juggle.md:r1.1.1",
                    "decoratedName": "Throw one ball",
                    "kind": "work package",
                }
            ],
        }
    ]


def test_sarif_of_a_goal_has_logical_places_alone(planned: Terminal):
    data = json.loads(planned("validate", "-f", "sarif").out)
    places = [result["locations"][0] for result in data["runs"][0]["results"]]
    assert {tuple(place) for place in places} == {("logicalLocations",)}
    assert data["runs"][0]["properties"]["quality"][GOAL] > 0.5


def test_sarif_names_a_file_as_a_uri(terminal: Terminal):
    terminal.write("my plan #1.md", PLAN)
    data = json.loads(terminal("validate", "my plan #1.md", "-f", "sarif").out)
    place = data["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20plan%20%231.md"


@pytest.mark.parametrize("form", ["text", "github", "sarif", "json"])
def test_what_a_plan_says_stays_text_in_every_form(terminal: Terminal, form: str):
    terminal.write("bad.md", HOSTILE_PLAN)
    answer = terminal("validate", "bad.md", "--format", form, "-v", code=None)
    assert not answer.hostile
    if form == "github":
        assert all(
            re.match(r"::(warning|notice|error) file=bad\.md,line=\d+,title=SW\d+::", line)
            for line in answer.out.splitlines()
        )
        assert "%250A" in answer.out
    if form == "sarif":
        results = json.loads(answer.out)["runs"][0]["results"]
        told = " ".join(result["message"]["text"] for result in results)
        assert "{{0}}" in told or "{0}" not in told
        assert not re.search(r"(?<!\\)\[l\]\(http", told)
    if form == "text":
        assert "[bold]x[/]" in answer.out
    assert "%0A" in answer.out or form == "github"


def test_json_is_the_envelope_whichever_flag_asks_for_it(terminal: Terminal, file: Path):
    one = terminal("validate", file.name, "--json").out
    assert one == terminal("validate", file.name, "--format", "json").out
    edge = found(json.loads(one), "SW205")[0]
    assert edge == {
        "code": "SW205",
        "severity": "info",
        "ref": "r3",
        "title": "Three balls",
        "message": "r3 Three balls comes after r1 One ball by way of r2 already.",
        "hint": "`stellwerk unlink r3 --needs r1` loses nothing.",
        "quote": "Three balls",
        "count": 1,
        "fixable": True,
        "file": "juggle.md",
        "line": EDGE,
    }


def test_the_score_of_a_goal_is_kept_when_it_is_checked(planned: Terminal):
    planned("start", "r1.1.1")
    planned("validate", "--size", "standard", code=None)
    assert "(revision 1)" in planned("show").out, "of another size it is another score"
    planned("validate")
    assert "(revision" not in planned("show").out


def test_a_plan_of_twenty_packages_is_checked_within_a_second(program: Program):
    began = time.perf_counter()
    program("validate")
    assert time.perf_counter() - began < 5, "generous: the machine may be busy"
