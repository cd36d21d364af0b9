"""Which playbook a goal gets: in doubt the general one, for a wrong one is worse."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stellwerk.domain.text import one_line
from stellwerk.errors import NotFoundError, ProviderError
from stellwerk.planning.asking import Panel
from stellwerk.planning.models import ModelRequest
from stellwerk.planning.pipeline import plan_goal
from stellwerk.planning.wish import wish_of
from stellwerk.plugins.api import ProviderOptions
from stellwerk.validation.findings import Severity
from stellwerk_playbooks.errands import is_errand
from stellwerk_playbooks.front_matter import Front, Way
from stellwerk_playbooks.matching import fit, match
from stellwerk_playbooks.playbook import GENERAL, Playbook, shelf
from stellwerk_playbooks.provider import PlaybookProvider
from stellwerk_playbooks.slots import Slot
from tests.exchange.hostile import TITLES
from tests.planning.drafts import births
from tests.playbooks.doubles import described, playbook_text, shelved
from tests.strategies import MODEST

SHELF = shelf()
SOFTWARE = "launch-a-software-product"
TABLE = (
    # What the software playbook is for, with what its slot is filled with.
    ("Launch a SaaS product", "en", SOFTWARE, "the SaaS product"),
    ("LAUNCH A SAAS PRODUCT", "en", SOFTWARE, "the SAAS PRODUCT"),
    ("Launch my SaaS", "en", SOFTWARE, "my SaaS"),
    ("Launch SaaS 2.0", "en", SOFTWARE, "SaaS 2.0"),
    ("Launch a SaaS, fast", "en", SOFTWARE, "the SaaS"),
    ("Build a mobile app for beekeepers", "en", SOFTWARE, "the mobile app for beekeepers"),
    ("Build an app called Foo", "en", SOFTWARE, "the app called Foo"),
    ("Build the app, then sell it", "en", SOFTWARE, "the app"),
    ("Create apps", "en", SOFTWARE, "the apps"),
    ("Ship my bookkeeping app", "en", SOFTWARE, "my bookkeeping app"),
    ("Build an AI-powered app", "en", SOFTWARE, "the AI-powered app"),
    ("I want to launch a web app for teachers", "en", SOFTWARE, "the web app for teachers"),
    ("Launch an online service by June", "en", SOFTWARE, "the online service"),
    ("Start a startup in Berlin", "en", SOFTWARE, "the startup"),
    ("Start a software company", "en", SOFTWARE, "the software company"),
    (
        "Develop software for hospitals in 9 months",
        "en",
        SOFTWARE,
        "the software for hospitals",
    ),
    ("Release a paid desktop tool within 6 months", "en", SOFTWARE, "the paid desktop tool"),
    (
        "Create a browser extension that blocks ads",
        "en",
        SOFTWARE,
        "the browser extension that blocks ads",
    ),
    ("Ein SaaS-Produkt starten", "de", SOFTWARE, "SaaS-Produkt"),
    ("Eine App für Imker entwickeln", "de", SOFTWARE, "App für Imker"),
    ("Buchhaltungs-App veröffentlichen", "de", SOFTWARE, "Buchhaltungs-App"),
    ("Eine Buchhaltungssoftware entwickeln", "de", SOFTWARE, "Buchhaltungssoftware"),
    ("Meine App veröffentlichen", "de", SOFTWARE, "App"),
    ("Ich möchte eine App entwickeln", "de", SOFTWARE, "App"),
    ("Bis Juni eine App für Läufer bauen", "de", SOFTWARE, "App für Läufer"),
    ("In einem Jahr eine App für die Nachbarn bauen", "de", SOFTWARE, "App für die Nachbarn"),
    ("Bis Juni die App der Firma starten", "de", SOFTWARE, "App der Firma"),
    ("Die Software unserer Firma veröffentlichen", "de", SOFTWARE, "Software unserer Firma"),
    ("Webanwendung entwickeln", "de", SOFTWARE, "Webanwendung"),
    # Nothing to do with software.
    ("Build a house", "en", GENERAL, None),
    ("Build a shed", "en", GENERAL, None),
    ("Build an apple orchard", "en", GENERAL, None),
    ("Launch a rocket", "en", GENERAL, None),
    ("Create a garden", "en", GENERAL, None),
    ("Develop a habit of reading", "en", GENERAL, None),
    ("Publish an album", "en", GENERAL, None),
    ("Ein Haus bauen", "de", GENERAL, None),
    ("Ein Gartenhaus bauen", "de", GENERAL, None),
    ("Einen Treppenlift bauen", "de", GENERAL, None),
    ("Eine Kette von Bäckereien starten", "de", GENERAL, None),
    # Software is about, not what is made; or it is made something else with.
    ("Launch a webinar about software", "en", GENERAL, None),
    ("Write an app review", "en", GENERAL, None),
    ("Publish a book about apps", "en", GENERAL, None),
    ("Start a podcast about startups", "en", GENERAL, None),
    ("Create a software engineering course", "en", GENERAL, None),
    ("Build a startup community", "en", GENERAL, None),
    ("Build a team that ships software", "en", GENERAL, None),
    ("Build a landing page for my app", "en", GENERAL, None),
    ("Launch the app store page", "en", GENERAL, None),
    ("Organise a software conference", "en", "organise-an-event", None),
    ("Buy a software licence", "en", "small", None),
    ("Launch a product", "en", GENERAL, None),
    ("Launch WhatsApp", "en", GENERAL, None),
    ("Ein Webinar über Software starten", "de", GENERAL, None),
    ("Eine Rezension über eine App schreiben", "de", GENERAL, None),
    ("App löschen", "de", GENERAL, None),
    ("Software kaufen", "de", "small", None),
    ("Eine Softwarefirma verkaufen", "de", GENERAL, None),
)


@pytest.mark.parametrize(
    ("goal", "language", "name", "product"), TABLE, ids=[t[0] for t in TABLE]
)
def test_a_goal_gets_its_playbook(goal: str, language: str, name: str, product: str | None):
    """With the slot filled by the words that belong to its verb."""
    wish = wish_of(goal)
    assert wish.language == language
    found = match(wish.title, wish.language, SHELF)
    assert found
    assert (found.playbook.id, found.values.get("product")) == (name, product)
    assert found.values["goal"] == goal


@pytest.mark.parametrize("playbook", SHELF, ids=lambda p: f"{p.id}.{p.language}")
def test_a_playbook_is_taken_for_its_own_examples(playbook: Playbook):
    """In its own language."""
    for example in playbook.examples:
        found = match(example, playbook.language, SHELF)
        assert found
        assert found.playbook == playbook


RACE, LANGUAGE, EVENT = "run-a-race-or-get-fit", "learn-a-language", "organise-an-event"
WRITING, JOB, HOME = (
    "write-a-thesis-or-book",
    "find-a-job-or-change-career",
    "move-or-renovate",
)
MIGRATION, BUSINESS = "migrate-a-system", "start-a-local-business"
TRAPS = (
    ("Run a marathon in under four hours", "en", RACE),
    ("Train for and run a half marathon", "en", RACE),
    ("Sub-4 marathon", "en", RACE),
    ("Run a marketing campaign", "en", GENERAL),
    ("Run a film marathon", "en", GENERAL),
    ("Run for mayor", "en", GENERAL),
    ("Watch a marathon", "en", GENERAL),
    ("Write about my marathon", "en", GENERAL),
    ("Launch a podcast for people who run marathons", "en", GENERAL),
    ("learn spanish", "en", LANGUAGE),
    ("Reach B2 in Italian", "en", LANGUAGE),
    ("B1 Spanish in 9 months", "en", LANGUAGE),
    ("Start learning Korean", "en", LANGUAGE),
    ("Learn from my mistakes", "en", GENERAL),
    ("Learn Spanish history", "en", GENERAL),
    ("Teach English in Japan", "en", GENERAL),
    ("Translate my book into Spanish", "en", GENERAL),
    ("Write a children's book", "en", WRITING),
    ("Write a business plan", "en", GENERAL),
    ("Write a book review", "en", GENERAL),
    ("Write down a novel idea", "en", GENERAL),
    ("Finish reading a novel", "en", GENERAL),
    ("Read a novel", "en", GENERAL),
    ("Find a publisher", "en", GENERAL),
    ("Find a new job within six months", "en", JOB),
    ("Quit my job", "en", GENERAL),
    ("Get a paint job for my car", "en", GENERAL),
    ("Wedding with 80 guests", "en", EVENT),
    ("Wedding planning", "en", EVENT),
    ("Host a conference for up to 300 people in Berlin", "en", EVENT),
    ("Cancel the wedding", "en", GENERAL),
    ("Plan a wedding cake", "en", GENERAL),
    ("Start an event company", "en", GENERAL),
    ("Speak at a conference", "en", GENERAL),
    ("Kitchen renovation", "en", HOME),
    ("Move into a bigger apartment", "en", HOME),
    ("Move to a new CRM", "en", MIGRATION),
    ("Move the piano to the new flat", "en", GENERAL),
    ("Move on after a breakup", "en", GENERAL),
    ("Build a bird house", "en", GENERAL),
    ("Open a café in Leipzig", "en", BUSINESS),
    ("Open an online shop", "en", GENERAL),
    ("Set up a wedding website", "en", GENERAL),
    ("Pick up Spanish lessons for the kids", "en", GENERAL),
    ("Read book on bees", "en", GENERAL),
    ("Complete my novel collection", "en", GENERAL),
    ("Draft a cookbook", "en", WRITING),
    ("Get fit again after a long winter", "en", RACE),
    ("Spanish in 6 months", "en", LANGUAGE),
    ("Dissertation on coral reefs", "en", WRITING),
    ("Italienisch sprechen und verstehen lernen", "de", LANGUAGE),
    ("In 9 Monaten Spanisch bis B1 lernen", "de", LANGUAGE),
    ("Lerne Französisch", "de", LANGUAGE),
    ("Französisch sprechen lernen", "de", LANGUAGE),
    ("Aus meinen Fehlern lernen", "de", GENERAL),
    ("Einen Marathon unter vier Stunden laufen", "de", RACE),
    ("Einen Filmmarathon organisieren", "de", GENERAL),
    ("Eine Hochzeit mit 80 Gästen planen", "de", GENERAL),
    ("Hochzeitsplanung", "de", GENERAL),
    ("Eine Hochzeitstorte backen", "de", GENERAL),
    ("Die Küche renovieren", "de", GENERAL),
    ("Ein Haus verkaufen und nach Rom ziehen", "de", GENERAL),
)


@pytest.mark.parametrize(("goal", "language", "name"), TRAPS, ids=[t[0] for t in TRAPS])
def test_verb_and_noun_decide_together(goal: str, language: str, name: str):
    """Neither a verb alone nor a noun alone makes a goal one of a kind."""
    large = tuple(playbook for playbook in SHELF if playbook.size != "small")
    found = match(goal, language, large)
    assert found
    assert found.playbook.id == name


def a_playbook(name: str, lead: str, keyword: str, path: str = "a.en.md") -> Playbook:
    """Return a playbook for one verb with one noun."""
    slots = (Slot("thing", "the thing", lead=(lead,)),)
    return described(Front(name, "en", 1, (keyword,), (), "standard", slots, None), Path(path))


def test_between_two_that_fit_equally_well_none_is_taken():
    """Unless one of them is the user's own."""
    general = next(p for p in SHELF if (p.id, p.language) == (GENERAL, "en"))
    ours = str(general.path.with_name("b.en.md"))
    one, two = (
        a_playbook("one", "bake", "bread", ours),
        a_playbook("two", "bake", "bread", ours),
    )
    found = match("Bake some bread", "en", (general, one, two))
    assert found
    assert found.playbook.id == GENERAL
    mine = a_playbook("mine", "bake", "bread", "/home/ada/mine.en.md")
    found = match("Bake some bread", "en", (general, one, mine))
    assert found
    assert (found.playbook.id, found.why) == ("mine", "“bake” and “bread”")


def test_the_longer_keyword_wins():
    one, two = a_playbook("one", "bake", "bread"), a_playbook("two", "bake", "rye bread")
    assert fit("Bake a rye bread", two).score > fit("Bake a rye bread", one).score > 0
    assert fit("Buy a rye bread", two).score == 0


WAYS = (
    ("Become a train driver", JOB, "role", "the train driver"),
    (
        "Leave teaching and get hired as a technical writer",
        JOB,
        "role",
        "the technical writer",
    ),
    ("Become a better manager", GENERAL, "", ""),
    ("Get back in shape after the baby", RACE, "event", "the race"),
    ("Get my finances in shape", GENERAL, "", ""),
    ("Pass the DELE B2 exam", LANGUAGE, "level", "B2"),
    ("Pass the bar exam", GENERAL, "", ""),
    ("Take up woodturning", "learn-a-skill", "skill", "woodturning"),
    ("Learn to say no", GENERAL, "", ""),
    ("Get us off Oracle and onto Postgres", MIGRATION, "system", "Oracle"),
    ("Transfer the records from MongoDB to DynamoDB", MIGRATION, "", ""),
    ("Transfer to another university", GENERAL, "", ""),
    ("Turn my lecture notes into a textbook", WRITING, "work", "the textbook"),
    ("Turn our garden into a meadow", GENERAL, "", ""),
    ("Move out of my parents' place", HOME, "", ""),
    ("Move up in the company", GENERAL, "", ""),
    ("A bakery of our own", BUSINESS, "business", "the bakery"),
    ("Hotel in Rome", GENERAL, "", ""),
    ("Ironman Kalmar in less than 12 hours", RACE, "event", "Ironman Kalmar"),
    ("VS Code extension for reviewing SQL", SOFTWARE, "", ""),
    ("Get my thesis printed and bound", "small", "", ""),
    ("Get a job done", GENERAL, "", ""),
    ("Haircut before the interview", "small", "", ""),
    ("Plan a dinner for six", "small", "", ""),
)


@pytest.mark.parametrize(("goal", "name", "slot", "value"), WAYS, ids=[w[0] for w in WAYS])
def test_goals_are_said_in_other_ways_too(goal: str, name: str, slot: str, value: str):
    """Verbs with nouns of their own; the slot takes what they are about."""
    found = match(goal, "en", SHELF)
    assert found
    assert found.playbook.id == name
    assert found.values.get(slot, "") == value


def test_a_way_of_ones_own_is_verbs_with_nouns(tmp_path: Path):
    """Neither goes with those of the slot."""
    slots = (Slot("thing", "the thing", lead=("bake",)),)
    ways = (Way(("sew",), ("apron", "-case")),)
    front = Front("mine", "en", 1, ("bread",), (), "standard", slots, None, ways)
    mine = described(front, tmp_path / "mine.en.md")
    assert fit("Bake bread", mine).score > 0
    assert fit("Sew an apron", mine).why == "“sew” and “apron”"
    assert fit("Sew a pillowcase", mine).score > 0
    assert fit("Sew bread", mine).score == 0
    assert fit("Bake an apron", mine).score == 0


ERRANDS = (
    ("Buy a birthday present", "en"),
    ("Buy a birthday present for my sister", "en"),
    ("Book a dentist", "en"),
    ("Renew my passport", "en"),
    ("Get a haircut", "en"),
    ("Write a thank-you card", "en"),
    ("Zahnarzttermin machen", "de"),
    ("Termin beim Zahnarzt vereinbaren", "de"),
    ("Ein Geschenk für Anna kaufen", "de"),
    ("Winterreifen wechseln", "de"),
)
NO_ERRANDS = (
    ("Buy a house", "en"),
    ("Buy a company", "en"),
    ("Book a world tour", "en"),
    ("Return to work after a long illness", "en"),
    ("Write a novel", "en"),
    ("Get a haircut business going", "en"),
    ("Buy a boat within two years", "en"),
    ("Buy a present within three months", "en"),
    ("Grow tomatoes", "en"),
    ("Ein Haus kaufen", "de"),
    ("Eine Eigentumswohnung kaufen", "de"),
    ("Eine Softwarefirma verkaufen", "de"),
    ("Fortschritte machen", "de"),
)


@pytest.mark.parametrize(("goal", "language"), ERRANDS, ids=[e[0] for e in ERRANDS])
def test_an_errand_is_one(goal: str, language: str):
    assert is_errand(goal, language)


@pytest.mark.parametrize(("goal", "language"), NO_ERRANDS, ids=[e[0] for e in NO_ERRANDS])
def test_what_takes_months_is_no_errand(goal: str, language: str):
    assert not is_errand(goal, language)


def taken(goal: str, playbooks: tuple[Playbook, ...], size: str = "auto") -> str:
    """Return the id of the playbook that a goal gets."""
    found = match(goal, "en", playbooks, size)
    assert found
    return found.playbook.id


def test_an_errand_gets_the_small_playbook(tmp_path: Path):
    """Of itself, and everything else that is asked to be small; never what is to be larger."""
    large = tuple(p for p in SHELF if p.size != "small")
    shelved(tmp_path, "small.en.md", playbook_text())
    (small,) = (p for p in shelf((tmp_path,)) if (p.id, p.path.parent) == ("small", tmp_path))
    both = (*large, small)
    assert taken("Buy a birthday present", both) == "small"
    assert taken("Launch a SaaS product", both) == SOFTWARE
    assert taken("Launch a SaaS product", both, "small") == "small"
    assert taken("Buy a birthday present", both, "standard") == GENERAL
    assert taken("Buy a birthday present", both, "detailed") == GENERAL
    assert taken("Grow tomatoes", both, "small") == "small"
    assert taken("Buy a birthday present", large) == GENERAL
    assert taken("Launch a SaaS product", large, "small") == SOFTWARE


def test_a_small_playbook_of_its_own_kind_comes_before_the_small_one(tmp_path: Path):
    front = '[playbook]\nid = "gift"\nsize = "small"\nexamples = ["Buy a gift for Anna"]'
    shelved(tmp_path, "small.en.md", playbook_text())
    shelved(tmp_path, "gift.en.md", playbook_text(front))
    playbooks = shelf((tmp_path,))
    assert taken("Buy a gift for Anna", playbooks) == "gift"
    assert taken("Buy a gift for Anna", playbooks, "small") == "gift"
    assert taken("Buy a gift for Anna", playbooks, "standard") == GENERAL


def test_a_goal_is_matched_in_a_few_milliseconds():
    """With everything on the shelf; the first time words are learned."""
    match("Grow tomatoes", "en", SHELF)
    match("Jonglieren lernen", "de", SHELF)
    began = perf_counter()
    for number in range(20):
        match(f"Write {number} letters to the editor in 3 months", "en", SHELF)
        match(f"In 3 Monaten {number} Briefe schreiben", "de", SHELF)
    assert (perf_counter() - began) / 40 < 0.02


def test_a_language_without_playbooks_has_none():
    """The provider says so, and what to do."""
    assert match("Construire une maison", "fr", SHELF) is None
    wish = {"title": "Construire", "language": "fr"}
    with pytest.raises(ProviderError, match="No playbook is written in the language 'fr'"):
        ask("decompose", "Construire", wish)


def ask(stage: str, subject: str, wish: dict[str, str]) -> object:
    """Return what the provider answers to a stage."""
    request = ModelRequest(stage, subject, {"wish": wish}, {}, f"{stage}@1", list)
    return asyncio.run(PlaybookProvider(ProviderOptions()).complete(request)).data


def test_a_stage_that_no_playbook_answers_is_refused():
    """As the provider declares."""
    assert "review" not in PlaybookProvider.stages
    with pytest.raises(ProviderError, match="do not answer the stage review"):
        ask("review", "x", {"title": "x", "language": "en"})


def test_a_playbook_is_found_by_its_name():
    """And one that is not there is told with those there are."""
    provider = PlaybookProvider(ProviderOptions())
    assert provider.playbook(SOFTWARE, "de").language == "de"
    with pytest.raises(NotFoundError, match="no playbook 'bake'") as caught:
        provider.playbook("bake", "en")
    assert SOFTWARE in caught.value.hint
    with pytest.raises(NotFoundError, match="in 'fr'") as caught:
        provider.playbook(SOFTWARE, "fr")
    assert caught.value.hint == "It is there in de, en."


@settings(MODEST, max_examples=25)
@given(TITLES | st.text(max_size=200), st.sampled_from(("Launch the app ", "Eine App ", "")))
def test_any_goal_is_planned_offline(words: str, start: str):
    """Whatever somebody types, it is text and never part of the plan's form.

    If it looks like a placeholder ("TODO"), that may be said of the plan; nothing else.
    """
    wish = wish_of(f"{start}a {words}")
    made = asyncio.run(
        plan_goal(wish, Panel((PlaybookProvider(ProviderOptions()),)), births())
    )
    goal = made.composition.plan.goal
    assert goal.title == wish.title == one_line(wish.title)
    assert 6 <= len(made.composition.plan.routes) <= 8
    told = [f for f in made.verdict.findings if f.severity is not Severity.INFO]
    assert {finding.code for finding in told} <= {"SW303"}
