"""Prompts say what validators enforce, what a plan should be, and never more than they must."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import stellwerk
from stellwerk.domain import limits
from stellwerk.domain.limits import SIZES
from stellwerk.errors import ConfigError, NotFoundError
from stellwerk.planning.drafts import PackageDraft, PackagesDraft
from stellwerk.planning.previewing import ORDER, placeholders
from stellwerk.planning.prompt_checks import DRAFTS, TOLD, draft_in
from stellwerk.planning.prompts import prompt, prompt_names
from stellwerk.planning.stages import decompose, expand, packages, refine, review, tasks
from stellwerk.planning.wish import Caps, Wish

WISH = Wish(
    "Learn to juggle", "Five balls.", "I have big hands.", ("Mira", "Tom"), "small", "de"
)
STAGES = (
    *(decompose.QUESTION, tasks.QUESTION, packages.QUESTION),
    *(review.QUESTION, refine.QUESTION, expand.QUESTION),
)
NOT_TOLD = {"MAX_GOAL_TEXT", "MAX_CONTEXT", "MAX_NOTES", "PlanSize"}
"""What is cut or refused on the way in; no model can keep to it better by being told."""


def inputs(wish: Wish = WISH, **more: Any) -> dict[str, Any]:
    """Return an input of every name."""
    return {**placeholders(wish), **more}


def text_of(name: str, given: dict[str, Any] | None = None) -> str:
    """Return both messages of a rendered prompt."""
    rendered = prompt(name).render(given or inputs())
    return "\n".join(message["content"] for message in rendered)


def test_every_stage_has_its_prompt_and_every_prompt_its_stage():
    """So none is missing, and none is left over; answers that do not fit have one, too."""
    assert {*(question.stage for question in STAGES), "repair"} == set(prompt_names())
    assert set(ORDER) == set(prompt_names())
    assert {name: prompt(name).stage for name in ORDER} == {name: name for name in ORDER}
    assert all(issubclass(DRAFTS[each.stage], each.draft) for each in STAGES)


@pytest.mark.parametrize("name", prompt_names())
def test_a_prompt_has_rules_for_the_system_and_data_for_the_user(name: str):
    """No slot and no `None` is left in either."""
    system, user = prompt(name).render(inputs())
    assert (system["role"], user["role"]) == ("system", "user")
    assert WISH.title not in system["content"]
    assert (WISH.title in user["content"]) == (name != "repair")
    assert not re.search(r"\{\{|\{%|None", system["content"] + user["content"])
    assert "\n\n\n" not in user["content"]


@pytest.mark.parametrize("name", prompt_names())
def test_a_prompt_names_the_language_and_asks_for_json_alone(name: str):
    """In English, whatever the language of the plan is: models know their rules best so."""
    german, english = text_of(name), text_of(name, inputs(Wish("Juggle", language="en")))
    assert ("in German" in german) == ("in English" in english) == (name != "repair")
    assert "JSON object" in german


def test_the_prompts_carry_what_each_stage_works_on():
    """The goal with its background; the route; the task; the plan; what is wrong."""
    for name in set(ORDER) - {"repair"}:
        told = text_of(name)
        for part in ("Learn to juggle\nFive balls.", "I have big hands.", "Mira\nTom"):
            assert part in told
    assert "r1 [title of route r1]\n[description of route r1]" in text_of("tasks")
    assert "r1.1 [title of task r1.1]\n[description of task r1.1]" in text_of("packages")
    assert "r2 [title of route r2]" in text_of("packages")
    assert '"title": "[the whole plan' in text_of("review")
    assert '"key": "r1.1.1"' in text_of("refine")
    assert "[what is wrong" in text_of("refine")
    assert "Your last answer (packages) does not fit." in text_of("repair")
    assert "[what is wrong" in text_of("repair")


def test_work_packages_that_are_there_are_not_asked_for_again():
    """The second half of an answer that was too long knows the first one."""
    told = text_of("packages", inputs(known=["Balls bought"]))
    assert "\nBalls bought\nKNOWN" in told
    assert "none of these again" in told
    assert "KNOWN" not in text_of("packages")


def test_an_unknown_prompt_is_told_with_those_there_are():
    """The hint names the nearest, and lists them."""
    with pytest.raises(NotFoundError, match="no prompt 'task'") as caught:
        prompt("task")
    assert caught.value.hint == (
        "Did you mean tasks? There are: decompose, expand, packages, refine, repair, review, tasks."
    )


def test_an_input_that_is_missing_is_an_error_and_not_a_hole():
    """A stage that forgets one, or a field of one, is found by its first run."""
    with pytest.raises(ConfigError, match="no 'route' was given"):
        prompt("tasks").render({"wish": asdict(WISH), "routes": []})
    with pytest.raises(ConfigError, match=r"tasks\.md:\d+: .*no attribute 'title'"):
        prompt("tasks").render({"wish": asdict(WISH), "routes": [], "route": {"key": "r1"}})


def test_the_label_names_the_version_and_the_digest_the_text():
    """A plan's source has the label, the call log the digest."""
    told = prompt("decompose")
    assert told.label == f"decompose@{told.version}"
    assert len({prompt(name).digest for name in ORDER}) == len(ORDER)
    assert re.fullmatch("[0-9a-f]{64}", told.digest)


CONSTANTS = sorted(
    {
        (name, place)
        for name, places in TOLD.items()
        for place in places
        if "sizes" not in place
    }
)


@pytest.mark.parametrize(("name", "place"), CONSTANTS)
def test_a_changed_limit_changes_the_prompt(
    name: str, place: str, monkeypatch: pytest.MonkeyPatch
):
    """The number comes from the constant that validators enforce."""
    constant, _, index = place.upper().partition(".")
    value = getattr(limits, constant)
    new: Any = 4711
    if index:
        new = tuple(4711 if at == int(index) else each for at, each in enumerate(value))
    assert "4711" not in text_of(name)
    monkeypatch.setattr(limits, constant, new)
    assert "4711" in text_of(name)


SIZED = [
    ("decompose", {"routes": (74, 75)}, "74 to 75 routes"),
    ("decompose", {"packages": (74, 75)}, "74 to 75 work packages"),
    ("decompose", {"switch_levels": 74}, "at most 74 decisions in a row"),
    ("decompose", {"needs_switch": True}, "at least one decision and one merge"),
    ("tasks", {"tasks_per_route": 3}, "Tasks: 1 to 3,"),
    ("tasks", {"packages": (4, 10)}, "over all its tasks: 2 to 5;"),
    ("packages", {"packages_per_task": 2}, "Work packages: 1 to 2;"),
]


@pytest.mark.parametrize(("name", "change", "told"), SIZED, ids=str)
def test_a_changed_size_changes_the_prompt(
    name: str, change: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
):
    """Routes, decisions, tasks and packages are as many as the validators of size allow."""
    uncapped = inputs(caps=None)
    assert told not in text_of(name, uncapped)
    monkeypatch.setattr(limits, "SIZES", {"small": SIZES["small"]._replace(**change)})
    assert told in text_of(name, uncapped)


def test_every_limit_that_is_enforced_is_told():
    """A validator or a draft that takes a new constant needs a prompt that says it."""
    room = Path(stellwerk.__file__).parent
    enforcing = [*(room / "validation").rglob("*.py"), room / "planning/drafts.py"]
    used = {
        alias.name
        for file in enforcing
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "stellwerk.domain.limits"
        for alias in node.names
    }
    told = {place.split(".")[0].upper() for place in chain(*TOLD.values())}
    assert "MIN_STEPS" in used
    assert used - NOT_TOLD <= told
    parts = {place.split(".")[1] for place in chain(*TOLD.values()) if "sizes" in place}
    assert parts == set(limits.PlanSize._fields) - {"name"}


@pytest.mark.parametrize("name", prompt_names())
def test_no_number_stands_in_a_template_itself(name: str):
    """All but percentiles, parts of keys and version come from the limits."""
    body = prompt(name).text.partition("\n+++\n")[2]
    body = re.sub(r"\{\{.*?\}\}(\.\d)?|\{%.*?%\}|\b[rp]\d[\d.]*|/0/|\bB1\b", "", body)
    body = body.replace("below 900 euros", "")
    assert re.findall(r"\d+", body) == []


def test_drafts_demand_what_the_prompt_demands():
    """The JSON Schema that goes with it has the same numbers."""
    fields = PackageDraft.model_json_schema()["properties"]
    assert fields["steps"]["minItems"] == limits.MIN_STEPS
    assert fields["done_when"]["minItems"] == limits.MIN_CRITERIA
    assert fields["risks"]["minItems"] == limits.MIN_RISKS
    assert fields["title"]["maxLength"] == limits.MAX_TITLE
    for name, limit in (("length", limits.LENGTH), ("grade", limits.GRADE)):
        assert (fields[name]["minimum"], fields[name]["maximum"]) == limit


def test_a_size_that_follows_the_goal_is_chosen_from_all():
    """With what each is for; a size that was asked for stands alone."""
    auto = text_of("decompose", inputs(Wish("Juggle", size="auto")))
    assert "take the smallest that reaches it" in auto
    for size in SIZES.values():
        told = f"{size.routes[0]} to {size.routes[1]} routes, {size.packages[0]} to"
        assert told in auto
        alone = text_of("decompose", inputs(Wish("Juggle", size=size.name)))
        assert f"Size {size.name}: {told}" in alone
        assert alone.count("decisions in a row") == 1
        switch = "at least one decision and one merge" in alone
        assert switch == size.needs_switch
    assert "Buy a birthday present" in auto


def test_what_is_configured_caps_every_size():
    """No prompt asks for more than the settings allow."""
    told = inputs(Wish("Juggle", size="detailed"), caps=Caps(7, 1, 2)._asdict())
    assert "Size detailed: 7 routes" in text_of("decompose", told)
    assert "Tasks: 1, in" in text_of("tasks", told)
    assert "Work packages: 2;" in text_of("packages", {**told, "tasks": [told["task"]]})


@pytest.mark.parametrize("size", SIZES)
def test_the_work_packages_of_a_size_are_shared_out_among_routes_and_tasks(size: str):
    """Asked for route by route and task by task, a plan comes to what its size allows."""
    low, high = SIZES[size].packages
    for routes in range(SIZES[size].routes[0], SIZES[size].routes[1] + 1):
        given = inputs(Wish("Juggle", size="auto"))
        given["routes"] = [given["route"]] * routes
        fewest, most_tasks = span("Tasks:", text_of("tasks", given))
        least, most = span("Work packages over all its tasks:", text_of("tasks", given))
        assert low <= least * routes
        assert most * routes <= high
        for count in range(fewest, most_tasks + 1):
            given["tasks"] = [given["task"]] * count
            few, many = span("Work packages:", text_of("packages", given))
            assert few * count >= least
            assert many * count <= most


def span(start: str, text: str) -> tuple[int, int]:
    """Return the range of numbers behind the start of a rule."""
    found = re.search(rf"- {start} (\d+)(?: to (\d+))?", text)
    assert found
    return int(found[1]), int(found[2] or found[1])


TOKENS = {"decompose": 1_500, "packages": 1_800}


@pytest.mark.parametrize("name", prompt_names())
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_prompt_is_short_enough_for_a_small_model(name: str, language: str):
    """At four characters a token, example and a short goal included."""
    sizes = ("auto", *SIZES)
    wishes = [Wish("Learn to juggle", "Five balls.", size=s, language=language) for s in sizes]
    longest = max(len(text_of(name, inputs(wish))) for wish in wishes)
    assert longest / 4 <= TOKENS.get(name, 1_000)


EXAMPLES = [(name, language) for name in ORDER for language in prompt(name).examples]


def test_four_stages_show_an_example_in_each_language():
    """Refine shows the package itself, repair the answer before."""
    staged = ("decompose", "tasks", "packages", "review")
    assert [(name, language) for name in staged for language in ("en", "de")] == EXAMPLES


@pytest.mark.parametrize(("name", "language"), EXAMPLES)
def test_an_example_is_a_valid_answer_and_shown_for_its_language(name: str, language: str):
    """Models copy the mistakes of examples."""
    example = prompt(name).example(language)
    data = json.loads(example[example.index("\n{") :])
    assert draft_in(example, DRAFTS[name]).model_dump(exclude_unset=True) == data
    shown = text_of(name, inputs(Wish("Juggle", language=language)))
    other = prompt(name).example({"en": "de", "de": "en"}[language])
    assert example in shown
    assert other not in shown
    assert prompt(name).example("fi") == prompt(name).example("en")


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_work_package_of_the_example_keeps_to_all_rules(language: str):
    """Counts, rising hours, https, no sentence twice."""
    draft = draft_in(prompt("packages").example(language), PackagesDraft)
    assert isinstance(draft, PackagesDraft)
    (package,) = draft.packages
    sentences = re.findall(r"[^.!?]+[.!?]", package.summary)
    assert limits.SUMMARY_SENTENCES[0] <= len(sentences) <= limits.SUMMARY_SENTENCES[1]
    assert limits.SOURCES[0] <= len(package.sources) <= limits.SOURCES[1]
    assert all(source.url.startswith("https://") for source in package.sources)
    assert package.images == []
    hours = package.hours
    assert hours
    assert hours.p10 < hours.p50 < hours.p90
    texts = [*package.steps, *package.done_when, *(risk.risk for risk in package.risks)]
    assert len(set(texts)) == len(texts)


def test_the_structure_of_the_example_decides_and_merges_within_its_horizon():
    """Ten months of a baker's time, and both ways of the decision meet again."""
    for language in ("en", "de"):
        example = prompt("decompose").example(language)
        told = json.loads(example[example.index("\n{") :])
        low, high = SIZES["standard"].packages
        assert 800 <= told["unit_hours"] * 3 * (low + high) / 2 <= 1_600
        (decision,) = told["decisions"]
        assert sum(option["probability"] for option in decision["options"]) == 1
        ends = [edge["after"] for edge in told["edges"]]
        assert any(ends.count(route["key"]) > 1 for route in told["routes"])
