"""Where the value of a setting came from, and what it beat: `stellwerk config explain`."""

from __future__ import annotations

from typing import NamedTuple

from stellwerk.config.schema import setting_for
from stellwerk.config.settings import Origin, Settings
from stellwerk.config.values import as_text


class Explanation(NamedTuple):
    """One setting in full, fit to print: secrets are masked.

    Attributes:
        key: The setting.
        value: Its value as text; `None` if it has none.
        origin: The kind of source the value came from.
        where: The file or variable; "" for a default.
        doc: What the setting does.
        default: Its default as text; `None` if it has none.
        overridden: Origin, place and text of each value that lost, the strongest first.
        untrusted: The project files whose value waits for `stellwerk config trust`.
    """

    key: str
    value: str | None
    origin: Origin
    where: str
    doc: str
    default: str | None
    overridden: tuple[tuple[Origin, str, str | None], ...]
    untrusted: tuple[str, ...]


def explain(settings: Settings, key: str) -> Explanation:
    """Return where the value of a setting came from and which values lost against it.

    Raises:
        ConfigError: There is no such setting; the hint names the nearest.
    """
    setting = setting_for(key)
    winner = settings.resolved(key)
    return Explanation(
        key=key,
        value=as_text(setting, winner.value),
        origin=winner.origin,
        where=winner.where,
        doc=setting.doc,
        default=as_text(setting, setting.default),
        overridden=tuple(
            (loser.origin, loser.where, as_text(setting, loser.value))
            for loser in settings.overridden(key)
        ),
        untrusted=tuple(str(path) for path, name in settings.untrusted if name == key),
    )
