"""Promises: notes take up their title, and titles name something."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import promises
from tests.validation.samples import Work, codes, steps, subject, told

CHECK = promises.VALIDATOR


@pytest.mark.parametrize(
    "title",
    [
        "Phase 2",
        "Step 3: Planning",
        "Testing",
        "Part 10",
        "Next steps",
        "Umsetzung",
        "Vorbereitung",
    ],
)
def test_a_title_that_would_do_for_anything_is_told(title: str):
    """Whatever number it has."""
    assert codes(CHECK, "title", title) == ["SW317"]


@pytest.mark.parametrize(
    "title",
    [
        "Kitchen floor tiled",
        "Load testing",
        "Küche gefliest",
        "Wärmepumpe",
        "Oslo",
        "B1",
        "",
        "2026",
    ],
)
def test_a_title_with_a_word_of_its_own_is_good(title: str):
    """One is enough; without any word there is nothing to say."""
    assert codes(CHECK, "title", title) == []


def test_titles_of_routes_and_tasks_are_looked_at_too():
    """They are read before those of work packages."""
    plan = subject([Work()]).plan
    (route,) = plan.routes
    tasks = (replace(route.tasks[0], title="Part 2"),)
    empty = replace(route, title="Phase 1", tasks=tasks)
    named = Subject(replace(plan, routes=(empty,)))
    assert told(CHECK, named) == ["SW317 r1", "SW317 r1.1"]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Bake the wedding cake :: Call the bank and ask for a lower rate", "en", ["SW311"]),
        ("Bake the wedding cake :: Weigh flour for both cakes", "en", []),
        ("Baking cakes :: Weigh flour before you bake", "en", ["SW311"]),
        ("Design the invitation :: Draw what the inviting aunts wish", "en", []),
        ("Hochzeitstorten backen :: Mehl für die Hochzeitstorte wiegen", "de", []),
        ("Hochzeitstorte backen :: Den Notar anrufen", "de", ["SW311"]),
        ("Mietvertrag :: Den Mietvertrag unterschreiben", "de", []),
        ("Buy 2 :: Call the bank", "en", ["SW311"]),
    ],
)
def test_any_form_of_a_word_of_the_title_keeps_its_promise(
    text: str, language: str, expected: list[str]
):
    """By its first letters; words that fit every title promise nothing."""
    assert codes(CHECK, "package", text, language) == expected


def test_a_short_note_need_not_mention_its_title():
    """It says so little that the title goes without saying."""
    assert told(CHECK, subject([Work("Bake the cake", steps("Ring Anna"))])) == []
