"""What stands in the slots of a playbook for a goal."""

from __future__ import annotations

import pytest

from stellwerk.domain.spans import number_of, weeks_of
from stellwerk_playbooks.clauses import clause, gerund, heads, is_noun_of, nouns, parts, plain
from stellwerk_playbooks.kinship import with_kin
from stellwerk_playbooks.slots import Slot, choices_of, told, values_of, weeks_in

LEVEL = Slot("level", "B1", "choice", choices=("A1", "A2", "B1", "B2", "C1", "C2"))
HORIZON = Slot("horizon", "9 months", "horizon")
GUESTS = Slot("guests", "a hundred guests", "limit")
TARGET = Slot("target", "a finish without walking", "limit")


@pytest.mark.parametrize(
    ("goal", "level"),
    [
        ("Learn Spanish to B1 in 9 months", "B1"),
        ("learn spanish to b2", "B2"),
        ("Improve my French from A2 to C1", "C1"),
        ("Get my French to B2 from A1", "B2"),
        ("Spanisch von A1 auf B2 bringen", "B2"),
        ("Auf B2-Niveau Italienisch sprechen", "B2"),
        ("Learn Spanish", ""),
        ("Fly a B17", ""),
    ],
)
def test_a_choice_is_the_one_that_is_aimed_at(goal: str, level: str):
    assert told(goal, LEVEL, "en") == level


@pytest.mark.parametrize(
    ("goal", "language", "span", "weeks"),
    [
        ("Learn Spanish in 9 months", "en", "9 months", 39),
        ("Learn Spanish in nine months", "en", "nine months", 39),
        ("Learn Spanish within half a year", "en", "half a year", 26),
        ("Write a novel in a year and a half", "en", "a year and a half", 78),
        ("Get fit in twelve weeks", "en", "twelve weeks", 12),
        ("Write a novel in a year", "en", "a year", 52),
        ("Get fit within the next 100 days", "en", "100 days", 100 / 7),
        ("Learn Spanish in two and a half years", "en", "two and a half years", 130),
        ("In neun Monaten Spanisch lernen", "de", "neun Monate", 39),
        ("Spanisch in einem halben Jahr lernen", "de", "ein halbes Jahr", 26),
        ("Binnen anderthalb Jahren ein Buch schreiben", "de", "anderthalb Jahre", 78),
        ("In fünfundzwanzig Wochen fit werden", "de", "fünfundzwanzig Wochen", 25),
        ("Innerhalb von 2 Jahren umziehen", "de", "2 Jahre", 104),
        ("In einem Jahr umziehen", "de", "ein Jahr", 52),
    ],
)
def test_a_horizon_is_a_stretch_of_time(goal: str, language: str, span: str, weeks: float):
    default = "9 Monate" if language == "de" else "9 months"
    found = told(goal, Slot("horizon", default, "horizon"), language)
    assert found == span
    assert weeks_in(found, language) == pytest.approx(weeks)


@pytest.mark.parametrize(
    "goal",
    ["Learn Spanish by June", "Run 9 months", "Learn Spanish", "Run in May", "In Months"],
)
def test_what_is_no_stretch_of_time_leaves_the_default(goal: str):
    assert told(goal, HORIZON, "en") == ""
    assert values_of(goal, (HORIZON,), "en")["horizon"] == "9 months"


@pytest.mark.parametrize(
    ("goal", "slot", "language", "value"),
    [
        ("Run a marathon in under four hours", TARGET, "en", "four hours"),
        ("Run a marathon under 3:30", TARGET, "en", "3:30"),
        ("Run a half marathon in 1:45", TARGET, "en", "1:45"),
        ("Run a sub-4 marathon", TARGET, "en", "4 hours"),
        ("Run 10k in less than 50 minutes", TARGET, "en", "50 minutes"),
        ("Run a marathon in 20 weeks", TARGET, "en", ""),
        ("Train for a half marathon", TARGET, "en", ""),
        ("Einen Marathon unter vier Stunden laufen", TARGET, "de", "vier Stunden"),
        ("Organise a wedding for 120 guests", GUESTS, "en", "120 guests"),
        ("Organise a wedding for up to 80 people", GUESTS, "en", "80 people"),
        ("Plan a wedding with eighty invited guests", GUESTS, "en", "eighty invited guests"),
        ("Plan a wedding for 80", GUESTS, "en", "80 guests"),
        ("Plan an 80-person wedding", GUESTS, "en", "80 guests"),
        ("Plan a wedding for under 2 000 euros", GUESTS, "en", ""),
        ("Plan a wedding for 9 months", GUESTS, "en", ""),
        ("Plan a party for my 40th birthday", GUESTS, "en", ""),
        (
            "Eine Hochzeit mit 80 Gästen planen",
            Slot("guests", "hundert Gäste", "limit"),
            "de",
            "80 Gäste",
        ),
        (
            "Eine Hochzeit mit achtzig Gästen planen",
            Slot("guests", "hundert Gästen", "limit"),
            "de",
            "achtzig Gästen",
        ),
        (
            "Buy a bike for 2 000 euros",
            Slot("money", "500 euros", "limit"),
            "en",
            "2 000 euros",
        ),
        ("Buy a bike for under €1,500", Slot("money", "500 euros", "limit"), "en", "€1,500"),
    ],
)
def test_a_limit_is_a_number_with_what_it_counts(
    goal: str, slot: Slot, language: str, value: str
):
    """Of the kind that the default counts: money is no number of guests."""
    assert told(goal, slot, language) == value


LANGUAGE = Slot("language", "Spanish", lead=("learn to speak", "learn", "improve"))
HOME = Slot("home", "the home", lead=("move into", "move", "relocate"))
SKILL = Slot("skill", "the skill", lead=("learn", "master"))


@pytest.mark.parametrize(
    ("goal", "slot", "value"),
    [
        ("Learn Spanish to B1 in 9 months", LANGUAGE, "Spanish"),
        ("learn spanish", LANGUAGE, "Spanish"),
        ("Improve my French for work", LANGUAGE, "French"),
        ("Learn the Basque language", LANGUAGE, "Basque language"),
        ("Learn to speak Italian", LANGUAGE, "Italian"),
        ("Learn the guitar", SKILL, "the guitar"),
        ("Learn to play the guitar", SKILL, "the guitar"),
        ("Learn to play chess", SKILL, "chess"),
        ("Learn to swim", SKILL, "swimming"),
        ("Brush up my rusty German", Slot("l", "the language", lead=("brush up",)), "German"),
        ("Find a job as a nurse", Slot("role", "the role", lead=("find",)), "the nurse"),
        (
            "Write a tale of a fox",
            Slot("work", "the tale", lead=("write",)),
            "the tale of a fox",
        ),
        (
            "Write a memoir about life on a barge",
            Slot("work", "the book", lead=("write",)),
            "the memoir about life on a barge",
        ),
        ("Learn how to cook Thai food", SKILL, "cooking Thai food"),
        ("Learn to drive a car", SKILL, "driving a car"),
        ("Learn drawing", SKILL, "drawing"),
        ("Learn photography from scratch", SKILL, "photography"),
        ("I want to learn pottery by Christmas", SKILL, "pottery"),
        ("Learn a craft with my son", SKILL, "the craft"),
        ("Learn a craft for 3 months", SKILL, "the craft"),
        ("Learn everything", SKILL, ""),
        ("Move our family of four from a flat into a house", HOME, "the house"),
        ("Relocate my family to a smaller flat", HOME, "the smaller flat"),
        ("Move the family flat", HOME, "the family flat"),
        ("Teach swimming", SKILL, ""),
        (
            "Learn a language",
            Slot("s", "tongue", article=True, lead=("learn",)),
            "the language",
        ),
        ("Learn a language", Slot("s", "the x", article=False, lead=("learn",)), "language"),
    ],
)
def test_a_phrase_reads_well_in_a_sentence(goal: str, slot: Slot, value: str):
    """With an article if the default has one, and what is done as a noun."""
    assert told(goal, slot, "en") == value


@pytest.mark.parametrize(
    ("goal", "value"),
    [
        ("Meinen ersten Marathon laufen", "erster Marathon"),
        ("Bis zum Sommer einen Halbmarathon laufen", "Halbmarathon"),
        ("Ich möchte einen Marathon in Berlin laufen", "Marathon"),
        ("Marathon laufen", "Marathon"),
        ("Einen Marathon für den guten Zweck laufen", "Marathon für den guten Zweck"),
    ],
)
def test_a_german_phrase_stands_without_its_article(goal: str, value: str):
    assert told(goal, Slot("event", "Lauf", lead=("laufen",)), "de") == value


def test_values_stay_short_and_on_one_line():
    """So that the titles they stand in stay titles."""
    values = values_of(f"Learn {'very ' * 60}\nold Spanish", (LANGUAGE,), "en")
    assert max(map(len, values.values())) <= 80
    assert "\n" not in values["goal"]


def test_a_goal_without_its_verb_may_say_what_it_is_about():
    """As the matching found it."""
    assert values_of("Spanish B1", (LANGUAGE,), "en", "Spanish")["language"] == "Spanish"
    assert choices_of((LEVEL, LANGUAGE)) == {"a1", "a2", "b1", "b2", "c1", "c2"}


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("2,500", "en", 2500),
        ("two hundred and fifty", "en", 250),
        ("twenty-five", "en", 25),
        ("a dozen", "en", 12),
        ("three thousand two hundred", "en", 3200),
        ("zweihundertfünfzig", "de", 250),
        ("3,5", "de", 3.5),
        ("some", "en", None),
        ("einige", "de", None),
    ],
)
def test_numbers_are_read_as_digits_and_words(text: str, language: str, number: float | None):
    assert number_of(text, language) == number


def test_what_is_no_time_has_no_weeks():
    assert weeks_of("four hours", "en") is None
    assert weeks_of("many months", "en") is None
    assert weeks_in("soon", "en") is None


@pytest.mark.parametrize(
    ("goal", "language", "words"),
    [
        ("I'd like to run a marathon by next spring", "en", "run a marathon"),
        ("My goal for 2027 is to learn Spanish", "en", "learn Spanish"),
        ("How do I learn Spanish in 3 months?", "en", "learn Spanish"),
        ("Finally learn Spanish from scratch", "en", "learn Spanish"),
        ("Ich möchte endlich bis Juni Spanisch lernen", "de", "Spanisch lernen"),
        ("Mein Ziel ist es, Spanisch zu lernen", "de", "Spanisch zu lernen"),
    ],
)
def test_a_goal_is_read_without_what_people_write_around_it(
    goal: str, language: str, words: str
):
    assert plain(goal, language) == words


@pytest.mark.parametrize(
    ("goal", "leads", "language", "found"),
    [
        ("Run a marathon", ("run",), "en", ("run", "a marathon")),
        ("Train for and run a marathon", ("run",), "en", ("run", "a marathon")),
        ("Running a marathon", ("run",), "en", ("run", "a marathon")),
        ("Renovation of the kitchen", ("renovate",), "en", ("renovate", "the kitchen")),
        ("Watch people run a marathon", ("run",), "en", None),
        ("Run", ("run",), "en", None),
        ("Einen Marathon laufen", ("laufen",), "de", ("laufen", "Einen Marathon")),
        ("Lauf einen Marathon", ("laufen",), "de", ("laufen", "einen Marathon")),
        ("Wir planen eine Hochzeit", ("planen",), "de", ("planen", "eine Hochzeit")),
        ("Planung einer Hochzeit", ("planen",), "de", ("planen", "einer Hochzeit")),
        ("In eine Wohnung umzuziehen", ("umziehen",), "de", ("umziehen", "eine Wohnung")),
        ("Ein Haus kaufen und renovieren", ("renovieren",), "de", ("renovieren", "Ein Haus")),
        ("Ein Haus verkaufen und nach Rom ziehen", ("ziehen",), "de", None),
        ("Ein Buch über das Laufen schreiben", ("laufen",), "de", None),
    ],
)
def test_the_verb_of_a_goal_is_found_with_its_object(
    goal: str, leads: tuple[str, ...], language: str, found: tuple[str, str] | None
):
    assert clause(goal, leads, language) == found


def test_heads_are_what_a_phrase_is_about():
    assert heads("the mobile app for beekeepers", "en") == [["mobile", "app"]]
    assert heads("from MySQL to PostgreSQL", "en") == [["mysql"], ["postgresql"]]
    assert heads("reading a novel", "en") == []
    assert heads("about bees", "en") == []
    assert parts("B2 in Italian", "en", frozenset({"b2"})) == [["italian"]]
    assert nouns("My new kitchen by June", "en") == ["new", "kitchen"]


def test_a_verb_brings_those_along_that_mean_the_same():
    """If it is the first of its group, or two of the group are named."""
    assert "draft" in with_kin(("write",))
    assert with_kin(("complete",)) == ("complete",)
    assert "draft" in with_kin(("complete", "finish writing"))


def test_nouns_are_made_from_verbs():
    assert [gerund(verb) for verb in ("run", "lie", "write", "see", "begin", "cook")] == (
        ["running", "lying", "writing", "seeing", "beginning", "cooking"]
    )
    assert is_noun_of("Migration", "migrate")
    assert is_noun_of("Planung", "planen")
    assert not is_noun_of("Plan", "planen")
    assert not is_noun_of("learning", "learn to speak")
