"""Numbers and lists that stand in prose are those of the code."""

from __future__ import annotations

import re
import socket
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from stellwerk.cli import exit_codes
from stellwerk.cli.batching import VERBS
from stellwerk.config.discovery import load
from stellwerk.config.keys import KeyRing
from stellwerk.config.schema import BY_KEY
from stellwerk.config.vault import NoVault
from stellwerk.domain.limits import MIN_CRITERIA, MIN_RISKS, MIN_STEPS
from stellwerk.exchange.document import MAX_BYTES, MAX_ITEMS
from stellwerk.exchange.files import MAX_FILES
from stellwerk.planning.failures import FINAL, HOPELESS, TRANSIENT, FailureKind
from stellwerk.planning.models import ModelRequest
from stellwerk.planning.stages import decompose
from stellwerk.plugins.choosing import Providers
from stellwerk.plugins.discovery import GROUPS, Plugins
from stellwerk.providers.openai import responses_body
from stellwerk.providers.pricing import load_prices
from stellwerk.railway.glyphs import ASCII, UNICODE
from stellwerk.storage import sqlite
from tests.docs.fences import DOCS, ROOT


def prose(name: str) -> str:
    """Return a page with its line breaks folded."""
    return " ".join((DOCS / name).read_text(encoding="utf-8").split())


def test_storage_says_how_sqlite_is_set(tmp_path: Path):
    """Journal mode, synchronous, foreign keys, waiting, modes and id are as the page says."""
    page, path = prose("explanation/what-is-safe.md"), tmp_path / "new" / "plans.db"
    with closing(sqlite.connect(path)) as connection:
        found = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "application_id")
        }
    assert found["journal_mode"] == "wal"
    assert "| `journal_mode` | WAL |" in page
    assert found["synchronous"] == 2
    assert "| `synchronous` | FULL |" in page
    assert found["foreign_keys"] == 1
    assert "| `foreign_keys` | ON |" in page
    assert found["application_id"].to_bytes(4, "big") == b"STL2"
    assert "| application id | `STL2` |" in page
    assert f"up to {sqlite.BUSY_SECONDS:g} s" in page
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "0600, its folder 0700" in page


def test_a_copy_of_a_closed_database_is_a_backup(tmp_path: Path):
    """A database that nobody has open is one file, so copying that file is enough."""
    path = tmp_path / "plans.db"
    sqlite.connect(path).close()
    assert [each.name for each in tmp_path.iterdir()] == ["plans.db"]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_limits_of_files_are_as_the_pages_say():
    """Sizes and counts in prose are the constants."""
    assert f"a file has at most {MAX_BYTES // 2**20} MB" in prose("reference/markdown.md")
    assert f"at most {MAX_FILES:,} files" in prose("reference/markdown.md")
    json_page = prose("reference/json-plan.md")
    assert f"a file of more than {MAX_BYTES // 2**20} MB" in json_page
    assert f"more than {MAX_ITEMS:,} work packages" in json_page


def test_the_rules_for_playbooks_are_those_of_drafts():
    """Steps, criteria and risks that a playbook needs are the limits of drafts."""
    page = prose("how-to/playbooks.md")
    told = f"at least {MIN_STEPS} steps, {MIN_CRITERIA} criteria, and {MIN_RISKS} risks"
    assert told in page


def test_the_verbs_of_a_batch_are_all_named():
    """The scripts page names exactly the verbs that a batch takes."""
    told = re.search(r"Verbs of a batch: (.*?)\. A later", prose("how-to/scripts.md"))
    assert told
    assert set(re.findall(r"`(\w+)`", told[1])) == VERBS


def test_the_exit_codes_of_the_scripts_page_exist():
    """The table of the scripts page has only codes there are."""
    codes = {int(code) for code in re.findall(r"\| (\d+) \| ", prose("how-to/scripts.md"))}
    assert codes
    assert codes <= {value for value in vars(exit_codes).values() if isinstance(value, int)}


def test_the_groups_of_plugins_are_all_named():
    """The plugins page names every entry-point group."""
    page = prose("reference/plugins.md")
    assert all(f"`stellwerk.{group}`" in page for group in GROUPS)


def test_the_signs_of_the_drawing_are_explained():
    """The railway page shows each sign beside its plain form."""
    page = prose("explanation/railway.md")
    for state, sign in UNICODE.stations.items():
        assert f"| `{sign}` |" in page, state
        assert f"| `{ASCII.stations[state]}` |" in page, state
    assert f"| `{UNICODE.switch}` | a switch | `{ASCII.switch}` |" in page


def test_no_page_promises_what_is_not_there():
    """Verbs that do not exist yet are not shown as commands anywhere."""
    later = ("sync", "forecast", "schedule", "migrate")
    for page in DOCS.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        for verb in later:
            shown = re.search(rf"^\$ stellwerk {verb}\b", text, flags=re.MULTILINE)
            assert not shown, f"{page.name}: {verb}"


def test_without_a_key_and_a_server_nobody_is_asked(tmp_path: Path):
    """As pages say, `auto` asks no model then, and asks whoever has a key or answers."""
    assert (
        "If nobody is, or `ai.providers` is `playbooks`, nothing leaves the process"
        in prose("explanation/security.md")
    )
    alone = providers(tmp_path)
    assert alone.choose().models == ()
    keyed = providers(tmp_path, OPENAI_API_KEY="sk-example")
    assert [model.name for model in keyed.choose().models] == ["openai"]
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        local = providers(tmp_path, STELLWERK_AI_OLLAMA_BASE_URL=address)
        assert [model.name for model in local.choose().models] == ["ollama"]
    offline = providers(
        tmp_path, OPENAI_API_KEY="sk-example", STELLWERK_AI_PROVIDERS="playbooks"
    )
    assert offline.choose().models == ()


def test_who_is_asked_by_auto_is_told_in_order(tmp_path: Path):
    """The order of the pages is that of the code, and so is where Ollama is looked for."""
    order = ["openai", "anthropic", "litellm", "openai-compatible", "ollama", "playbooks"]
    assert providers(tmp_path).order() == order
    assert BY_KEY["ai.ollama.base_url"].default == "http://localhost:11434"
    for page in ("how-to/models.md", "explanation/security.md"):
        assert "`http://localhost:11434`" in prose(page)
    told = "(OpenAI, Anthropic, LiteLLM), then servers that answer (an OpenAI-compatible one,"
    assert f"{told} Ollama)" in prose("how-to/models.md")


def test_what_is_said_when_something_goes_wrong_is_said():
    """Every message that the models page explains stands in the code."""
    page = (DOCS / "how-to/models.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([^`]+)` \| ", page, flags=re.MULTILINE)
    assert len(told) > 10
    parts = [path.read_text(encoding="utf-8") for path in (ROOT / "stellwerk").rglob("*.py")]
    code = "".join(parts)
    assert [message for message in told if message not in code] == []


def test_numbers_of_the_models_page_are_those_of_the_code():
    """What the first question may cost, and for how long answers are used again."""
    page = prose("how-to/models.md")
    price = load_prices().price("openai", str(BY_KEY["ai.openai.reasoning_model"].default))
    assert price
    cents = price.most(2_500, decompose.QUESTION.max_tokens) / 10_000
    assert f"about {cents:.0f} cents" in page
    assert f"`ai.reuse_days` ({BY_KEY['ai.reuse_days'].default} days)" in page


def test_openai_is_asked_not_to_store_answers():
    """The security page says so."""
    assert "OpenAI itself is asked not to store" in prose("explanation/security.md")
    request = ModelRequest("decompose", "", {}, {}, "", list)
    assert responses_body(request, "gpt-5", [], {})["store"] is False


def test_what_is_done_after_each_failure_is_as_the_plugins_page_says():
    """Its table has every kind that a provider may raise, beside those it goes with."""
    page = (DOCS / "reference/plugins.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", page, flags=re.MULTILINE)
    groups = [{FailureKind[name] for name in re.findall(r"[A-Z_]+", row)} for row in rows]
    assert TRANSIENT in groups
    assert HOPELESS in groups
    ours = {FailureKind.BROKEN_OFF, FailureKind.NOT_JSON, FailureKind.INVALID}
    assert set().union(*groups) == {*FailureKind} - FINAL - ours


def providers(folder: Path, **environ: str) -> Providers:
    """Return the providers that come along, seen with an environment and nothing else."""
    seen = {
        "HOME": str(folder),
        "STELLWERK_AI_OLLAMA_BASE_URL": "http://127.0.0.1:9",
    } | environ
    keys = KeyRing(seen, folder, NoVault())
    return Providers(Plugins(strangers=False), load(folder, seen), keys)
