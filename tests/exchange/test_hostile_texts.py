"""No file, however hostile, hangs a reader, ends in a traceback or brings anything in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.analytics.upcoming import upcoming
from stellwerk.domain.births import Births
from stellwerk.domain.values import to_data
from stellwerk.errors import ExchangeError
from stellwerk.exchange import markdown, plan_json
from stellwerk.exchange.document import MAX_BYTES, MAX_ITEMS, Document
from stellwerk.railway.renderer import View
from stellwerk.railway.scene import scene_of
from stellwerk.railway.text import drawn
from stellwerk.testing.clock import CountedUids, FrozenClock
from tests.exchange.hostile import LINES
from tests.exchange.samples import a_document, edited, one_file, read
from tests.strategies import MODEST

_HEAD: Final = '+++\nformat = "stellwerk.markdown"\nversion = 2\n+++\n\n# T\n\n'
_TASK: Final = f"{_HEAD}## R <!-- stellwerk r1 -->\n\n### T <!-- stellwerk r1.1 -->\n\n"
_MANY: Final = 100_000
_HOSTILE: Final = re.compile(
    r"[^\n\t -~\xa0-\U0010ffff]|[\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_ESCAPES: Final = "\x1b[2J\x1b]0;t\x07\x00\x07\x7f\x9b31m\u202e\u2066\u200b\ufeff"


def read_json(text: str) -> Document:
    """Return the plan in JSON text."""
    births = Births(FrozenClock().now, CountedUids(999))
    return plan_json.IMPORTER.read({"plan.json": text}, births)


def outcome_of(reader: Callable[[str], Document], text: str) -> Document | str:
    """Return the document in a text, or the message of the error it is."""
    try:
        return reader(text)
    except ExchangeError as error:
        return error.message


def assert_usable(document: Document) -> None:
    """The plan can be drawn, worked with, written and read again."""
    drawn(scene_of(document.plan), View())
    upcoming(document.plan)
    for text in texts_in(to_data(document.plan)):
        assert not _HOSTILE.search(text)
    again = read_json(plan_json.written(document))
    assert again.plan == document.plan
    assert again.notes == document.notes
    read(markdown.EXPORTER.files(document, folder=False)["plan.md"])


def texts_in(value: object) -> Iterator[str]:
    """Yield every string in JSON data, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)


@pytest.mark.parametrize("reader", [read, read_json])
def test_a_file_of_33_megabytes_is_refused_before_it_is_read(
    reader: Callable[[str], Document],
):
    """The error says how large it may be."""
    with pytest.raises(ExchangeError, match="at most"):
        reader("[" * (MAX_BYTES + 1))


@pytest.mark.parametrize(
    "text",
    [
        "[" * _MANY,
        "](" * _MANY,
        "> " * _MANY,
        "- " * _MANY,
        "1. " * _MANY,
        "*a_" * _MANY,
        "`" * _MANY,
        "a" + " " * _MANY + "b",
        "<!--" * _MANY,
        "&amp;" * _MANY + "lt;",
        "\\" * _MANY + "#",
        "[a]: b\n" * (_MANY // 10),
        "\n".join("  " * depth + "- x" for depth in range(300)),
        "~~~\n" * 10_001,
    ],
    ids=lambda text: text[:8].strip(),
)
def test_a_hundred_thousand_brackets_are_text(text: str):
    """They are read soon, and come back from an export as they are."""
    read(_HEAD + text)
    document = a_document()
    goal = replace(document.plan.goal, description=text.strip())
    document = replace(document, plan=replace(document.plan, goal=goal))
    assert read(markdown.EXPORTER.files(document, folder=False)["plan.md"]) == document


@pytest.mark.parametrize(
    "line",
    [
        f"## a{' ' * _MANY}b <!-- stellwerk r1 -->",
        f"## {'<!-- stellwerk r1 {' * 20_000}",
        f"## a <!-- stellwerk r1 {{x = {'[' * _MANY}}} -->",
        f"## a <!-- stellwerk r{'9' * 5000} -->",
        f"## a <!-- stellwerk r1{'.1' * _MANY} -->",
        f"## a <!-- stellwerk r1 {{x = {'9' * 5000}}} -->",
        f"## a <!-- stellwerk{' ' * _MANY}r1 -->",
    ],
    ids=range(7),
)
def test_a_monstrous_marker_is_read_or_refused_at_once(line: str):
    """Nobody waits for it."""
    found = outcome_of(read, f"{_HEAD}{line}\n")
    if isinstance(found, str):
        assert len(found) < 400
    else:
        assert found.plan.routes[0].title == "a b"


def test_front_matter_nested_too_deeply_is_refused():
    """It cannot exhaust the stack."""
    with pytest.raises(ExchangeError, match=r"plan\.md:1: .* nested too deeply"):
        read(f"+++\nformat = {'[' * _MANY}\n+++\n")


def test_ten_thousand_new_packages_get_their_numbers_in_a_moment():
    """A number costs the same however many there are."""
    found = read(_TASK + "- [ ] x\n" * 10_000)
    assert found.plan.routes[0].tasks[0].packages[-1].number == 10_000


def test_more_items_than_any_plan_has_are_refused():
    """In Markdown and in JSON."""
    with pytest.raises(ExchangeError, match="more than 50,000"):
        read(_HEAD + "- x\n" * (MAX_ITEMS + 1))
    data = json.loads(plan_json.written(a_document()))
    task = data["routes"][0]["tasks"][0]
    task["packages"] = [{}] * (MAX_ITEMS + 2)
    with pytest.raises(ExchangeError, match="more than 50,000"):
        read_json(json.dumps(data))


def test_control_characters_and_escape_sequences_are_gone_after_an_import():
    """Raw or as an escape of TOML or JSON, in every text there is."""
    marks = json.dumps(_ESCAPES)[1:-1].replace("\\u001b", "\\u001B")
    text = edited(
        one_file(),
        ("# A goal\n", f"# A {_ESCAPES}goal\n"),
        ("Why not.", f"Why{_ESCAPES} not."),
        ("] Ask people", f"] Ask{_ESCAPES} people"),
        ("  Ask around.", f"  Ask{_ESCAPES} around."),
        ('provider = ""', f'provider = "a{marks}"'),
        ('model = ""', f'model = "a{marks}"'),
        ("prompts = []", f'prompts = ["a{marks}"]'),
        ('language = "en"', f'language = "en{marks}"'),
        ('"ada", ', f'"ada", email = "a{marks}", '),
        ('"e", ', f'"e", status = "waiting", reason = "a{marks}", waiting_for = "a{marks}", '),
    )
    found = read(text)
    assert_usable(found)
    assert found.plan.goal.language == "en"
    assert found.plan.package("e").standing.reason == "a"
    assert found.plan.goal.source.prompts == ("a",)


def test_an_error_shows_no_escape_sequence():
    """Not even of a ref that an escape of TOML spells."""
    with pytest.raises(ExchangeError) as caught:
        read(edited(one_file(), ('["r1.1.1"]', '["r\\u001b[31m9"]')))
    assert caught.value.message.endswith("names r9, which is not here.")


@st.composite
def bent_markdown(draw: st.DrawFn) -> str:
    """Return an export in which some lines are gone, doubled, moved or of somebody else."""
    lines = one_file().split("\n")
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(lines) - 1))
        to = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(("delete", "double", "move", "junk", "cut", "indent"))):
            case "delete":
                lines[at : at + 1] = []
            case "double":
                lines.insert(to, lines[at])
            case "move":
                lines.insert(to, lines.pop(at))
            case "junk":
                lines.insert(at, draw(st.sampled_from(LINES) | st.text(max_size=20)))
            case "cut":
                lines[at] = lines[at][: draw(st.integers(0, 200))]
            case "indent":
                lines[at] = draw(st.sampled_from(("  ", "    ", "\t", "> ", "- "))) + lines[at]
        lines = lines or [""]
    return "\n".join(lines)


@MODEST
@given(bent_markdown())
def test_bent_markdown_is_a_plan_or_an_error_with_its_place(text: str):
    """Nothing else happens."""
    found = outcome_of(read, text)
    if isinstance(found, str):
        assert found.startswith("plan.md:")
    else:
        assert_usable(found)


_JUNK: Final[tuple[Any, ...]] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        10**12,
        10**30,
        0.5,
        -0.0,
        1e308,
        float("inf"),
        float("nan"),
    ),
    *("", "x", "a b", "\x1b[2J", "\ud800", "r1", "<b>", "-->", "2026-01-01", "x" * 300),
    *("2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "none"),
    *([], {}, [[]], [None], {"a": 1}, {"is": "Route"}, ["a", "a"], [["a", "b"]]),
)


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value below a JSON value."""
    pairs = enumerate(value) if isinstance(value, list) else ()
    for key, each in value.items() if isinstance(value, dict) else pairs:
        yield (*path, key)
        yield from paths_in(each, (*path, key))


@st.composite
def bent_json(draw: st.DrawFn) -> str:
    """Return an export in which some values are gone, doubled, swapped or of another type."""
    data = json.loads(plan_json.written(a_document()))
    for _ in range(draw(st.integers(1, 3))):
        paths = list(paths_in(data))
        path, other = (draw(st.sampled_from(paths)) for _ in range(2))
        spot, key = value_at(data, path[:-1]), path[-1]
        match draw(st.sampled_from(("junk", "junk", "delete", "double", "swap", "key"))):
            case "junk":
                spot[key] = draw(st.sampled_from(_JUNK))
            case "delete":
                del spot[key]
            case "double" if isinstance(spot, list):
                spot.append(json.loads(json.dumps(spot[key])))
            case "swap":
                spot[key] = json.loads(json.dumps(value_at(data, other)))
            case _:
                if isinstance(spot, dict):
                    spot[draw(st.sampled_from(("x", "uid", "title", "is", "\x1b")))] = spot[
                        key
                    ]
    return json.dumps(data)


def value_at(data: Any, path: tuple[Any, ...]) -> Any:
    """Return the value at a path."""
    for key in path:
        data = data[key]
    return data


@MODEST
@given(bent_json())
def test_bent_json_is_a_plan_or_an_error_that_names_the_file(text: str):
    """Nothing else happens."""
    found = outcome_of(read_json, text)
    if isinstance(found, str):
        assert "plan.json" in found
    else:
        assert_usable(found)


@MODEST
@given(
    st.recursive(
        st.sampled_from(_JUNK),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(("format", "version", "goal", "routes", "uid")), inner
            )
        ),
        max_leaves=8,
    )
)
def test_any_other_json_is_no_plan(data: Any):
    """Whatever shape it has."""
    with pytest.raises(ExchangeError, match=r"plan\.json"):
        read_json(json.dumps(data))


@MODEST
@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda raw: raw.decode("latin-1")))
def test_any_other_text_is_no_plan(text: str):
    """In neither format."""
    for reader in (read, read_json):
        with pytest.raises(ExchangeError):
            reader(text)
