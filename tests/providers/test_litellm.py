"""LiteLLM: what it says of itself where it is missing, and what it does where it is not.

It cannot live beside openai 3, so `python -m tests.compat.openai2` runs the second half.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stellwerk.errors import ProviderError
from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import Mode, ProviderOptions, Usage
from stellwerk.providers import litellm as adapter
from stellwerk.providers.litellm import LiteLLMProvider, completion_failure, completion_reply
from stellwerk.providers.peer import Peer
from tests.providers import raw_server
from tests.providers.aimock import AiMock
from tests.providers.raw_server import serving
from tests.providers.wires import KEY, TASKS, ask, asked, chat, failed, question, refused

PEER = Peer("LiteLLM", "ai.litellm", "gemini/x", "", "schema", secret=KEY)
USAGE = {"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 30}


def installed() -> str:
    try:
        return version("litellm")
    except PackageNotFoundError:
        return ""


needs_litellm = pytest.mark.skipif(
    not installed(), reason="litellm is not installed; tests.compat.openai2 runs this"
)
needs_none = pytest.mark.skipif(bool(installed()), reason="litellm is installed")


def provider(url: str, model: str = "openai/gpt-4o-mini", **settings: Any) -> LiteLLMProvider:
    given = {"base_url": url, "model": model, "timeout_seconds": 20.0, **settings}
    return LiteLLMProvider(ProviderOptions(given, key=lambda: KEY))


def test_without_a_model_there_is_no_such_provider():
    with pytest.raises(ProviderError) as caught:
        LiteLLMProvider(ProviderOptions({"model": None}))
    assert "ai.litellm.model" in caught.value.hint


def test_role_picks_the_model():
    chosen = LiteLLMProvider(ProviderOptions({"model": "a/b", "reasoning_model": "c/d"}))
    assert chosen.target(question()).model == "a/b"
    assert chosen.target(question(role="reasoning")).model == "c/d"
    assert chosen.target(question()).base_url == ""


@needs_none
def test_without_the_package_it_says_how_to_install_it():
    with pytest.raises(ProviderError) as caught:
        asked(provider("http://127.0.0.1:9"), question())
    assert "not installed" in caught.value.message
    assert "pip install 'stellwerk[litellm]'" in caught.value.hint


@pytest.mark.parametrize("old", ["1.82.7", "1.82.8", "1.83.0", "1.105.9", "0.9"])
def test_a_version_with_known_holes_is_never_imported(
    old: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / f"litellm-{old}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: litellm\nVersion: {old}\n")
    (tmp_path / "litellm.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ProviderError) as caught:
        adapter.load_litellm()
    assert old in caught.value.message


def exception(name: str, base: str = "APIStatusError", **attributes: Any) -> Exception:
    """Return an exception with a name and a base as LiteLLM has them."""
    kind = type(name, (type(base, (Exception,), {}),), {})
    error = kind()
    error.__dict__.update({"message": "oops", **attributes})
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (
            exception("ContextWindowExceededError", status_code=400),
            FailureKind.CONTEXT_TOO_LONG,
        ),
        (exception("ContentPolicyViolationError", status_code=400), FailureKind.FILTERED),
        (exception("UnsupportedParamsError", status_code=400), FailureKind.UNSUPPORTED),
        (exception("PaymentRequiredError", status_code=402), FailureKind.QUOTA),
        (
            exception("BadRequestError", message="LLM Provider NOT provided. Pass in..."),
            FailureKind.NO_MODEL,
        ),
        (
            exception("InternalServerError", message="x - Cannot connect to host h:1"),
            FailureKind.UNREACHABLE,
        ),
        (exception("APIConnectionError", "APITimeoutError"), FailureKind.TIMEOUT),
        (exception("What", "APIError"), FailureKind.DROPPED),
    ],
)
def test_its_exceptions_are_told_apart(error: Exception, kind: FailureKind):
    assert completion_failure(PEER, error).kind is kind


def test_a_status_comes_with_its_wait():
    response = SimpleNamespace(headers={"Retry-After": "7"})
    error = exception("RateLimitError", status_code=429, response=response)
    told = completion_failure(PEER, error)
    assert (told.kind, told.status, told.retry_after) == (FailureKind.RATE_LIMITED, 429, 7.0)


class Reply:
    """A reply as LiteLLM gives it."""

    def __init__(self, **hidden: Any) -> None:
        self._hidden_params = hidden

    def model_dump(self) -> dict[str, Any]:  # noqa: D102  (as pydantic calls it)
        return chat("{}")


def test_a_reply_has_the_cost_that_is_known():
    told = Reply(
        response_cost=0.0000135, additional_headers={"llm_provider-x-request-id": "req_1"}
    )
    reply = completion_reply(PEER, told)
    assert reply.usage == Usage(3, 2, 14)
    assert reply.request_id == "req_1"


def test_an_unknown_cost_is_unknown_and_not_nothing():
    assert completion_reply(PEER, Reply(response_cost=None)).usage.cost_micro is None


@needs_litellm
@pytest.mark.parametrize("mode", ["schema", "json", "text"])
@pytest.mark.parametrize(
    ("model", "suffix"),
    [
        ("openai/gpt-4o-mini", "/v1"),
        ("anthropic/claude-sonnet-4-6", ""),
        ("ollama_chat/llama3", ""),
    ],
)
def test_it_asks_whom_the_model_names(aimock: AiMock, model: str, suffix: str, mode: Mode):
    aimock.answers(TASKS, usage=USAGE)
    reply = asked(provider(aimock.url + suffix, model), question(mode=mode))
    assert reply.text == TASKS
    assert reply.finish_reason == "stop"
    assert len(aimock.asked()) == 1


@needs_litellm
def test_it_knows_prices(aimock: AiMock):
    aimock.answers(TASKS, usage=USAGE)
    usage = asked(provider(f"{aimock.url}/v1"), question()).usage
    assert (usage.input_tokens, usage.output_tokens, usage.cost_micro) == (10, 20, 14)
    unknown = provider(f"{aimock.url}/v1", "openai/nobody-knows-me")
    assert asked(unknown, question()).usage.cost_micro is None


@needs_litellm
@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, {"message": f"bad {KEY}"}, FailureKind.AUTH),
        (402, {"message": "pay"}, FailureKind.QUOTA),
        (404, {"message": "The model does not exist"}, FailureKind.NO_MODEL),
        (429, {"message": "slow down"}, FailureKind.RATE_LIMITED),
        (429, {"message": "insufficient_quota"}, FailureKind.QUOTA),
        (400, {"message": "maximum context length is 10"}, FailureKind.CONTEXT_TOO_LONG),
        (400, {"message": "'response_format' is not supported"}, FailureKind.UNSUPPORTED),
        (500, {"message": "oops"}, FailureKind.SERVER_ERROR),
        (503, {"message": "oops"}, FailureKind.SERVER_ERROR),
    ],
)
def test_a_refusal_is_told_apart_after_one_request(
    aimock: AiMock, status: int, error: dict[str, str], kind: FailureKind
):
    aimock.refuses(status, **error)
    assert failed(provider(f"{aimock.url}/v1"), question()).kind is kind
    assert len(aimock.asked()) == 1


@needs_litellm
def test_the_time_for_an_answer_is_bounded(aimock: AiMock):
    aimock.answers(TASKS)
    aimock.chaos(latencyMs=3000)
    slow = provider(f"{aimock.url}/v1", timeout_seconds=1.0)
    assert failed(slow, question()).kind is FailureKind.TIMEOUT


@needs_litellm
@pytest.mark.parametrize("handler", [raw_server.dropping, raw_server.resetting])
def test_a_lost_connection_is_transient(handler: raw_server.Handler):
    async def meet() -> FailureKind:
        async with serving(handler) as url:
            return (await refused(provider(f"{url}/v1"), question())).kind

    transient = {FailureKind.DROPPED, FailureKind.UNREACHABLE, FailureKind.SERVER_ERROR}
    assert asyncio.run(meet()) in transient


@needs_litellm
def test_nobody_at_home_is_unreachable():
    assert failed(provider("http://127.0.0.1:9"), question()).kind is FailureKind.UNREACHABLE


@needs_litellm
def test_a_model_without_provider_says_how_to_name_one(aimock: AiMock):
    error = failed(provider(aimock.url, "nonsense"), question())
    assert error.kind is FailureKind.NO_MODEL
    assert "gemini/gemini-2.5-flash" in error.hint


@needs_litellm
def test_it_leaves_terminal_environment_and_folder_alone(aimock: AiMock, tmp_path: Path):
    aimock.refuses(500, message="oops")
    (tmp_path / ".env").write_text("SECRET_OF_A_PROJECT=1\n")
    program = f"""
import asyncio, os
from tests.providers.test_litellm import provider
from tests.providers.wires import failed, question
failed(provider({aimock.url + "/v1"!r}), question())
assert "SECRET_OF_A_PROJECT" not in os.environ
assert {KEY!r} not in str(dict(os.environ))
"""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    assert done.stderr == ""


@needs_litellm
def test_closing_is_enough(aimock: AiMock):
    aimock.answers(TASKS)

    async def twice() -> None:
        chosen = provider(f"{aimock.url}/v1")
        await ask(chosen, question())
        await ask(chosen, question())

    asyncio.run(twice())
