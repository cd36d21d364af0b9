"""Plugins are found without being imported, and a broken one breaks nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stellwerk.errors import NotFoundError, PluginError
from stellwerk.plugins.api import API_VERSION
from stellwerk.plugins.discovery import GROUPS, OWN, Plugin, Plugins, State

PROVIDERS = ["anthropic", "litellm", "ollama", "openai", "openai-compatible", "playbooks"]
OURS = {
    ("exporters", "json"),
    ("exporters", "markdown"),
    ("importers", "json"),
    ("importers", "markdown"),
    ("providers", "playbooks"),
}
Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return a function that installs a distribution into a folder of its own."""
    before = set(sys.modules)

    def put(name: str, points: str | bytes, version: str = "1.2", **modules: str) -> Path:
        folder = tmp_path / name
        info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir(parents=True)
        head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        (info / "METADATA").write_text(head)
        raw = points.encode() if isinstance(points, str) else points
        (info / "entry_points.txt").write_bytes(raw)
        for module, code in modules.items():
            (folder / f"{module}.py").write_text(code)
        monkeypatch.syspath_prepend(str(folder))
        return folder

    yield put
    for module in set(sys.modules) - before:
        if module.startswith("fake_"):
            del sys.modules[module]


def found(plugins: list[Plugin], name: str) -> Plugin:
    """Return the only plugin of that name."""
    (plugin,) = (plugin for plugin in plugins if plugin.name == name)
    return plugin


def test_our_own_plugins_come_through_the_same_door():
    """By name, with the version of Stellwerk, and all of them load."""
    report = Plugins().report(load=True)
    ours = {(p.group, p.name) for p in report if p.distribution == OWN}
    assert ours >= OURS
    assert {p.state for p in report if p.distribution == OWN} == {State.READY}
    assert Plugins().names("providers") == PROVIDERS
    assert Plugins().load("importers", "json").name == "json"


def test_listing_names_imports_nothing(install: Install):
    """Neither a stranger's module nor any of ours."""
    folder = install(
        "fake-a",
        "[stellwerk.providers]\nsinger = fake_a:make\n",
        fake_a="raise RuntimeError('imported')\n",
    )
    code = (
        "import sys; from stellwerk.plugins.discovery import Plugins; "
        "print(Plugins().names('providers'), len(Plugins().report())); "
        "print([m for m in sys.modules if m.startswith(('fake_', 'stellwerk_playbooks'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        check=True,
        text=True,
    )
    names, imported = done.stdout.splitlines()
    assert names.startswith(f"{[*PROVIDERS, 'singer']} ")
    assert imported == "[]"


def test_a_plugin_of_others_is_found_and_loaded(install: Install):
    """With the name and version of its package."""
    install(
        "fake-b", "[stellwerk.exporters]\nsheet = fake_b:EXPORTER\n", fake_b="EXPORTER = 7\n"
    )
    plugins = Plugins()
    assert plugins.names("exporters") == ["json", "markdown", "sheet"]
    assert found(plugins.report("exporters"), "sheet") == Plugin(
        "exporters", "sheet", "fake-b", "1.2", "fake_b:EXPORTER"
    )
    assert plugins.load("exporters", "sheet") == 7


def test_a_report_is_sorted_by_group_and_name(install: Install):
    """Whatever the order on the path."""
    install("fake-c", "[stellwerk.exporters]\nz = fake_c:x\na = fake_c:x\n")
    report = [(plugin.group, plugin.name) for plugin in Plugins().report()]
    assert report == sorted(report, key=lambda pair: (GROUPS.index(pair[0]), pair[1]))


@pytest.mark.parametrize(
    ("target", "code", "reason"),
    [
        ("fake_d:make", "import nothing_like_this\n", "ModuleNotFoundError"),
        ("fake_d:make", "1 / 0\n", "ZeroDivisionError"),
        ("fake_d:make", "x = (\n", "SyntaxError"),
        ("fake_d:make", "import sys\nsys.exit('bye')\n", "SystemExit('bye')"),
        ("fake_d:missing", "make = 1\n", "AttributeError"),
        ("fake_nowhere:make", "", "ModuleNotFoundError"),
        ("", "", "AttributeError"),
    ],
)
def test_a_broken_plugin_is_reported_and_breaks_nothing_else(
    install: Install, target: str, code: str, reason: str
):
    """Whatever happens when it is imported."""
    install("fake-d", f"[stellwerk.providers]\nbad = {target}\n", fake_d=code)
    report = Plugins().report(load=True)
    bad = found(report, "bad")
    assert bad.state is State.BROKEN
    assert bad.reason.startswith("The plugin bad of fake-d 1.2 cannot be loaded: ")
    assert reason in bad.reason
    assert {p.state for p in report if p.distribution == OWN} == {State.READY}
    with pytest.raises(PluginError, match="cannot be loaded") as caught:
        Plugins().load("providers", "bad")
    assert caught.value.hint == "Upgrade or uninstall it."
    assert Plugins().load("providers", "playbooks").name == "playbooks"


def test_another_api_version_is_refused_in_a_sentence(install: Install):
    """With both versions, and what to do."""
    code = f"STELLWERK_API = {API_VERSION + 1}\nmake = print\n"
    install("fake-e", "[stellwerk.providers]\nnew = fake_e:make\n", "9.0", fake_e=code)
    told = "The plugin new of fake-e 9.0 is written for plugin API 2; this Stellwerk has 1."
    with pytest.raises(PluginError) as caught:
        Plugins().load("providers", "new")
    assert caught.value.message == told
    assert caught.value.hint == "Upgrade the older one of the two."
    new = found(Plugins().report("providers", load=True), "new")
    assert (new.state, new.reason) == (State.BROKEN, told)


@pytest.mark.parametrize("code", ["make = 3\n", f"STELLWERK_API = {API_VERSION}\nmake = 3\n"])
def test_a_plugin_of_this_version_or_of_none_is_taken(install: Install, code: str):
    """The version need not be said."""
    install("fake-f", "[stellwerk.providers]\nold = fake_f:make\n", fake_f=code)
    assert Plugins().load("providers", "old") == 3


def test_strangers_can_be_switched_off(install: Install):
    """They are listed, not imported; ours stay."""
    code = "raise RuntimeError('imported')\n"
    install("fake-g", "[stellwerk.providers]\nstranger = fake_g:make\n", fake_g=code)
    plugins = Plugins(strangers=False)
    assert plugins.names("providers") == PROVIDERS
    off = found(plugins.report("providers", load=True), "stranger")
    assert off.state is State.OFF
    assert "STELLWERK_PLUGINS" in off.reason
    with pytest.raises(PluginError, match="stranger of fake-g is switched off") as caught:
        plugins.load("providers", "stranger")
    assert "STELLWERK_PLUGINS" in caught.value.hint
    assert plugins.load("providers", "playbooks").name == "playbooks"


@pytest.mark.parametrize("strangers", [True, False])
def test_a_plugin_that_takes_one_of_our_names_does_not_get_it(
    install: Install, strangers: bool
):
    """Wherever on the path it lies; the report says who has the name."""
    install("aaa-fake", "[stellwerk.providers]\nplaybooks = fake_h:make\n", fake_h="1 / 0\n")
    plugins = Plugins(strangers=strangers)
    assert plugins.names("providers") == PROVIDERS
    assert plugins.load("providers", "playbooks").__module__ == "stellwerk_playbooks.provider"
    ours, twin = [p for p in plugins.report("providers", load=True) if p.name == "playbooks"]
    assert (ours.distribution, ours.state) == (OWN, State.READY)
    assert (twin.distribution, twin.state) == ("aaa-fake", State.BROKEN)
    assert twin.reason == "stellwerk has a plugin of that name, which is used."


def test_an_unknown_name_is_told_the_nearest_one():
    """And all that are installed."""
    with pytest.raises(
        NotFoundError, match="no plugin 'markdwn' among the exporters"
    ) as caught:
        Plugins().load("exporters", "markdwn")
    assert caught.value.hint == "Did you mean markdown? Installed: json, markdown."
    with pytest.raises(NotFoundError) as caught:
        Plugins().load("renderers", "x")
    assert caught.value.hint == "Installed: departures, dot, html, mermaid, svg, text."


@pytest.mark.parametrize(
    "points", ["[stellwerk.providers]\nwithout an equals sign\n", b"[a]\nx = caf\xe9:y\n"]
)
def test_a_package_with_unreadable_entry_points_breaks_no_command(
    install: Install, points: str | bytes
):
    """The others are found one by one."""
    install("fake-i", points)
    install("fake-j", "[stellwerk.providers]\nother = fake_j:make\n", fake_j="make = 5\n")
    assert Plugins().names("providers") == sorted([*PROVIDERS, "other"])
    assert Plugins().load("providers", "other") == 5
    assert {(p.group, p.name) for p in Plugins().report()} >= OURS


def test_a_package_without_a_name_is_unknown(install: Install):
    """As left behind by an interrupted uninstallation."""
    folder = install("fake-k", "[stellwerk.providers]\nrest = fake_k:make\n")
    (folder / "fake_k-1.2.dist-info" / "METADATA").unlink()
    rest = found(Plugins().report("providers"), "rest")
    assert rest == replace(rest, distribution="unknown", version="?", state=State.READY)


def test_what_a_plugin_may_import_is_all_there():
    """The list names what the module has, in order, constants first."""
    from stellwerk.plugins import api

    assert [name for name in api.__all__ if not hasattr(api, name)] == []
    assert api.__all__ == sorted(api.__all__, key=lambda name: (not name.isupper(), name))
