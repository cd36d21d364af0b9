"""`stellwerk doctor`: what a newcomer trips over, seen without changing or sending anything."""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace

import pytest

from stellwerk.cli.checks.check import within
from stellwerk.cli.checks.network import (
    FINE,
    clock_check,
    proxied,
    proxy_of,
    trouble_at,
    untrusted,
)
from stellwerk.cli.checks.place import room_check
from stellwerk.cli.checks.providers import check_providers
from stellwerk.errors import StorageError
from stellwerk.planning.runs import RunStatus
from stellwerk.storage.run_log import SqlRunLog
from tests.cli.logged import RUN, SHORT, a_run, keep_run
from tests.cli.terminal import GOAL, Program, Terminal

CLOSED = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _alone(terminal: Terminal) -> None:
    """Look for Ollama where nobody listens, and for nobody else."""
    terminal.environ["STELLWERK_AI_OLLAMA_BASE_URL"] = CLOSED


def told(terminal: Terminal, name: str, code: int = 0) -> list[tuple[str, str, str]]:
    """Return verdict, message and hint of the checks of a name."""
    checks = terminal("doctor", "--json", code=code).data["checks"]
    return [
        (check["verdict"], check["message"], check["hint"] or "")
        for check in checks
        if check["name"] == name
    ]


def test_a_fresh_machine_is_fine_and_stays_as_it_was(terminal: Terminal):
    (database,) = told(terminal, "database")
    assert database[:2] == ("fine", f"{terminal.database} will be made with the first goal")
    assert not terminal.database.exists()
    assert list(terminal.home.iterdir()) == []


def test_a_database_that_cannot_be_made_is_bad(terminal: Terminal):
    file = terminal.write("file", "no folder")
    terminal.environ["STELLWERK_DB"] = f"sqlite:///{file}/below/stellwerk.db"
    (database,) = told(terminal, "database", code=1)
    assert (database[0], "cannot be made in" in database[1]) == ("bad", True)
    assert "--db FILE" in database[2]


def test_a_look_changes_nothing(planned: Terminal):
    keep_run(planned)
    before = (planned.dump(), sorted(planned.home.rglob("*")))
    planned("doctor")
    assert (planned.dump(), sorted(planned.home.rglob("*"))) == before


def test_a_run_that_can_go_on_is_remembered(planned: Terminal):
    assert told(planned, "runs") == [("fine", "no planning run waits", "")]
    keep_run(planned)
    ((verdict, message, hint),) = told(planned, "runs")
    assert verdict == "odd"
    assert "“Learn to juggle”, begun 1 hour ago, is not finished" in message
    assert f"stellwerk resume {SHORT}" in hint
    keep_run(planned, a_run(uid="cd" * 16))
    assert "; nor is 1 more" in told(planned, "runs")[0][1]


def test_a_run_at_work_is_left_in_peace(planned: Terminal):
    keep_run(planned, a_run(status=RunStatus.RUNNING, error="", finished_at=None))
    with closing(SqlRunLog(planned.database)) as log, log.hold(RUN):
        assert told(planned, "runs") == [("fine", "1 planning run at work", "")]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "OPENAI_API_KEY is set, but empty"),
        ("  ", "OPENAI_API_KEY is set, but empty"),
        (" sk-1234", "has spaces or line breaks around it"),
        ("sk-12 34", "has spaces or line breaks in it"),
        ('"sk-1234"', "stands in quotes"),
        ("\u2018sk-1234\u2019", "stands in quotes"),
        ("sk-12\u200b34", "has characters that no key has"),
    ],
)
def test_a_key_that_cannot_work_is_noticed_and_not_shown(
    terminal: Terminal, key: str, words: str
):
    terminal.environ["OPENAI_API_KEY"] = key
    terminal.environ["STELLWERK_AI_OPENAI_BASE_URL"] = CLOSED
    answer = terminal("doctor", code=None)
    assert re.search(f"note  keys .*{words}", answer.out)
    assert "1234" not in answer.out


def test_a_key_in_the_file_that_cannot_work_is_noticed(terminal: Terminal):
    terminal("keys", "set", "anthropic", stdin="sk-1234")
    terminal.environ["STELLWERK_AI_ANTHROPIC_BASE_URL"] = CLOSED
    file = terminal.home / "config/stellwerk/keys.json"
    file.write_text(file.read_text().replace("sk-1234", "sk 1234"))
    ours = told(terminal, "keys")
    assert ("odd", "the key of anthropic has spaces or line breaks in it") in [
        check[:2] for check in ours
    ]


def test_who_is_asked_is_told_and_who_is_not_set_up(terminal: Terminal):
    first, others = told(terminal, "provider")
    assert first == ("fine", "`stellwerk plan` asks playbooks", "")
    names = "openai, anthropic, litellm, openai-compatible, ollama"
    assert others == ("fine", f"not set up: {names}; see stellwerk providers", "")


def test_a_provider_that_the_settings_name_has_to_be_there(terminal: Terminal):
    terminal.environ["STELLWERK_AI_PROVIDERS"] = "anthropic"
    assert (
        "odd",
        "anthropic, of ai.providers, cannot be asked. It has no key.",
    ) in [check[:2] for check in told(terminal, "provider")]
    terminal.environ["STELLWERK_AI_OFFLINE"] = "false"
    assert told(terminal, "provider", code=1)[0][:2] == (
        "bad",
        "nobody can plan: no model can be asked, and ai.offline is false",
    )


def test_offline_there_is_nothing_to_reach(terminal: Terminal):
    message = "nothing has to be reached; planning works without"
    assert told(terminal, "network") == [("fine", message, "")]


def test_an_address_that_is_not_reached_is_no_disaster(terminal: Terminal):
    terminal.environ["OPENAI_API_KEY"] = "sk-1"
    terminal.environ["STELLWERK_AI_OPENAI_BASE_URL"] = "https://nowhere.invalid/v1"
    ((verdict, message, hint),) = told(terminal, "network")
    assert verdict == "odd"
    assert message == "openai cannot be reached at nowhere.invalid: its name is not known"
    assert hint.endswith("Planning works without it, from playbooks.")
    terminal.environ["STELLWERK_AI_OFFLINE"] = "false"
    assert told(terminal, "network")[0][2] == "Is this machine online?"


def test_an_address_that_is_reached_is_sent_nothing(terminal: Terminal):
    with listening() as (port, heard):
        terminal.environ["OPENAI_API_KEY"] = "sk-1"
        terminal.environ["STELLWERK_AI_OPENAI_BASE_URL"] = f"http://127.0.0.1:{port}/v1"
        ((verdict, message, _),) = told(terminal, "network")
        assert (verdict, message) == ("fine", f"openai is reached at 127.0.0.1:{port}")
        assert heard.get(timeout=10) == b""
    assert heard.empty()


def test_who_is_not_asked_is_not_contacted(terminal: Terminal):
    with listening() as (port, heard):
        terminal.environ["OPENAI_API_KEY"] = "sk-1"
        terminal.environ["STELLWERK_AI_OPENAI_BASE_URL"] = f"http://127.0.0.1:{port}/v1"
        terminal.environ["STELLWERK_AI_PROVIDERS"] = "playbooks"
        assert "nothing has to be reached" in told(terminal, "network")[0][1]
    assert heard.empty()


def test_a_server_that_is_silent_does_not_keep_the_doctor(terminal: Terminal):
    with silent() as port:
        terminal.environ["OPENAI_API_KEY"] = "sk-1"
        terminal.environ["STELLWERK_AI_OPENAI_BASE_URL"] = f"https://127.0.0.1:{port}/v1"
        ((verdict, message, _),) = told(terminal, "network")
    assert verdict == "odd"
    assert f"cannot be reached at 127.0.0.1:{port}: " in message


def test_a_server_without_tls_is_told_from_one_that_is_not_there():
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as (port, _):
        trouble = trouble_at(f"https://127.0.0.1:{port}", "")
    assert trouble.message.startswith("it speaks no TLS (")
    assert "http://" in trouble.hint
    assert trouble_at(CLOSED, "") == ("connection refused", "Is the server running?")


def test_certificates_are_checked_against_those_the_system_trusts(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(tls=certificate) as (port, _):
        assert trouble_at(f"https://localhost:{port}", "", 5) == FINE
        trouble = trouble_at(f"https://127.0.0.1:{port}", "", 5)
        assert trouble.message == "its certificate is for another name"
        monkeypatch.delenv("SSL_CERT_FILE")
        monkeypatch.delenv("SSL_CERT_DIR", raising=False)
        trouble = trouble_at(f"https://localhost:{port}", "", 5)
        assert trouble.message.startswith("its certificate is not trusted (self-signed")
        assert "SSL_CERT_FILE" in trouble.hint


@pytest.mark.parametrize(("code", "word"), [(9, "not valid yet"), (10, "expired")])
def test_a_certificate_of_another_time_points_to_the_clock(code: int, word: str):
    error = ssl.SSLCertVerificationError("verify failed")
    error.verify_code = code
    trouble = untrusted(error)
    assert trouble.message == f"its certificate is {word}"
    assert trouble.hint.startswith(f"Is the clock right? It says {datetime.now(UTC).year}")


def test_a_proxy_of_the_environment_is_named_without_its_password(terminal: Terminal):
    with listening(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") as (port, heard):
        terminal.environ["OPENAI_API_KEY"] = "sk-1"
        terminal.environ["HTTPS_PROXY"] = f"http://ada:secret@127.0.0.1:{port}"
        first, second = told(terminal, "network")
    assert first[:2] == ("fine", f"openai is asked through the proxy http://127.0.0.1:{port}")
    assert "407" in second[1]
    assert second[2].startswith("Is the proxy right?")
    assert "secret" not in str((first, second))
    asked = heard.get(timeout=10)
    assert asked.startswith(b"CONNECT api.openai.com:443 ")
    assert b"Proxy-Authorization: Basic YWRhOnNlY3JldA==" in asked


def test_a_proxy_on_the_way_to_this_machine_is_odd(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    url = "http://localhost:11434"
    (check,) = proxied({"ollama": url}, {"ollama": proxy_of(url)})
    assert check.message == (
        "ollama on this machine would be asked through http://proxy.example:3128"
    )
    assert check.hint == "export NO_PROXY=localhost,127.0.0.1"
    monkeypatch.setenv("NO_PROXY", "localhost")
    assert proxy_of(url) == ""


def test_a_proxy_of_a_kind_that_cannot_be_tried_says_so():
    trouble = trouble_at("https://api.example", "socks5://127.0.0.1:9")
    assert "a proxy of the kind socks5 is not tried here" in trouble.message


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_that_are_not_where_they_should_be_are_noticed(
    terminal: Terminal, variable: str
):
    terminal.environ[variable] = "/nowhere/at/all"
    ((verdict, message, hint),) = told(terminal, "tls")
    assert verdict == "odd"
    assert message.startswith(f"{variable} names /nowhere/at/all, which is not there")
    assert hint == f"Correct it, or take it away: unset {variable}"
    terminal.environ["OPENAI_API_KEY"] = "sk-1"
    assert told(terminal, "network")[-1][0] == "odd"


def test_a_store_without_certificates_is_noticed(terminal: Terminal):
    folder = terminal.folder / "certs"
    folder.mkdir()
    (folder / "none.pem").touch()
    terminal.environ |= {
        "SSL_CERT_FILE": str(folder / "none.pem"),
        "SSL_CERT_DIR": str(folder),
    }
    ((verdict, message, _),) = told(terminal, "tls")
    assert (verdict, message) == ("odd", "no certificate of anybody is trusted here")


def test_a_clock_that_was_set_back_is_noticed():
    now, made = datetime(2019, 5, 1, 12, tzinfo=UTC), date(2026, 11, 23)
    check = clock_check(now, made, None)
    assert (check.verdict, "but this Stellwerk is of 2026-11-23" in check.message) == (
        "odd",
        True,
    )
    assert clock_check(now, date(2019, 5, 2), None).verdict == "fine"


def test_a_database_from_the_future_means_that_the_clock_is_wrong(planned: Terminal):
    assert told(planned, "clock")[0][0] == "fine"
    tomorrow = time.time() + 3 * 86_400
    os.utime(planned.database, (tomorrow, tomorrow))
    ((verdict, message, _),) = told(planned, "clock")
    assert verdict == "odd"
    assert "but the database was changed on" in message


def test_a_disk_that_is_nearly_full_is_noticed():
    check = room_check(20 * 2**20)
    assert (check.verdict, check.message) == (
        "odd",
        "only 20 MB are free beside the database",
    )
    assert room_check(700 * 2**20).message == "700 MB are free beside the database"
    assert room_check(3 * 2**30).message == "3.0 GB are free beside the database"


def test_a_terminal_that_is_narrow_or_plain_is_told(terminal: Terminal):
    terminal.environ |= {"COLUMNS": "40", "LINES": "12"}
    ((verdict, message, hint),) = told(terminal, "terminal")
    assert (verdict, message) == ("odd", "40 columns, 12 lines, utf-8, colours off")
    assert "60 columns" in hint
    terminal.environ |= {"COLUMNS": "100", "TERM": "dumb"}
    assert told(terminal, "terminal")[0][1].endswith("colours off (TERM=dumb)")
    terminal.environ["NO_COLOR"] = "1"
    assert told(terminal, "terminal")[0][1].endswith("colours off (NO_COLOR)")


def test_a_locale_that_is_not_installed_is_told(planned: Terminal, program: Program):
    environ = {"LC_ALL": "tlh_XX.UTF-8", "PYTHONCOERCECLOCALE": "0"}
    out = program("doctor", **environ).out
    assert "note  locale     LC_ALL asks for tlh_XX.UTF-8, which is not installed here" in out


def test_prompts_of_ones_own_are_checked(terminal: Terminal):
    assert told(terminal, "prompts")[0][1] == "those that come with Stellwerk"
    folder = terminal.folder / "prompts"
    folder.mkdir()
    terminal.environ["STELLWERK_PLANNING_PROMPTS"] = str(folder)
    assert told(terminal, "prompts")[0][:2] == ("fine", f"{folder} is fit to be sent")
    (folder / "tasks.md").write_text("no front matter")
    verdict, message, _ = told(terminal, "prompts", code=1)[0]
    assert (verdict, message.startswith("tasks: ")) == ("bad", True)


def test_what_is_installed_is_told(terminal: Terminal):
    assert re.match(r"Python 3\.\d+.*, SQLite 3\.", told(terminal, "python")[0][1])
    assert re.search(r"\d ready for plugin API 1: ", told(terminal, "plugins")[0][1])
    assert re.search(r"(GB|MB) are free", told(terminal, "disk")[0][1])


def test_broken_settings_leave_room_for_the_other_checks(planned: Terminal):
    planned.write("stellwerk2.toml", "nonsense")
    checks = planned("doctor", "--json", code=1).data["checks"]
    assert [check["verdict"] for check in checks].count("bad") == 1
    assert {"tls", "keys", "locale"} <= {check["name"] for check in checks}


def test_a_damaged_database_leaves_room_for_the_other_checks(planned: Terminal):
    planned.database.write_bytes(b"x" * 10_000)
    checks = planned("doctor", "--json", code=1).data["checks"]
    assert [check["name"] for check in checks if check["verdict"] == "bad"] == ["database"]
    assert "runs" not in {check["name"] for check in checks}


def test_a_file_that_cannot_be_looked_at_is_told_of(terminal: Terminal):
    terminal.environ["STELLWERK_DB"] = f"sqlite:////{'x' * 300}.db"
    ((verdict, message, hint),) = told(terminal, "database", code=1)
    assert (verdict, message.startswith("it cannot be checked: ")) == ("bad", True)
    assert "permissions" in hint


def test_providers_that_keep_one_waiting_are_left_behind():
    gate = threading.Event()
    providers = SimpleNamespace(standings=lambda: gate.wait(30))
    desk = SimpleNamespace(stellwerk=SimpleNamespace(providers=providers))
    (check,) = check_providers(desk)  # type: ignore[arg-type]
    gate.set()
    assert (check.verdict, check.message) == ("odd", "looking for providers takes too long")


def test_work_that_takes_too_long_is_left_behind():
    gate = threading.Event()
    began = time.monotonic()
    assert within(0.05, [lambda: "quick", lambda: str(gate.wait(30))]) == ["quick", None]
    assert time.monotonic() - began < 10
    gate.set()


def test_work_that_fails_says_so_to_who_asked_for_it():
    def fail() -> str:
        raise StorageError("Gone.")

    with pytest.raises(StorageError, match=r"Gone\."):
        within(5, [fail])


def test_the_goal_is_none_of_the_doctors_business(planned: Terminal):
    answer = planned("doctor", "-g", "nope")
    assert GOAL not in answer.out


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a file with a certificate for localhost that nobody else signed, and its key."""
    file, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    try:
        subprocess.run(
            [*command, *names, "-keyout", str(key), "-out", str(file)],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("openssl is not installed, so there is no certificate to show.")
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file


@contextmanager
def listening(
    says: bytes = b"", tls: Path | None = None
) -> Iterator[tuple[int, SimpleQueue[bytes]]]:
    """Listen on a port of this machine; yield it with what was sent to it."""
    heard: SimpleQueue[bytes] = SimpleQueue()
    server = socket.create_server(("127.0.0.1", 0))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if tls:
        context.load_cert_chain(tls)

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with suppress(OSError), connection:
                connection.settimeout(5)
                if tls:
                    context.wrap_socket(connection, server_side=True).close()
                else:
                    heard.put(connection.recv(4096))
                    connection.sendall(says)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with server:
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@contextmanager
def silent() -> Iterator[int]:
    """Listen on a port and never say a word to whoever connects."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
