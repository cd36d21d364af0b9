"""Finding plugins by entry point, and loading one: listing names imports nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from importlib.metadata import EntryPoint, entry_points
from sys import modules
from typing import Any, Final

from stellwerk.errors import PluginError
from stellwerk.plugins.api import API_VERSION

GROUPS: Final = ("providers", "validators", "refiners", "renderers", "exporters", "importers")
OWN: Final = "stellwerk"


class State(StrEnum):
    """What became of a plugin."""

    READY = "ready"
    OFF = "off"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Plugin:
    """An installed plugin.

    Attributes:
        group: What it offers, one of `GROUPS`.
        name: Its name within the group.
        distribution: The package it comes with.
        version: Of that package.
        target: `module:object`.
        state: Ready as far as known, switched off, or broken.
        reason: Why it is not ready.
    """

    group: str
    name: str
    distribution: str
    version: str
    target: str
    state: State = State.READY
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plugins:
    """The installed plugins.

    Attributes:
        strangers: Whether plugins of other packages may be loaded.
    """

    strangers: bool = True

    def names(self, group: str) -> list[str]:
        """Return the names in a group that may be loaded; nothing is imported."""
        return [p.name for p in self.report(group) if p.state is State.READY]

    def report(self, group: str | None = None, *, load: bool = False) -> list[Plugin]:
        """Return every plugin, by group and name; with `load` each is tried."""
        groups = (group,) if group else GROUPS
        found = [(each, point) for each in groups for point in _points(each)]
        described = [self._described(each, point) for each, point in found]
        if load:
            pairs = zip(described, (point for _, point in found), strict=True)
            return [_tried(plugin, point) for plugin, point in pairs]
        return described

    def load(self, group: str, name: str) -> Any:
        """Return the object of a plugin.

        Raises:
            PluginError: It is not installed, switched off, or breaks.
        """
        for point in _points(group):
            if point.name == name:
                plugin = self._described(group, point)
                if plugin.state is State.OFF:
                    msg = f"The plugin {name} of {plugin.distribution} is switched off."
                    raise PluginError(msg, plugin.reason)
                return _loaded(point)
        known = self.names(group)
        near = get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        msg = f"There is no plugin {name!r} among the {group}."
        raise PluginError(msg, f"{hint}Installed: {', '.join(known) or 'none'}.")

    def _described(self, group: str, point: EntryPoint) -> Plugin:
        distribution = point.dist.name if point.dist else "unknown"
        version = point.dist.version if point.dist else "?"
        off = not self.strangers and distribution != OWN
        reason = "Plugins of others are switched off (STELLWERK_PLUGINS, [plugins] enabled)."
        return Plugin(
            *(group, point.name, distribution, version, point.value),
            state=State.OFF if off else State.READY,
            reason=reason if off else "",
        )


def _points(group: str) -> list[EntryPoint]:
    found = {p.name: p for p in entry_points(group=f"stellwerk.{group}")}
    return [found[name] for name in sorted(found)]


def _tried(plugin: Plugin, point: EntryPoint) -> Plugin:
    if plugin.state is State.OFF:
        return plugin
    try:
        _loaded(point)
    except PluginError as error:
        return replace(plugin, state=State.BROKEN, reason=error.message)
    return plugin


def _loaded(point: EntryPoint) -> Any:
    package = f"{point.dist.name} {point.dist.version}" if point.dist else "unknown package"
    try:
        loaded = point.load()
    except Exception as error:
        msg = f"The plugin {point.name} of {package} cannot be loaded: {error!r}."
        raise PluginError(msg, "Upgrade or uninstall it.") from error
    wanted = getattr(modules.get(point.module), "STELLWERK_API", API_VERSION)
    if wanted != API_VERSION:
        msg = (
            f"The plugin {point.name} of {package} is written for plugin API {wanted};"
            f" this Stellwerk has {API_VERSION}."
        )
        raise PluginError(msg, "Upgrade the older one of the two.")
    return loaded
