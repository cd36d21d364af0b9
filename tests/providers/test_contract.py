"""What every provider does, over the real SDKs, asked of a server that nobody here wrote."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from stellwerk.domain.goal import SourceKind
from stellwerk.planning.drafts import TasksDraft
from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import Mode, Role, WireModel
from tests.providers.aimock import AiMock
from tests.providers.wires import KEY, TASKS, WIRES, Wire, asked, every_wire, failed, question

EACH_MODE = [
    pytest.param(wire, mode, id=f"{wire.id}-{mode}")
    for wire in WIRES
    for mode in wire.built("http://localhost:1").modes
]
wires_but_ollama = pytest.mark.parametrize(
    "wire", [each for each in WIRES if each.id != "ollama"], ids=lambda each: each.id
)
"""aimock counts no tokens for Ollama and never cuts it off; `test_ollama` has both."""
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


@every_wire
def test_it_is_a_wire_model_that_answers_all_stages(wire: Wire):
    provider = wire.built("http://localhost:1")
    assert isinstance(provider, WireModel)
    assert provider.kind is SourceKind.MODEL
    assert provider.stages == {"decompose", "tasks", "packages", "review", "refine", "expand"}
    assert provider.modes[0] == "schema"
    assert provider.modes[-1] == "text"


@pytest.mark.parametrize("role", ["fast", "reasoning"])
@pytest.mark.parametrize(("wire", "mode"), EACH_MODE)
def test_one_question_is_one_request_and_one_answer(
    aimock: AiMock, wire: Wire, mode: Mode, role: Role
):
    aimock.answers(TASKS, usage=USAGE)
    provider = wire.built(aimock.url)
    request = question(mode=mode, role=role)
    reply = asked(provider, request)
    assert reply.text == TASKS
    assert reply.data is None
    assert reply.finish_reason == "stop"
    assert reply.model == provider.target(request).model
    assert reply.request_id
    assert TasksDraft.model_validate_json(reply.text)
    assert [each["path"] for each in aimock.asked()] == [wire.path]


@wires_but_ollama
def test_tokens_are_counted(aimock: AiMock, wire: Wire):
    aimock.answers(TASKS, usage=USAGE)
    usage = asked(wire.built(aimock.url), question()).usage
    assert (usage.input_tokens, usage.output_tokens) == (11, 7)


@every_wire
def test_role_picks_the_model(wire: Wire):
    provider = wire.built("http://localhost:1")
    models = {
        role: provider.target(question(role=role)).model for role in ("fast", "reasoning")
    }
    settings: Any = wire.settings
    assert models["fast"] == settings["model"]
    assert models["reasoning"] == settings.get("reasoning_model", settings["model"])


@every_wire
def test_a_target_tells_all_that_shapes_an_answer_and_no_credentials(wire: Wire):
    provider = wire.built("http://user:secret@localhost:1")
    short, long = (provider.target(question(max_tokens=n)) for n in (1000, 2000))
    assert short.parameters != long.parameters
    assert json.dumps(dict(short.parameters))
    assert "secret" not in f"{short}"
    assert short.base_url == f"http://localhost:1{wire.suffix}"


@every_wire
def test_the_most_tokens_an_answer_may_have_are_sent(aimock: AiMock, wire: Wire):
    aimock.answers(TASKS)
    asked(wire.built(aimock.url), question(max_tokens=1234))
    (sent,) = aimock.asked()
    assert "1234" in json.dumps(sent["body"])


@wires_but_ollama
def test_an_answer_that_was_cut_off_says_so(aimock: AiMock, wire: Wire):
    aimock.answers('{"tasks": [', finishReason="length", usage=USAGE)
    reply = asked(wire.built(aimock.url), question())
    assert reply.text == '{"tasks": ['
    assert reply.finish_reason == "length"


@every_wire
def test_it_can_be_asked_many_things_at_once_and_again_after_closing(
    aimock: AiMock, wire: Wire
):
    aimock.answers(TASKS)
    provider = wire.built(aimock.url)

    async def both() -> list[str]:
        replies = await asyncio.gather(*(provider.complete(question()) for _ in range(8)))
        await provider.close()
        again = await provider.complete(question())
        await provider.close()
        await provider.close()
        return [each.text for each in (*replies, again)]

    assert asyncio.run(both()) == [TASKS] * 9


@every_wire
@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"message": "max_tokens is odd", "type": "x"}, FailureKind.BAD_REQUEST),
        (401, {"message": f"Incorrect API key: {KEY}"}, FailureKind.AUTH),
        (402, {"message": "pay"}, FailureKind.QUOTA),
        (403, {"message": "not allowed"}, FailureKind.AUTH),
        (404, {"message": "The model does not exist"}, FailureKind.NO_MODEL),
        (408, {"message": "slow"}, FailureKind.SERVER_ERROR),
        (409, {"message": "conflict"}, FailureKind.SERVER_ERROR),
        (413, {"message": "large"}, FailureKind.CONTEXT_TOO_LONG),
        (429, {"message": "slow down", "type": "requests"}, FailureKind.RATE_LIMITED),
        (
            429,
            {"message": "insufficient quota", "code": "insufficient_quota"},
            FailureKind.QUOTA,
        ),
        (500, {"message": "oops", "type": "server_error"}, FailureKind.SERVER_ERROR),
        (503, {"message": "busy"}, FailureKind.SERVER_ERROR),
        (529, {"message": "Overloaded", "type": "overloaded_error"}, FailureKind.OVERLOADED),
    ],
)
def test_a_refusal_is_told_apart_after_one_request(
    aimock: AiMock, wire: Wire, status: int, error: dict[str, str], kind: FailureKind
):
    aimock.refuses(status, **error)
    caught = failed(wire.built(aimock.url), question())
    assert caught.kind is kind
    assert caught.status == status
    assert caught.request_id
    assert caught.hint
    assert len(aimock.asked()) == 1


@every_wire
def test_an_error_names_the_model_and_who_was_asked(aimock: AiMock, wire: Wire):
    aimock.refuses(500, message="oops")
    message = failed(wire.built(aimock.url), question()).message
    assert str(wire.settings["model"]) in message
    assert any(name in message for name in ("OpenAI", "Anthropic", "Ollama", aimock.url))
    assert "“oops”" in message


@every_wire
def test_a_mode_that_is_not_supported_is_told_apart(aimock: AiMock, wire: Wire):
    aimock.refuses(400, message="Invalid parameter: 'response_format' is not supported")
    assert failed(wire.built(aimock.url), question()).kind is FailureKind.UNSUPPORTED


@every_wire
def test_a_mode_cannot_be_unsupported_where_none_was_asked_for(aimock: AiMock, wire: Wire):
    aimock.refuses(400, message="Invalid parameter: 'response_format' is not supported")
    error = failed(wire.built(aimock.url), question(mode="text"))
    assert error.kind is FailureKind.BAD_REQUEST


@every_wire
@pytest.mark.parametrize(
    ("chaos", "kind"),
    [
        ({"malformedRate": 1.0}, FailureKind.GARBLED),
        ({"disconnectRate": 1.0}, FailureKind.DROPPED),
        ({"dropRate": 1.0}, FailureKind.SERVER_ERROR),
    ],
)
def test_what_breaks_on_the_way_is_told_apart(
    aimock: AiMock, wire: Wire, chaos: dict[str, float], kind: FailureKind
):
    aimock.answers(TASKS)
    aimock.chaos(**chaos)
    assert failed(wire.built(aimock.url), question()).kind is kind


@every_wire
def test_a_rate_limit_says_how_long_to_wait(aimock: AiMock, wire: Wire):
    aimock.answers(TASKS)
    aimock.chaos(rateLimitRate=1.0)
    error = failed(wire.built(aimock.url), question())
    assert error.kind is FailureKind.RATE_LIMITED
    assert error.retry_after == 1.0


@every_wire
def test_an_answer_that_takes_too_long_is_given_up(aimock: AiMock, wire: Wire):
    aimock.answers(TASKS)
    aimock.chaos(latencyMs=3000)
    provider = wire.built(aimock.url, timeout_seconds=1.0)
    assert failed(provider, question()).kind is FailureKind.TIMEOUT
