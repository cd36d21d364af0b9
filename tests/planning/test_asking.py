"""A question goes from model to model, and back with what was wrong, until its answer fits."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from stellwerk.errors import ProviderError
from stellwerk.planning.asking import Answered, Brake, Panel, Question
from stellwerk.planning.drafts import TasksDraft
from stellwerk.planning.events import CallRepaired, Event, FailedOver
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import ModelReply, ModelRequest
from stellwerk.planning.structured import Where
from stellwerk.testing.scripted_provider import ScriptedProvider
from tests.planning.drafts import tasks
from tests.planning.test_prompts import inputs

GOOD = json.dumps(tasks("r7"))
QUESTION = Question("tasks", TasksDraft, max_tokens=1000)


def teller(*answers: Any, name: str = "m1") -> ScriptedProvider:
    """Return a model that gives these answers one after the other."""
    left = list(answers)
    provider = ScriptedProvider(lambda _: left.pop(0), model=name)
    provider.name = name
    return provider


def ask(
    *models: ScriptedProvider, events: list[Event] | None = None, repairs: int = 2, **more: Any
) -> Answered[TasksDraft]:
    """Return what a panel answers."""
    heard: list[Event] = [] if events is None else events
    panel = Panel(tuple(models), max_repairs=repairs, emit=heard.append, **more)
    return asyncio.run(QUESTION.ask(panel, "r7", inputs(), Where("r7")))


def asked(model: ScriptedProvider) -> Sequence[ModelRequest]:
    """Return what a model was asked."""
    return model.requests


def test_a_good_answer_is_asked_for_once():
    """And says who gave it."""
    model = teller(GOOD)
    answered = ask(model)
    assert (answered.provider, answered.model) == ("m1", "m1")
    assert len(asked(model)) == 1


def test_an_answer_that_does_not_fit_is_sent_back_with_what_is_wrong():
    """The question first, the last answer, then the exact problems; nothing piles up."""
    model = teller("I think so.", '{"tasks": [{"key": "r7.1"}]}', GOOD)
    events: list[Event] = []
    assert ask(model, events=events).draft.tasks
    first, second, third = asked(model)
    assert (first.ask, second.ask, third.ask) == (0, 1, 2)
    sent = third.messages()
    assert sent[:2] == first.messages()
    assert [message["role"] for message in sent] == ["system", "user", "assistant", "user"]
    assert sent[2]["content"] == '{"tasks": [{"key": "r7.1"}]}'
    assert "/tasks/0/title" in sent[3]["content"]
    repairs = [event for event in events if isinstance(event, CallRepaired)]
    assert [event.again for event in repairs] == [True, True]
    assert "title" in repairs[1].problems[0]


def test_after_so_many_corrections_the_next_model_is_asked():
    """From the beginning, and the failover says why."""
    one, other = teller("no", "no", "no", name="m1"), teller(GOOD, name="m2")
    events: list[Event] = []
    answered = ask(one, other, events=events)
    assert answered.provider == "m2"
    assert len(asked(one)) == 3
    assert asked(other)[0].ask == 0
    (told,) = [event for event in events if isinstance(event, FailedOver)]
    assert (told.provider, told.to) == ("m1", "m2")
    assert "not JSON" in told.reason or "no JSON" in told.reason


@pytest.mark.parametrize(
    "failure",
    [
        ModelError(FailureKind.AUTH, "The key is refused."),
        ModelError(FailureKind.SERVER_ERROR, "It failed."),
        ModelError(FailureKind.CONTEXT_TOO_LONG, "Too long."),
        ProviderError("Out of order."),
    ],
)
def test_a_call_that_fails_goes_to_the_next_model(failure: ProviderError):
    """One that cannot be reached, or will not answer."""
    assert ask(teller(failure), teller(GOOD, name="m2")).provider == "m2"


@pytest.mark.parametrize(
    "kind", [FailureKind.BUDGET, FailureKind.DEADLINE, FailureKind.STOPPED]
)
def test_what_ends_the_run_goes_to_nobody_else(kind: FailureKind):
    """A budget is not spent on another model."""
    other = teller(GOOD, name="m2")
    with pytest.raises(ModelError) as caught:
        ask(teller(ModelError(kind, "Enough.")), other)
    assert caught.value.kind is kind
    assert not asked(other)


def test_a_refusal_is_not_argued_with():
    """Its words are shown, and the next model is asked."""
    one = teller(ModelReply(text="I will not.", model="m1", finish_reason="refusal"))
    events: list[Event] = []
    assert ask(one, teller(GOOD, name="m2"), events=events).provider == "m2"
    assert len(asked(one)) == 1
    assert any("I will not" in e.reason for e in events if isinstance(e, FailedOver))


def test_an_answer_that_is_cut_off_may_be_longer_once():
    """It is never repaired into half a plan."""
    cut = ModelReply(text=GOOD[:-5], model="m1", finish_reason="length")
    model = teller(cut, GOOD)
    assert ask(model).draft.tasks
    assert [request.max_tokens for request in asked(model)] == [1000, 2000]
    with pytest.raises(ModelError) as caught:
        ask(teller(cut, cut, cut))
    assert caught.value.kind is FailureKind.TRUNCATED


def test_what_a_check_finds_is_sent_back_too():
    """As if the answer did not fit."""
    model = teller(GOOD, GOOD)
    told = iter([["There is too little in it."], []])
    panel = Panel((model,))
    answered = asyncio.run(
        QUESTION.ask(panel, "r7", inputs(), Where("r7"), lambda _: next(told))
    )
    assert answered.draft.tasks
    assert "too little in it" in asked(model)[1].messages()[3]["content"]


def test_when_nobody_answers_each_says_why():
    """With the first one's hint."""
    with pytest.raises(ProviderError, match=r"m1: It is down\. m2: It is out\.") as caught:
        ask(
            teller(ProviderError("It is down.", "Start it."), name="m1"),
            teller(ProviderError("It is out.", "Wait."), name="m2"),
        )
    assert caught.value.hint == "Start it."


def test_a_stage_that_nobody_answers_is_named():
    """Playbooks do not review."""
    question = replace(QUESTION, stage="review")
    with pytest.raises(ProviderError, match="No provider answers the stage review"):
        asyncio.run(question.ask(Panel((teller(),)), "r7", inputs(), Where("r7")))


def test_an_answer_from_before_is_not_asked_for_again():
    """Unless what is asked of an answer has changed since."""

    class Before:
        def __init__(self, text: str) -> None:
            self.text = text

        def recall(self, request: ModelRequest) -> ModelReply:
            return ModelReply(text=self.text, model="old", provider="p0")

        def accept(self, reply: ModelReply, *, repaired: bool) -> None:
            """Do nothing."""

    model = teller(GOOD)
    answered = ask(model, checkpoints=Before(GOOD))
    assert (answered.provider, answered.model) == ("p0", "old")
    assert not asked(model)
    assert ask(model, checkpoints=Before('{"steps": 1}')).provider == "m1"


def test_only_what_became_a_draft_is_remembered():
    """And whether its text had to be repaired."""
    kept: list[tuple[str, bool]] = []

    class Keeping:
        def recall(self, request: ModelRequest) -> None:
            return None

        def accept(self, reply: ModelReply, *, repaired: bool) -> None:
            kept.append((reply.text, repaired))

    ask(teller("nonsense", GOOD), checkpoints=Keeping())
    assert kept == [(GOOD, False)]


class Replaying(ScriptedProvider):
    """A model whose first answers are those of a call log."""

    def __init__(self, before: int, *answers: Any) -> None:
        left = list(answers)
        super().__init__(lambda _: left.pop(0), model="m1")
        self.before = before

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer, and say where the answer comes from."""
        reply = await super().complete(request)
        return replace(reply, replayed=len(self.requests) <= self.before)


@pytest.mark.parametrize("before", [1, 2, 3])
def test_answers_from_before_that_did_not_fit_are_not_the_last_word(before: int):
    """What was asked then is asked no more; what comes next is a new ask of the log."""
    model = Replaying(before, *["no"] * 3, GOOD)
    if before < 3:
        with pytest.raises(ModelError, match="is not JSON"):
            ask(model)
        return
    assert ask(model).draft.tasks
    assert [request.ask for request in model.requests] == [0, 1, 2, 3]
    assert model.requests[3].messages() == model.requests[0].messages()


def test_a_refusal_from_before_is_asked_about_again():
    """Once: a model that refuses again has the last word."""
    refusal = ModelReply(text="I cannot.", model="m1", finish_reason="refusal")
    assert ask(Replaying(1, refusal, GOOD)).draft.tasks
    with pytest.raises(ModelError, match="is a refusal"):
        ask(Replaying(1, refusal, refusal))


def test_answers_from_before_that_did_not_fit_leave_the_next_model_its_turn():
    """The first one is not asked anew: the run had gone on to the next when it stopped."""
    one, other = Replaying(1, "no"), teller(GOOD, name="m2")
    assert ask(one, other, repairs=0).provider == "m2"
    assert len(asked(one)) == 1


def test_half_a_character_in_an_answer_can_be_sent_back():
    """The model hears what it said, and the run goes on."""
    model = teller("I think \ud83d so.", GOOD)
    assert ask(model).draft.tasks
    sent = json.dumps(asked(model)[1].messages(), ensure_ascii=False)
    assert "I think ? so." in sent.encode().decode()


def test_a_run_that_stops_wakes_whoever_waits():
    """And says that it stopped, not why: that is told once."""

    async def main() -> float:
        brake, began = Brake(), time.monotonic()
        resting = asyncio.ensure_future(brake.rest(asyncio.sleep(60)))
        await asyncio.sleep(0)
        brake.pull(ProviderError("First."))
        brake.pull(ProviderError("Second."))
        with pytest.raises(ModelError) as caught:
            await resting
        assert caught.value.kind is FailureKind.STOPPED
        assert str(brake.cause) == "First."
        return time.monotonic() - began

    assert asyncio.run(main()) < 30
