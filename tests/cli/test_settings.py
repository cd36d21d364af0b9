"""Settings, keys, plugins and the doctor, as a user meets them."""

from __future__ import annotations

import tomllib

import pytest

from tests.cli.terminal import AUTHOR, Terminal

EVIL = """
[ai.openai]
base_url = "https://evil.example/v1"
api_key = "${HOME}"

[plugins]
enabled = true
"""


def test_a_setting_is_set_explained_and_unset(terminal: Terminal):
    terminal("config", "set", "planning.size", "small")
    explained = terminal.json("config", "explain", "planning.size")
    assert (explained["value"], explained["origin"]) == ("small", "user")
    assert explained["where"].endswith("stellwerk2.toml")
    assert explained["default"] == "auto"
    told = terminal(
        "config", "explain", "planning.size", STELLWERK_PLANNING_SIZE="standard"
    ).out
    assert "planning.size = standard" in told
    assert "from: environment (STELLWERK_PLANNING_SIZE)" in told
    assert "beats: user" in told
    terminal("config", "unset", "planning.size")
    assert terminal.json("config", "explain", "planning.size")["origin"] == "default"
    assert (
        "does not set planning.size"
        in terminal("config", "unset", "planning.size", code=6).err
    )


def test_every_setting_is_shown_with_its_origin(terminal: Terminal):
    from stellwerk.config.schema import SETTINGS

    terminal("config", "set", "planning.size", "small", "--project")
    shown = terminal.json("config")["settings"]
    assert [each["key"] for each in shown] == [setting.key for setting in SETTINGS]
    origins = {each["key"]: each["origin"] for each in shown}
    assert origins["planning.size"] == "project"
    assert origins["user.name"] == "environment"
    assert "project: " in terminal("config", "show").out


def test_a_setting_for_the_project_is_written_beside_its_files(terminal: Terminal):
    terminal("config", "set", "planning.size", "detailed", "--project")
    data = tomllib.loads((terminal.folder / "stellwerk2.toml").read_text())
    assert data["planning"]["size"] == "detailed"
    terminal("config", "unset", "planning.size", "--project")
    assert "detailed" not in (terminal.folder / "stellwerk2.toml").read_text()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("planning.size", "huge"),
        ("planning.size", ""),
        ("ai.max_concurrency", "0"),
        ("ai.max_concurrency", "many"),
        ("ai.max_concurrency", "9" * 30),
        ("database.url", "postgresql://localhost/x"),
        ("nope", "x"),
    ],
)
def test_a_value_that_does_not_fit_is_not_written(terminal: Terminal, key: str, value: str):
    answer = terminal("config", "set", key, value, code=2)
    assert key in answer.err
    assert "→" in answer.err
    assert not (terminal.home / "config/stellwerk/stellwerk2.toml").exists()


def test_a_sample_of_every_setting_is_written_once(terminal: Terminal):
    terminal("init")
    text = (terminal.folder / "stellwerk2.toml").read_text()
    assert "#size" in text
    origins = {each["origin"] for each in terminal.json("config")["settings"]}
    assert origins == {"default", "environment"}
    answer = terminal("init", code=5)
    assert "was left alone" in answer.err
    assert (terminal.folder / "stellwerk2.toml").read_text() == text


def test_a_project_may_keep_its_plans_beside_its_files(planned: Terminal):
    assert ".stellwerk/" in planned("init", "--local").out
    assert planned.json("list")["goals"] == []
    answer = planned("plan", "Learn to juggle", "-q")
    assert answer.err == ""
    assert (planned.folder / ".stellwerk/stellwerk.db").is_file()
    assert planned.json("config", "explain", "database.url")["origin"] == "project"
    (planned.folder / "below").mkdir()
    below = Terminal(planned.home, planned.folder / "below")
    assert below.json("list")["goals"][0]["slug"] == "learn-to-juggle"


def test_a_strangers_project_changes_nothing_until_it_is_trusted(planned: Terminal):
    file = planned.write("stellwerk2.toml", EVIL)
    answer = planned("list")
    for key in ("ai.openai.base_url", "ai.openai.api_key", "plugins.enabled"):
        told = f"{file} sets {key}, which counts only after `stellwerk config trust`."
        assert told in answer.err.splitlines()
    explained = planned("config", "explain", "ai.openai.base_url").out
    assert "https://api.openai.com" in explained
    assert f"waits for `stellwerk config trust`: {file}" in explained
    assert planned.json("config", "explain", "ai.openai.api_key")["value"] is None
    assert "evil" not in planned("config", "show").out
    trusted = planned("config", "trust")
    assert "ai.openai.base_url, ai.openai.api_key" in trusted.out
    assert trusted.err == ""
    assert planned("list").err == ""
    assert "evil.example" in planned("config", "explain", "ai.openai.base_url").out
    file.write_text(EVIL + "\n[planning]\nsize = 'small'\n")
    assert "counts only after" in planned("list").err


def test_trust_is_taken_back(planned: Terminal):
    planned.write("stellwerk2.toml", EVIL)
    planned("config", "trust")
    assert "is no longer trusted" in planned("config", "trust", "--revoke").out
    assert "was not trusted" in planned("config", "trust", "--revoke").out
    assert "counts only after" in planned("list").err


def test_trust_needs_a_file(terminal: Terminal):
    assert "stellwerk init" in terminal("config", "trust", code=6).err


@pytest.mark.parametrize(
    "text",
    [
        "[planning\n",
        "[planning]\nsize = 3\n",
        "[planning]\nsize = 'huge'\n",
        "[planing]\nsize = 'small'\n",
        "nope = 1\n",
        "[planning]\nsize = [['small']]\n",
        "[user]\nname = '\x1b[31m'\n",
        "x = " + "[" * 10_000,
        b"\xff\xfe",
        b"\x00" * 100,
        "a = 1\n" * 300_000,
    ],
    ids=[*"abcdefg", "deep", "binary", "nuls", "large"],
)
def test_a_broken_settings_file_is_named_by_every_verb(planned: Terminal, text: str | bytes):
    file = planned.write("stellwerk2.toml", text)
    for args in (("list",), ("plan", "Fly"), ("config",), ("start", "r1.1.1")):
        answer = planned(*args, code=2)
        assert str(file) in answer.err
        assert "bug of ours" not in answer.err
        assert not answer.hostile
    assert "bad   settings" in planned("doctor", code=1).out
    assert planned("--help").code == 0
    assert planned("--version").code == 0


def test_a_settings_file_that_is_a_folder_is_named(planned: Terminal):
    (planned.folder / "stellwerk2.toml").mkdir()
    assert "stellwerk2.toml" in planned("list", code=2).err


def test_hostile_text_in_settings_is_disarmed(planned: Terminal):
    planned.write("stellwerk2.toml", '[user]\nname = "A\\u001b]0;x\\u0007\\u202eB"\n')
    environ = {"STELLWERK_USER_NAME": ""}
    for args in (("config",), ("config", "explain", "user.name"), ("doctor",)):
        assert not planned(*args, **environ).hostile
        assert not planned(*args, "--json", **environ).hostile
    planned("start", "r1.1.1", **environ)
    assert planned.json("log")["entries"][-1]["author"] == "AB"


def test_hostile_text_from_git_is_disarmed(planned: Terminal):
    planned.write("../home/.gitconfig", '[user]\n\tname = "A\\b\x1b[31mB\x07\u202e"\n')
    environ = {"STELLWERK_USER_NAME": ""}
    planned("start", "r1.1.1", **environ)
    assert not planned("log", **environ).hostile
    dump = planned.dump()
    assert not {char for char in "\x1b\x07\u202e" if char in dump}


def test_a_wrong_variable_is_named(planned: Terminal):
    answer = planned("list", code=2, STELLWERK_PLANNING_SIZE="huge")
    assert answer.err.startswith("Error: STELLWERK_PLANNING_SIZE: `planning.size` is")


def test_keys_are_stored_listed_and_never_shown(terminal: Terminal):
    secret = "sk-very-secret-0123456789"
    shown = [terminal("keys", "set", "openai", stdin=f"{secret}\n")]
    file = terminal.home / "config/stellwerk/keys.json"
    assert file.stat().st_mode & 0o777 == 0o600
    for args in (("keys",), ("keys", "list"), ("config",), ("doctor",), ("providers",)):
        shown += [terminal(*args), terminal(*args, "--json")]
    shown.append(terminal("keys", "list", ANTHROPIC_API_KEY=secret))
    assert "ANTHROPIC_API_KEY" in shown[-1].out
    assert all(secret not in answer.out + answer.err for answer in shown)
    assert terminal("keys", "path").out.strip() == str(file)
    terminal("keys", "remove", "openai")
    assert secret not in file.read_text()
    terminal("keys", "remove", "openai", code=6)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("openai", b""),
        ("openai", b"\n"),
        ("openai", b"two words\n"),
        ("openai", b"\xff\xfe\n"),
        ("openai", b"\x1b[31mkey\n"),
        ("openai", b"k" * 20_000),
    ],
)
def test_a_key_that_cannot_be_one_is_refused(terminal: Terminal, name: str, key: bytes):
    answer = terminal("keys", "set", name, code=2, stdin=key)
    assert "bug of ours" not in answer.err
    assert not answer.hostile
    assert not (terminal.home / "config/stellwerk/keys.json").exists()


@pytest.mark.parametrize("name", ["../evil", "", "\x1b[31m", "nosuch", "playbooks", "sk-0123"])
def test_keys_are_kept_for_installed_providers_alone(terminal: Terminal, name: str):
    answer = terminal("keys", "set", name, code=6, stdin="key")
    assert answer.err.startswith("Error: There is no provider of that name.")
    assert "Keys are for: anthropic, compatible, litellm, ollama, openai" in answer.err
    assert "sk-0123" not in answer.err
    assert not answer.hostile
    assert not (terminal.home / "config/stellwerk/keys.json").exists()


def test_a_provider_that_was_meant_is_named(terminal: Terminal):
    told = terminal("keys", "set", "opnai", code=6, stdin="key").err
    assert "Did you mean openai?" in told


def test_a_compatible_server_has_one_key_under_either_name(terminal: Terminal):
    data = terminal.json("keys", "set", "openai-compatible", stdin="sk-1")
    assert data["provider"] == "compatible"
    assert [each["provider"] for each in terminal.json("keys")["keys"]] == ["compatible"]
    terminal("keys", "remove", "openai-compatible")
    assert terminal.json("keys")["keys"] == []


def test_a_variable_that_counts_instead_of_the_stored_key_is_named(terminal: Terminal):
    answer = terminal("keys", "set", "openai", stdin="sk-1", OPENAI_API_KEY="sk-2")
    assert answer.err == "OPENAI_API_KEY is set and counts instead.\n"
    assert terminal("keys", "set", "openai", stdin="sk-1").err == ""


def test_a_key_file_that_others_can_read_is_noticed(terminal: Terminal):
    terminal("keys", "set", "openai", stdin="sk-1\n")
    (terminal.home / "config/stellwerk/keys.json").chmod(0o644)
    assert "keys.json" in terminal("keys", "list").err
    assert "chmod 600" in terminal("doctor").out


def test_a_broken_key_file_breaks_nothing_but_keys(planned: Terminal):
    planned.write("../home/config/stellwerk/keys.json", "{broken")
    assert "keys.json" in planned("keys", "list", code=2).err
    assert planned("next").code == 0
    assert "bad   keys" in planned("doctor", code=1).out


def test_the_doctor_finds_everything_fine_on_a_fresh_machine(terminal: Terminal):
    answer = terminal("doctor")
    assert {line.split()[0] for line in answer.out.splitlines()} == {"ok"}
    assert f"edits are made as {AUTHOR}" in answer.out
    checks = terminal.json("doctor")["checks"]
    assert {check["verdict"] for check in checks} == {"fine"}
    assert {check["name"] for check in checks} >= {"settings", "database", "provider", "keys"}


def test_the_doctor_notices_what_is_odd(planned: Terminal):
    planned.database.chmod(0o644)
    planned.write("stellwerk2.toml", EVIL)
    out = planned("doctor").out
    assert f"chmod 600 {planned.database}" in out
    assert "which does not count yet" in out


def test_the_doctor_fails_where_the_database_does(planned: Terminal):
    planned.database.write_bytes(b"x" * 10_000)
    answer = planned("doctor", code=1)
    assert "bad   database" in answer.out
    assert "ok    provider" in answer.out
    assert planned("doctor", "--json", code=1).data["kind"] == "doctor"


def test_providers_and_plugins_tell_their_state(terminal: Terminal):
    providers = terminal.json("providers")
    assert providers["order"] == ["auto"]
    assert providers["providers"][-1]["name"] == "playbooks"
    plugins = terminal.json("plugins", "--check")["plugins"]
    assert {plugin["state"] for plugin in plugins} == {"ready"}
    assert {plugin["group"] for plugin in plugins} >= {"providers", "exporters", "importers"}


def test_playbooks_are_listed_by_language_and_shown_as_written(terminal: Terminal):
    listed = {(p["id"], p["language"]) for p in terminal.json("playbooks")["playbooks"]}
    assert listed >= {
        ("general", "de"),
        ("general", "en"),
        ("launch-a-software-product", "de"),
        ("launch-a-software-product", "en"),
    }
    german = terminal("playbooks", "show", "general", "--language", "de").out
    assert "Definition of Done" in german
    assert "Schritte" in german
    answer = terminal("playbooks", "show", "general", "--language", "fr", code=6)
    assert "de, en" in answer.err


def test_a_completion_script_comes_for_each_shell(terminal: Terminal):
    for shell in ("bash", "zsh", "fish"):
        script = terminal("completion", shell).out
        assert "_STELLWERK_COMPLETE" in script
    assert (
        terminal("completion", SHELL="/usr/bin/zsh").out == terminal("completion", "zsh").out
    )
    assert "bash, zsh, fish" in terminal("completion", code=2, SHELL="/bin/csh").err
