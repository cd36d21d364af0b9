"""Finding plugins by entry point, and loading one: listing names imports nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from importlib.metadata import Distribution, EntryPoint, distributions, entry_points
from sys import modules
from typing import Any, Final

from stellwerk.errors import NotFoundError, PluginError
from stellwerk.plugins.api import API_VERSION

GROUPS: Final = (
    *("providers", "embedders", "validators", "refiners"),
    *("renderers", "exporters", "importers"),
)
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
        described = _without_twins([self._described(each, point) for each, point in found])
        if load:
            pairs = zip(described, (point for _, point in found), strict=True)
            return [_tried(plugin, point) for plugin, point in pairs]
        return described

    def load(self, group: str, name: str) -> Any:
        """Return the object of a plugin.

        Raises:
            NotFoundError: It is not installed.
            PluginError: It is switched off, or breaks.
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
        raise NotFoundError(msg, f"{hint}Installed: {', '.join(known) or 'none'}.")

    def _described(self, group: str, point: EntryPoint) -> Plugin:
        distribution, version = _package(point)
        off = not self.strangers and distribution != OWN
        reason = "Plugins of others are switched off (STELLWERK_PLUGINS, [plugins] enabled)."
        return Plugin(
            *(group, point.name, distribution, version, point.value),
            state=State.OFF if off else State.READY,
            reason=reason if off else "",
        )


def _points(group: str) -> list[EntryPoint]:
    """Return the entry points of a group by name, our own before others of that name."""
    named = f"stellwerk.{group}"
    try:
        found = [*entry_points(group=named)]
    except Exception:  # noqa: BLE001 - some package's entry_points.txt cannot be read
        found = [p for each in distributions() for p in _readable(each) if p.group == named]
    return sorted(found, key=lambda point: (point.name, _package(point)[0] != OWN))


def _readable(distribution: Distribution) -> list[EntryPoint]:
    try:
        return [*distribution.entry_points]
    except Exception:  # noqa: BLE001 - it has none that anybody could load
        return []


def _package(point: EntryPoint) -> tuple[str, str]:
    """Return name and version of the package an entry point comes with."""
    name, version = (point.dist.name, point.dist.version) if point.dist else ("", "")
    return name or "unknown", version or "?"


def _without_twins(plugins: list[Plugin]) -> list[Plugin]:
    """Mark as broken whose name another plugin of its group has already."""
    holders: dict[tuple[str, str], Plugin] = {}
    told = []
    for plugin in plugins:
        holder = holders.setdefault((plugin.group, plugin.name), plugin)
        if holder is not plugin:
            reason = f"{holder.distribution} has a plugin of that name, which is used."
            plugin = replace(plugin, state=State.BROKEN, reason=reason)  # noqa: PLW2901
        told.append(plugin)
    return told


def _tried(plugin: Plugin, point: EntryPoint) -> Plugin:
    if plugin.state is not State.READY:
        return plugin
    try:
        _loaded(point)
    except PluginError as error:
        return replace(plugin, state=State.BROKEN, reason=error.message)
    return plugin


def _loaded(point: EntryPoint) -> Any:
    package = " ".join(_package(point))
    try:
        loaded = point.load()
    except (Exception, SystemExit) as error:
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
