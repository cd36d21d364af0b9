"""Earlier goals that are like a new one: which are told of, and which may be reused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.goal import Goal
from stellwerk.errors import ProviderError, StorageError
from stellwerk.planning.ports import StoredVector
from stellwerk.planning.similarity import words
from stellwerk.planning.similarity.gates import failed
from stellwerk.planning.similarity.numbers import Number, split
from stellwerk.planning.similarity.search import SAME, Candidate, Similar
from stellwerk.planning.similarity.vectors import (
    BUILTIN,
    DIMENSION,
    HashedEmbedder,
    UnkeptVectors,
    digest,
    nearness,
    packed,
    unpacked,
)
from stellwerk.planning.similarity.words import normalised, stem, tokens
from stellwerk.planning.wish import Wish
from stellwerk.testing.memory_store import MemoryStore
from tests.domain.plans import NOW
from tests.strategies import MODEST

PAIRS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("similar_goals.toml").read_text("utf-8")
)["pair"]


class Shelf:
    """Keeps vectors in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, StoredVector]] = {}

    def vectors(self, embedder: str) -> Mapping[str, StoredVector]:
        """Return them."""
        return dict(self.kept.get(embedder, {}))

    def keep(self, embedder: str, vectors: Mapping[str, StoredVector]) -> None:
        """Keep them."""
        self.kept.setdefault(embedder, {}).update(vectors)


class Counting(HashedEmbedder):
    """Counts the texts it is given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Count, and make vectors."""
        self.texts += texts
        return super().embed(texts)


class Failing:
    """An embedder whose server is down."""

    id = "down"
    dimension = 3

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Fail."""
        raise ProviderError(f"Nobody embeds {len(texts)} texts.", "Start it.")


def goals(*titles: str, **fields: Any) -> MemoryStore:
    """Return a store of goals `goal-1`.. with these titles."""
    store = MemoryStore()
    for number, title in enumerate(titles, 1):
        store.create(Goal(f"uid-{number}", f"goal-{number}", title, NOW, **fields))
    return store


def best(wish: Wish, store: MemoryStore) -> Candidate:
    """Return the nearest goal."""
    return Similar(store, Shelf()).nearest(wish)[0]


def reusable(one: str, other: str) -> bool:
    """Whether the plan of one goal may stand in for that of another."""
    mine, theirs = map(packed, HashedEmbedder().embed([one, other]))
    return not failed(one, other) and nearness(mine, {"": theirs})[""] >= SAME


def test_the_labelled_pairs_are_told_apart():
    """Not one wrong reuse, and most of the same goals found, held-out pairs among them."""
    assert len(PAIRS) >= 60
    taken = [pair for pair in PAIRS if reusable(pair["one"], pair["other"])]
    assert [pair for pair in taken if not pair["same"]] == []
    assert len(taken) / sum(pair["same"] for pair in PAIRS) > 0.65
    held = [pair for pair in PAIRS if pair.get("held") and pair["same"]]
    assert sum(pair in taken for pair in held) / len(held) >= 0.5


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['one']} - {pair['other']}")
def test_it_is_the_same_which_of_two_goals_came_first(pair: dict[str, Any]):
    one, other = pair["one"], pair["other"]
    assert [g.name for g in failed(one, other)] == [g.name for g in failed(other, one)]


@pytest.mark.parametrize(
    ("one", "other", "gate", "reason"),
    [
        ("Run 5 km", "Run 10 km", "numbers", "the numbers differ: 5 km, not 10 km"),
        ("Run 5 km", "Run 5 miles", "numbers", "the numbers differ: 5 km, not 5 mile"),
        ("Run far", "Run 5 km", "numbers", "the numbers differ: none, not 5 km"),
        ("Learn Go to B1", "Learn Go to B2", "numbers", "the numbers differ: b1, not b2"),
        ("Bake with sugar", "Bake without sugar", "negations", "only the earlier one says no"),
        ("Don't move", "Move", "negations", "only the new one says no"),
        ("Hire a cook", "Fire a cook", "opposites", "it says hire, not fire"),
        ("Fly from Rome to Bonn", "Fly from Bonn to Rome", "roles", "plays another part"),
        (
            "Write a book and read a paper",
            "Read a book and write a paper",
            "roles",
            "together",
        ),
        ("Learn Thai", "Learn Lao", "words", "it says thai, not lao"),
        ("Learn Thai", "Learn Thai fast", "words", "the earlier one also says fast"),
        ("Learn Thai fast", "Learn Thai", "words", "the earlier one says nothing of fast"),
        ("The", "Of", "words", "does not say what it is about"),
    ],
)
def test_each_gate_says_what_differs(one: str, other: str, gate: str, reason: str):
    found = {each.name: each.reason for each in failed(one, other)}
    assert reason in found[gate]


@MODEST
@given(st.text(max_size=200))
def test_any_text_is_the_same_as_itself(text: str):
    assert failed(text, f"  {text}  ") == ()
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4h and 30 min", (Number("4", "hour"), Number("30", "minute"))),
        ("four hours", (Number("4", "hour"),)),
        ("€8,000 or 8.000 Euro", (Number("8000", "euro"), Number("8000", "euro"))),
        ("10k users, 2 million views", (Number("10000"), Number("2000000"))),
        ("4,5 kg", (Number("4.5", "kg"),)),
        ("level B1, iPhone 15", (Number("b1"), Number("15"))),
        ("30% in zwei Jahren", (Number("30", "percent"), Number("2", "year"))),
        ("version 1.2.3", (Number("1.2.3"),)),
        ("nothing", ()),
    ],
)
def test_numbers_are_read_with_what_they_count(text: str, numbers: tuple[Number, ...]):
    assert split(tokens(text)).numbers == numbers


def test_every_word_is_in_one_class():
    """Else the last class would win, and the first lose a word."""
    seen = [word for entry in words._table(words._SAME) for word in set(entry)]
    assert len(seen) == len(set(seen))


def test_words_lose_their_endings_and_stay_words():
    assert stem("marathons") == stem("marathon")
    assert stem("running") == stem("run")
    assert stem("cities") == stem("city")
    assert stem("bus") == "bus"
    assert stem("c++") == "c++"


@MODEST
@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_built_in_vectors_are_always_of_one_kind(texts: list[str]):
    """Of one length, and the same again: no hash of Python's own is in them."""
    for text, vector in zip(texts, HashedEmbedder().embed(texts), strict=True):
        assert len(vector) == DIMENSION
        assert HashedEmbedder().embed([text])[0] == vector
        norm = sum(each * each for each in vector)
        assert norm == pytest.approx(1.0) or norm == 0.0


def test_a_vector_comes_back_as_it_was_kept():
    raw = packed([3.0, 4.0])
    assert [*unpacked(raw)] == pytest.approx([0.6, 0.8])
    assert raw == bytes.fromhex("9a99193fcdcc4c3f")
    assert packed([0.0, 0.0]) == bytes(8)


def test_vectors_of_another_length_or_without_sense_are_not_near():
    one = packed([1.0, 0.0])
    odd = {"long": packed([1.0, 0.0, 0.0]), "nan": b"\xff\xff\xff\x7f" * 2, "same": one}
    assert nearness(one, odd) == {"long": 0.0, "nan": 0.0, "same": 1.0}


def test_the_same_goal_comes_first_with_one():
    store = goals("Learn Swedish", "learn  spanish.", "Learn Spanish today")
    found = Similar(store, Shelf()).nearest(Wish("Learn Spanish"))
    assert (found[0].goal.slug, found[0].score, found[0].reusable) == ("goal-2", 1.0, True)
    assert all(not each.reusable for each in found[1:])


def test_what_was_told_besides_and_the_language_count():
    store = goals("Learn Spanish", description="I live in Lima.")
    said = [gate.name for gate in best(Wish("Learn Spanish", "I live in Rome."), store).failed]
    assert said == ["details"]
    assert best(Wish("Learn Spanish", "i live in lima"), store).failed == ()
    other = best(Wish("Learn Spanish", language="de"), store).failed
    assert [gate.name for gate in other] == ["language"]


def test_deleted_goals_are_not_found():
    assert Similar(goals("Learn Spanish", deleted=True), Shelf()).nearest(Wish("x")) == ()
    assert Similar(MemoryStore(), Shelf()).nearest(Wish("x")) == ()


def test_a_vector_is_made_once_and_again_when_the_title_changes():
    store, shelf = goals("Learn Spanish", "Run a marathon"), Shelf()
    first, second = Counting(), Counting()
    Similar(store, shelf, first).nearest(Wish("x"))
    assert first.texts == ["x", "Learn Spanish", "Run a marathon"]
    old = shelf.kept[BUILTIN]["uid-1"]
    shelf.kept[BUILTIN]["uid-1"] = replace_digest(old)
    Similar(store, shelf, second).nearest(Wish("x"))
    assert second.texts == ["x", "Learn Spanish"]
    assert shelf.kept[BUILTIN]["uid-1"].digest == digest("Learn Spanish")


def replace_digest(old: StoredVector) -> StoredVector:
    """Return a vector as if it were of another text."""
    return old._replace(digest="0" * 16)


def test_vectors_of_another_length_are_made_anew():
    store, shelf, counting = goals("Learn Spanish"), Shelf(), Counting()
    old = StoredVector(2, digest("Learn Spanish"), packed([1.0, 0.0]))
    shelf.keep(BUILTIN, {"uid-1": old})
    Similar(store, shelf, counting).nearest(Wish("x"))
    assert counting.texts == ["x", "Learn Spanish"]


def test_two_questions_about_one_wish_are_one_search():
    counting = Counting()
    similar = Similar(goals("Learn Spanish"), UnkeptVectors(), counting)
    assert similar.nearest(Wish("x")) == similar.nearest(Wish("x"))
    assert counting.texts == ["x", "Learn Spanish"]


def test_an_embedder_that_fails_is_stood_in_for_in_one_sentence():
    said: list[str] = []
    similar = Similar(goals("Learn Spanish"), Shelf(), Failing(), said.append)
    assert similar.nearest(Wish("Learn Spanish"))[0].reusable
    assert similar.builtin
    assert said == [
        "Earlier goals are compared by the built-in vectors: Nobody embeds 1 texts."
    ]


def test_vectors_that_cannot_be_kept_are_made_again_next_time():
    class Full(Shelf):
        def keep(self, embedder: str, vectors: Mapping[str, StoredVector]) -> None:
            raise StorageError("The disk is full.")

    assert Similar(goals("Learn Spanish"), Full()).nearest(Wish("Learn Spanish"))


def test_what_is_only_looked_at_is_not_kept():
    shelf = Shelf()
    Similar(goals("Learn Spanish"), shelf, keep=False).nearest(Wish("x"))
    assert shelf.kept == {}


def test_far_goals_are_not_worth_saying():
    far = best(Wish("Learn Spanish"), goals("Renovate the kitchen"))
    assert not far.worth_saying
    assert not best(Wish("Learn to swim"), goals("Learn to draw")).worth_saying
    near = best(Wish("Run a marathon under 4 hours"), goals("Run a marathon under 3 hours"))
    assert near.worth_saying
    assert not near.reusable


def test_candidates_differ_in_more_than_their_score():
    """A goal is a value: the same goal with another gate is another candidate."""
    one = best(Wish("Learn Spanish"), goals("Learn Spanish"))
    assert one != one._replace(goal=replace(one.goal, title="Other"))
