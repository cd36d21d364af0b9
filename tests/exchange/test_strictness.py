"""What a file gets wrong is told with file, line and what would be right."""

from __future__ import annotations

import pytest

from stellwerk.errors import ExchangeError
from tests.exchange.samples import edited, folder, line_of, one_file, read, read_folder

_ASK = '{uid = "a", length = 2'
_MARKERS = {
    "an unknown field": (
        ('"a", length = 2', '"a", lenght = 2'),
        "lenght",
        "there is no field 'lenght' here",
    ),
    "an unknown field of a route": (
        ('kind = "trunk", born', 'kinds = "trunk", born'),
        "kinds",
        "there is no field 'kinds'",
    ),
    "bad TOML": ((_ASK, '{uid = "a", length = '), "Ask people", "not TOML"),
    "a marker that is none": (("r1.1.1 {uid", "r1.1.1{uid"), "Ask people", "cannot be read"),
    "a marker without its end": (("r4.1 {", "r4.1 > {"), "Task t4", "cannot be read"),
    "a ref that is none": (
        ("stellwerk r4.1.1", "stellwerk rest"),
        "] Rest",
        "rest is not a ref",
    ),
    "a ref of zero": (("stellwerk r4.1.1", "stellwerk r4.1.0"), "] Rest", "not a ref"),
    "a ref too deep": (("stellwerk r4.1.1", "stellwerk r4.1.1.1"), "] Rest", "not a ref"),
    "a number too large": (
        ("stellwerk r4.1.1 ", "stellwerk r4.1.1234567890 "),
        "] Rest",
        "not a ref",
    ),
    "an unknown need": (('["r1.1.1"]', '["r1.1.7"]'), "Count answers", "names r1.1.7"),
    "an unknown route before": (('["r2", "r3"]', '["r2", "r7"]'), "## Enjoy", "names r7"),
    "an unknown route ahead": (('to = "r3"', 'to = "r7"'), "Take none", "names r7"),
    "an option that leads nowhere": (('to = "r3", ', ""), "Take none", "names nothing"),
    "an unknown assignee": (('"p1"', '"p4"'), "Ask people", "names p4"),
    "an unknown recommendation": (('"d1.a", born', '"d1.c", born'), "Money?", "names d1.c"),
    "a ref given twice": (("stellwerk r4.1.1", "stellwerk r2.1.1"), "] Rest", "second time"),
    "a uid given twice": (('uid = "e"', 'uid = "c"'), "] Rest", "second time"),
    "a uid that is none": (('uid = "e"', 'uid = "a b"'), "] Rest", "not a uid"),
    "a uid of another type": (('uid = "e"', "uid = 5"), "] Rest", "uid must be a string"),
    "a number as text": ((_ASK, '{uid = "a", length = "2"'), "Ask people", "a whole number"),
    "a fraction": ((_ASK, '{uid = "a", length = 2.5'), "Ask people", "a whole number"),
    "a truth as a number": ((_ASK, '{uid = "a", length = true'), "Ask people", "whole number"),
    "a length too long": ((_ASK, '{uid = "a", length = 9'), "Ask people", "between 1 and 8"),
    "a grade too high": (("grade = 5", "grade = 11"), "Ask people", "between 0 and 10"),
    "an estimate of two": (("[1.0, 2.5, 8.0]", "[1.0, 2.5]"), "Ask people", "[P10, P50, P90]"),
    "an estimate in words": (("[1.0, 2.5, 8.0]", '["long"]'), "Ask people", "list of numbers"),
    "an inverted estimate": (
        ("[1.0, 2.5, 8.0]", "[8.0, 2.5, 1.0]"),
        "Ask people",
        "three rising positive numbers",
    ),
    "an endless estimate": (("[1.0, 2.5, 8.0]", "[1.0, 2.5, inf]"), "Ask people", "rising"),
    "no number for an estimate": (
        ("[1.0, 2.5, 8.0]", "[nan, nan, nan]"),
        "Ask people",
        "rising",
    ),
    "a huge number": (
        ("elapsed_days = 3", f"elapsed_days = 1{'0' * 30}"),
        "Count answers",
        "too large",
    ),
    "a huge fraction": (
        ("elapsed_days = 3", f"spent_hours = 1{'0' * 400}"),
        "Count answers",
        "too large",
    ),
    "an endless number": (
        ("elapsed_days = 3", f"elapsed_days = 1{'0' * 5000}"),
        "Count answers",
        "not TOML",
    ),
    "days before yesterday": (
        ("elapsed_days = 3", "elapsed_days = -3"),
        "Count answers",
        "0 or more",
    ),
    "an unknown status": (
        ('"e", ', '"e", status = "open", '),
        "] Rest",
        "todo, doing, waiting",
    ),
    "an unknown kind": (
        ('kind = "trunk", after', 'kind = "twig", after'),
        "## Enjoy",
        "trunk",
    ),
    "a time without zone": (
        ('"e", ', '"e", started = 2026-05-01T01:00:00, '),
        "] Rest",
        "started must be a time with zone",
    ),
    "a time before time": (
        ('"e", ', '"e", started = 0001-01-01T00:00:00+14:00, '),
        "] Rest",
        "started must be a time with zone",
    ),
    "a probability above 1": (("= 0.7", "= 1.7"), "Take money", "between 0 and 1"),
    "a single day of absence": (("2026-08-01, ", ""), "- Ada", "pairs of dates"),
    "no day of absence": (("[2026-08-01, 2026-08-14]", "[]"), "- Ada", "pairs of dates"),
    "an absence by the hour": (
        ("2026-08-01,", "2026-08-01T09:00:00Z,"),
        "- Ada",
        "pairs of dates",
    ),
    "an eighth day": (("[1, 2, 3, 4, 5]", "[8]"), "- Ada", "from 1 (Monday) to 7"),
    "half a day": (("[1, 2, 3, 4, 5]", "[1.5]"), "- Ada", "from 1 to 7"),
    "no day at all": (("[1, 2, 3, 4, 5]", "[nan]"), "- Ada", "from 1 to 7"),
    "a package without title": (("] Rest <", "] <"), "r4.1.1", "this package has no title"),
    "a route without title": (
        ("## Enjoy <", "## <"),
        "stellwerk r4 ",
        "this route has no title",
    ),
    "a route with its need": (
        ('["r2", "r3"]', '["r2", "r3", "r4"]'),
        "## Enjoy",
        "before itself",
    ),
    "routes in a circle": (
        ('kind = "trunk", born', 'kind = "trunk", after = ["r4"], born'),
        "## Give away",
        "circle: r3 Give away -> r4 Enjoy -> r1 Ask -> r3 Give away",
    ),
    "packages in a circle": (
        ("estimate =", 'needs = ["r1.1.2"], estimate ='),
        "Count answers",
        "each other in a circle",
    ),
    "a marker in running text": (("- Take none", "Take none"), "Take none", "stands on no"),
    "a marker in notes": (("- [ ] Count", "  - [ ] Count"), "Count", "stands on no"),
    "a decision with one way": (
        ("- Take none <!-- stellwerk d1.b", "- Take none <!-- x"),
        "Money?",
        "has 1 of the two options",
    ),
    "a decision that misses a way": (
        ('to = "r3"', 'to = "r2"'),
        "Money?",
        "without an option r3 Give away",
    ),
    "a heading that fits nowhere": (
        ("## Ask <", "## Before\n\n## Ask <"),
        "Before",
        "nowhere",
    ),
    "a task above the routes": (
        ("## Ask <", "### T <!-- stellwerk r9.1 -->\n\n## Ask <"),
        "r9.1",
        "r9.1 does not belong here",
    ),
    "a package as a heading": (("- [ ] Rest", "## Rest"), "Rest", "does not belong here"),
    "an option below a task": (("stellwerk r4.1.1", "stellwerk d1.c"), "] Rest", "not belong"),
    "a package below a decision": (
        ("- Take none <!-- stellwerk d1.b", "- Take none <!-- stellwerk r1.1.9"),
        "Take none",
        "r1.1.9 does not belong here",
    ),
    "a package among the people": (
        ("stellwerk p1", "stellwerk r1.1.9"),
        "- Ada",
        "not belong",
    ),
    "people in running text": (("## People <", "All <"), "All <", "stands on no"),
    "text below the people": (
        ("## People <!-- stellwerk people -->", "## People <!-- stellwerk people -->\n\nAll:"),
        "All:",
        "belongs to nothing",
    ),
    "a generated part without end": (
        ("<!-- stellwerk end -->", ""),
        "stellwerk generated",
        "has no end",
    ),
}
_FRONT = {
    "an unknown key": (('slug = "a-goal"', 'slugg = "a-goal"'), "no field 'slugg'"),
    "an unknown key of the source": (('provider = ""', 'provder = ""'), "no field 'provder'"),
    "another type": (("unit_hours = 1.0", 'unit_hours = "1"'), "unit_hours must be a number"),
    "a date with a time": (
        ("target_date = 2027-01-01", "target_date = 2027-01-01T00:00:00Z"),
        "target_date must be a date",
    ),
    "a time without zone": (
        ("09:00:00+00:00", "09:00:00"),
        "created_at must be a time with zone",
    ),
    "no hours": (("unit_hours = 1.0", "unit_hours = 0"), "above 0"),
    "not even a number": (("unit_hours = 1.0", "unit_hours = nan"), "above 0"),
    "a slug that is none": (('slug = "a-goal"', 'slug = "A goal"'), "not lower-case letters"),
    "a uid that is none": (('uid = "goal"', 'uid = "../x"'), "not a uid"),
    "an unknown status": (('"planned"', '"plant"'), "must be one of planned"),
    "a counter that counts not": (("r = 5", 'r = "5"'), "whole number from 0 on"),
    "a counter below zero": (("r = 5", "r = -5"), "whole number from 0 on"),
    "a counter that is true": (("r = 5", "r = true"), "whole number from 0 on"),
    "a counter too large": (("r = 5", "r = 5000000000"), "whole number from 0 on"),
    "a list for a table": (("[source]", "[[source]]"), "source must be a table"),
    "routes that are no list": (
        ("version = 2", "version = 2\nroutes = 5"),
        "routes must be a list",
    ),
    "routes that are no names": (
        ("version = 2", "version = 2\nroutes = [5]"),
        "list of strings",
    ),
    "no format": (('format = "stellwerk.markdown"\n', ""), "is not a Stellwerk plan"),
    "a format of others": (('"stellwerk.markdown"', '"jekyll"'), "is not a Stellwerk plan"),
    "another version": (("version = 2", "version = 3"), "version 3 of the format"),
    "no version": (("version = 2\n", ""), "version None of the format"),
    "a version in words": (("version = 2", 'version = "2"'), "version '2' of the format"),
    "no title": (("# A goal\n\nWhy not.\n", ""), "no title"),
}


@pytest.mark.parametrize(("change", "place", "message"), _MARKERS.values(), ids=_MARKERS)
def test_an_error_names_file_and_line(change: tuple[str, str], place: str, message: str):
    """The line is where the mistake stands, or the item that a broken rule names first."""
    text = edited(one_file(), change)
    with pytest.raises(ExchangeError) as caught:
        read(text)
    assert caught.value.message.startswith(f"plan.md:{line_of(text, place)}: ")
    assert message in caught.value.message


@pytest.mark.parametrize(("change", "message"), _FRONT.values(), ids=_FRONT)
def test_an_error_in_the_front_matter_names_file_and_first_line(
    change: tuple[str, str], message: str
):
    """There is one front matter, and it begins there."""
    with pytest.raises(ExchangeError, match=r"^plan\.md:1: ") as caught:
        read(edited(one_file(), change))
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("wrong", "line"), [("uid = goal", 4), ('uid = "goal"\nuid = "x"', 5), ('uid = "goal', 4)]
)
def test_front_matter_that_is_not_toml_names_its_line(wrong: str, line: int):
    """Counted in the file, not in the front matter."""
    with pytest.raises(ExchangeError, match="front matter is not TOML") as caught:
        read(edited(one_file(), ('uid = "goal"', wrong)))
    assert caught.value.message.startswith(f"plan.md:{line}: ")


@pytest.mark.parametrize("text", ["", "# A goal\n", "+++\n# A goal\n", "---\na: 1\n---\n"])
def test_a_file_without_front_matter_is_no_plan(text: str):
    """The error says how plans are exported."""
    with pytest.raises(ExchangeError, match="is not a Stellwerk plan") as caught:
        read(text)
    assert "stellwerk export" in caught.value.hint


def test_a_misspelt_field_is_told_the_nearest_one():
    """And one that is like none is told all there are."""
    with pytest.raises(ExchangeError) as caught:
        read(edited(one_file(), ("grade = 5", "graed = 5")))
    assert caught.value.hint == "Did you mean grade?"
    with pytest.raises(ExchangeError) as caught:
        read(edited(one_file(), ("grade = 5", "xyz = 5")))
    assert caught.value.hint.startswith("Known: assignee, born, ")


def test_a_mistake_in_a_folder_names_its_file():
    """And the line within it."""
    files = folder()
    name = "routes/r4-enjoy.md"
    files[name] = edited(files[name], ("length = 1", "length = 0"))
    with pytest.raises(ExchangeError, match="between 1 and 8") as caught:
        read_folder(files)
    assert caught.value.message.startswith(f"{name}:{line_of(files[name], 'Rest')}: ")


def test_a_stray_file_in_the_folder_is_told_and_not_swallowed():
    """Text that belongs to no route would be lost otherwise."""
    with pytest.raises(ExchangeError, match=r"^readme\.md:1: "):
        read_folder(folder() | {"readme.md": "Hello.\n"})
    with pytest.raises(ExchangeError, match=r"^readme\.md:1: "):
        read_folder(folder() | {"readme.md": "# Hello\n"})


def test_no_file_at_all_is_told():
    """There is nothing to read."""
    with pytest.raises(ExchangeError, match="no Markdown file"):
        read_folder({})


def test_a_value_in_an_error_is_short():
    """A message is for people, whatever stands in the file."""
    with pytest.raises(ExchangeError) as caught:
        read(edited(one_file(), ("length = 2", f'length = "{"x" * 10_000}"')))
    assert len(caught.value.message) < 200
