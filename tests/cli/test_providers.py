"""`stellwerk providers`: who can plan and why others cannot, prices, and a test call."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.cli.test_processes import SLOW, install

OWN = ("openai", "anthropic", "litellm", "openai-compatible", "ollama", "playbooks")
NOBODY = {"STELLWERK_AI_OLLAMA_BASE_URL": "http://127.0.0.1:9"}


@pytest.fixture(autouse=True)
def _no_local_server(terminal: Terminal) -> None:
    """Look for Ollama where nobody listens, whatever runs on the developer's machine."""
    terminal.environ.update(NOBODY)


def listed(terminal: Terminal) -> dict[str, dict[str, object]]:
    """Return the providers of the JSON answer by name."""
    return {each["name"]: each for each in terminal.json("providers")["providers"]}


def test_providers_are_listed_as_they_are_asked_with_their_next_step(terminal: Terminal):
    data = terminal.json("providers")
    assert [each["name"] for each in data["providers"]] == list(OWN)
    assert (data["order"], data["asked"]) == (["auto"], ["playbooks"])
    openai = listed(terminal)["openai"]
    assert (openai["state"], openai["asked"]) == ("unready", None)
    assert openai["reason"] == "It has no key."
    assert "stellwerk keys set openai" in str(openai["hint"])
    assert listed(terminal)["playbooks"]["state"] == "ready"
    assert (
        "Asked in this order: playbooks ([ai] providers = auto)" in terminal("providers").out
    )


def test_a_key_makes_a_provider_ready_and_says_where_it_comes_from(terminal: Terminal):
    terminal.environ["OPENAI_API_KEY"] = "sk-very-secret"
    answer = terminal("providers")
    assert "ready    openai             gpt-5-mini, key: OPENAI_API_KEY" in answer.out
    assert "Asked in this order: openai, playbooks" in answer.out
    assert "sk-very-secret" not in answer.out + terminal("providers", "--json").out
    openai = listed(terminal)["openai"]
    assert (openai["state"], openai["asked"], openai["key"]) == ("ready", 1, "OPENAI_API_KEY")


def test_an_address_is_told_only_where_it_is_not_the_usual_one(terminal: Terminal):
    terminal.environ["OPENAI_API_KEY"] = "sk-1"
    assert "api.openai.com" not in terminal("providers").out
    terminal.environ["STELLWERK_AI_OPENAI_BASE_URL"] = "http://ada:secret@proxy.example/v1"
    assert "at http://proxy.example/v1" in terminal("providers").out


def test_a_provider_is_asked_in_the_place_the_settings_give_it(terminal: Terminal):
    terminal.environ["OPENAI_API_KEY"] = terminal.environ["ANTHROPIC_API_KEY"] = "sk-1"
    terminal.environ["STELLWERK_AI_PROVIDERS"] = "anthropic,openai"
    assert terminal.json("providers")["asked"] == ["anthropic", "openai", "playbooks"]
    terminal.environ["STELLWERK_AI_OFFLINE"] = "false"
    assert terminal.json("providers")["asked"] == ["anthropic", "openai"]


def test_a_strangers_provider_is_asked_only_by_name(terminal: Terminal, wire: Path):
    assert "only with --provider wire, or in ai.providers" in terminal("providers").out
    assert listed(terminal)["wire"]["distribution"] == "wire 1.0"
    terminal.environ["STELLWERK_AI_PROVIDERS"] = "wire"
    assert terminal.json("providers")["asked"] == ["wire", "playbooks"]
    assert "only with" not in terminal("providers").out


def test_a_broken_provider_is_told_with_its_upgrade(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "broken"
    source = "raise RuntimeError('on \\x1b[31mpurpose')\n"
    install(folder, "cracked", source, "[stellwerk.providers]\ncracked = cracked:X\n")
    monkeypatch.syspath_prepend(str(folder))
    answer = terminal("providers")
    assert "broken   cracked" in answer.out
    assert "→ pip install --upgrade cracked" in answer.out
    assert not answer.hostile
    error = terminal("providers", "test", "cracked", "--json", code=4).error
    assert error["code"] == "provider"


def test_prices_are_listed_with_their_date_and_the_shape_of_an_own_file(terminal: Terminal):
    data = terminal.json("providers", "--prices")
    assert data["file"] is None
    assert {price["source"] for price in data["prices"]} == {data["date"]}
    out = terminal("providers", "--prices").out
    assert f"list prices of {data['date']}" in out
    assert max(map(len, out.splitlines())) <= 100


def test_the_shape_that_is_shown_is_a_price_file_that_works(terminal: Terminal):
    out = terminal("providers", "--prices").out
    shape = out[out.index("[[price]]") :]
    path = terminal.write("prices.toml", shape.replace("gpt-5-mini", "my-model"))
    terminal.environ["STELLWERK_AI_PRICES"] = str(path)
    data = terminal.json("providers", "--prices")
    first = data["prices"][0]
    assert (first["model"], first["source"]) == ("my-model", str(path))
    assert data["file"] == str(path)
    assert data["date"] == data["prices"][-1]["source"]
    assert f"{path} (ai.prices) goes before them" in terminal("providers", "--prices").out


def test_prices_are_no_part_of_a_verb_below(terminal: Terminal):
    answer = terminal("providers", "--prices", "list", code=2)
    assert "--prices stands alone." in answer.err


def test_a_test_call_says_who_answered_how_fast_and_what_it_cost(
    terminal: Terminal, wire: Path
):
    answer = terminal("providers", "test", "wire")
    assert answer.err == "Asking wire ...\n"
    assert answer.out.startswith("wire works.\nModel    wire-1\n")
    for part in ("held to a schema", "42, as it should be", "120 in, 20 out", "req-7"):
        assert part in answer.out
    assert sys.modules["wire"].ASKED[-1] == "closed"
    data = terminal.json("providers", "test", "wire")
    assert (data["mode"], data["refused_modes"], data["right"]) == ("schema", [], True)
    assert (data["input_tokens"], data["cost_micro"]) == (120, None)
    assert (data["base_url"], data["request_id"]) == ("http://wire.example/v1", "req-7")


def test_a_test_call_is_one_request_that_no_run_records(terminal: Terminal, wire: Path):
    terminal("providers", "test", "wire")
    first, closed = sys.modules["wire"].ASKED
    assert (first.stage, first.mode, closed) == ("test", "schema", "closed")
    assert terminal.json("runs")["runs"] == []


def test_a_test_call_is_priced_where_the_price_is_known(terminal: Terminal, wire: Path):
    terminal.write("prices.toml", '[[price]]\nmodel = "*"\ninput = 1.0\noutput = 4.0\n')
    terminal.environ["STELLWERK_AI_PRICES"] = str(terminal.folder / "prices.toml")
    assert terminal.json("providers", "test", "wire")["cost_micro"] == 200
    assert "Cost     $0.0002" in terminal("providers", "test", "wire").out


def test_a_test_call_goes_down_to_the_way_of_asking_that_works(terminal: Terminal, wire: Path):
    terminal.environ["WIRE"] = "no schema"
    assert "held to JSON; it does not know schema" in terminal("providers", "test", "wire").out
    data = terminal.json("providers", "test", "wire")
    assert (data["mode"], data["refused_modes"]) == ("json", ["schema"])


def test_thoughts_and_fences_around_the_answer_do_no_harm(terminal: Terminal, wire: Path):
    terminal.environ["WIRE"] = "thoughtful"
    assert terminal.json("providers", "test", "wire")["right"] is True


def test_a_wrong_sum_in_the_right_form_is_told(terminal: Terminal, wire: Path):
    terminal.environ["WIRE"] = "wrong"
    assert "a wrong sum, but in the right form" in terminal("providers", "test", "wire").out


def test_what_a_provider_does_not_tell_is_unknown(terminal: Terminal, wire: Path):
    terminal.environ["WIRE"] = "secretive"
    out = terminal("providers", "test", "wire").out
    assert "unknown in, unknown out" in out
    assert "Cost     unknown" in out


@pytest.mark.parametrize(
    ("how", "message", "hint"),
    [
        ("refused", "Wire did not accept the key.", "Get another."),
        ("slow", "wire gave no whole answer in 1 seconds.", "--timeout"),
        ("chatty", "not with the JSON it was asked for", "--model"),
        ("endless", "did not end its answer within 4,000 tokens", "--model"),
    ],
)
def test_a_test_call_that_fails_says_why_with_code_4(
    terminal: Terminal, wire: Path, how: str, message: str, hint: str
):
    terminal.environ["WIRE"] = how
    answer = terminal("providers", "test", "wire", "--timeout", "1", "--json", "-q", code=4)
    assert message in answer.error["message"]
    assert hint in answer.error["hint"]
    assert not answer.hostile
    assert sys.modules["wire"].ASKED[-1] == "closed"


def test_a_provider_that_cannot_be_asked_is_not(terminal: Terminal):
    error = terminal("providers", "test", "openai", "--json", code=4).error
    assert error["message"] == "openai cannot be asked. It has no key."
    assert "stellwerk keys set openai" in error["hint"]


def test_a_provider_that_is_not_there_is_named_with_the_nearest(terminal: Terminal):
    assert "Did you mean openai?" in terminal("providers", "test", "opnai", code=6).err


def test_playbooks_need_no_test_call(terminal: Terminal):
    assert "nobody to ask" in terminal("providers", "test", "playbooks").out
    data = terminal.json("providers", "test", "playbooks")
    assert (data["asked"], data["cost_micro"], data["refused_modes"]) == (False, None, [])


def test_a_provider_without_ways_of_asking_is_tested_too(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    source = SLOW.replace("import asyncio", "from stellwerk.plugins.api import ModelReply")
    source = source.replace(
        "await asyncio.sleep(60)", "return ModelReply(data={'answer': 42})"
    )
    folder = tmp_path / "site"
    install(folder, "plain", source, "[stellwerk.providers]\nplain = plain:Slow\n")
    monkeypatch.syspath_prepend(str(folder))
    data = terminal.json("providers", "test", "plain")
    assert (data["mode"], data["right"], data["model"]) == (None, True, None)
    assert "Model    unknown" in terminal("providers", "test", "plain").out


def test_names_of_providers_are_completed(terminal: Terminal):
    words = {"COMP_WORDS": "stellwerk providers test op", "COMP_CWORD": "3"}
    answer = terminal(code=None, _STELLWERK_COMPLETE="complete_bash", **words)
    assert answer.out.split() == ["openai", "openai-compatible"]
