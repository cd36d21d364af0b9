"""Which playbook a goal gets: in doubt the general one, for a wrong one is worse."""

from __future__ import annotations

import asyncio

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
from stellwerk_playbooks.matching import match
from stellwerk_playbooks.playbook import GENERAL, shelf
from stellwerk_playbooks.provider import PlaybookProvider
from tests.exchange.hostile import TITLES
from tests.planning.drafts import births
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
    ("Start a bakery", "en", GENERAL, None),
    ("Launch a rocket", "en", GENERAL, None),
    ("Run a marathon", "en", GENERAL, None),
    ("Learn Spanish to B1 in 9 months", "en", GENERAL, None),
    ("Create a garden", "en", GENERAL, None),
    ("Develop a habit of reading", "en", GENERAL, None),
    ("Publish an album", "en", GENERAL, None),
    ("Ein Haus bauen", "de", GENERAL, None),
    ("Ein Gartenhaus bauen", "de", GENERAL, None),
    ("Einen Treppenlift bauen", "de", GENERAL, None),
    ("Eine Bäckerei eröffnen", "de", GENERAL, None),
    ("Eine Kette von Bäckereien starten", "de", GENERAL, None),
    ("Spanisch lernen", "de", GENERAL, None),
    # Software is about, not what is made; or it is made something else with.
    ("Launch a webinar about software", "en", GENERAL, None),
    ("Write an app review", "en", GENERAL, None),
    ("Publish a book about apps", "en", GENERAL, None),
    ("Start a podcast about startups", "en", GENERAL, None),
    ("Start learning software development", "en", GENERAL, None),
    ("Create a software engineering course", "en", GENERAL, None),
    ("Build a startup community", "en", GENERAL, None),
    ("Build a team that ships software", "en", GENERAL, None),
    ("Build a landing page for my app", "en", GENERAL, None),
    ("Launch the app store page", "en", GENERAL, None),
    ("Organise a software conference", "en", GENERAL, None),
    ("Migrate our software to the cloud", "en", GENERAL, None),
    ("Buy a software licence", "en", GENERAL, None),
    ("Launch a product", "en", GENERAL, None),
    ("Launch WhatsApp", "en", GENERAL, None),
    ("Ein Webinar über Software starten", "de", GENERAL, None),
    ("Eine Rezension über eine App schreiben", "de", GENERAL, None),
    ("App-Entwicklung lernen", "de", GENERAL, None),
    ("App löschen", "de", GENERAL, None),
    ("Software kaufen", "de", GENERAL, None),
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
def test_a_playbook_is_taken_for_its_own_examples(playbook: object):
    """In its own language."""
    for example in playbook.examples:
        found = match(example, playbook.language, SHELF)
        assert found
        assert found.playbook == playbook


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
    """Whatever somebody types, it is text and never part of the plan's form."""
    wish = wish_of(f"{start}a {words}")
    made = asyncio.run(
        plan_goal(wish, Panel((PlaybookProvider(ProviderOptions()),)), births())
    )
    goal = made.composition.plan.goal
    assert goal.title == wish.title == one_line(wish.title)
    assert 6 <= len(made.composition.plan.routes) <= 8
    assert all(finding.severity is Severity.INFO for finding in made.findings)
