"""What comes back holds no key; all else is as it came."""

from __future__ import annotations

import asyncio

import pytest

from stellwerk.errors import ProviderError
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import ModelReply, Usage
from stellwerk.providers.discreet import Discreet
from stellwerk.providers.redaction import Redactor
from stellwerk.testing.scripted_provider import Answer
from tests.providers.test_debug_log import KEY, REQUEST, Wire


def discreet(answer: Answer) -> Discreet:
    """Return what sends discreetly and gets an answer."""
    return Discreet(Wire(lambda _: answer).complete, Redactor([KEY]))


def test_an_answer_loses_known_keys_and_nothing_else():
    reply = ModelReply(
        data={"title": f"Use {KEY}", "steps": [f"{KEY}!", 3, None, True], KEY: 1.5},
        text=f"Ask for sk-your-key-here, not {KEY}",
        model="wise",
        usage=Usage(1, 2, 3),
        request_id=f"req-{KEY}",
    )
    said = asyncio.run(discreet(reply)(REQUEST))
    assert said.data == {"title": "Use ***", "steps": ["***!", 3, None, True], "***": 1.5}
    assert said.text == "Ask for sk-your-key-here, not ***"
    assert (said.model, said.request_id, said.usage) == ("wise", "req-***", Usage(1, 2, 3))


def test_an_error_loses_everything_that_may_be_a_key():
    error = ModelError(
        FailureKind.AUTH,
        f"Refused {KEY}.",
        f"Not {KEY}, nor sk-abcdefghijkl.",
        status=401,
        raw=f'{{"key": "{KEY}"}}',
        request_id=KEY,
        problems=(f"{KEY} is no number",),
    )
    with pytest.raises(ModelError) as caught:
        asyncio.run(discreet(error)(REQUEST))
    found = caught.value
    assert (found.message, f"{found}") == ("Refused ***.", "Refused ***.")
    assert (found.hint, found.raw) == ("Not ***, nor ***.", '{"key": "***"}')
    assert (found.problems, found.request_id) == (("*** is no number",), "***")
    assert (found.kind, found.status) == (FailureKind.AUTH, 401)


def test_an_error_of_a_plugin_loses_keys_too():
    with pytest.raises(ProviderError, match=r"^No \*\*\*\.$"):
        asyncio.run(discreet(ProviderError(f"No {KEY}."))(REQUEST))
