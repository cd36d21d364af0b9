"""The keys and passwords that a call can know of, to keep them out of what it prints."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from stellwerk.config.keys import KeyRing
from stellwerk.config.locations import config_folder
from stellwerk.config.schema import SETTINGS
from stellwerk.config.secret import Secret
from stellwerk.config.setting import Kind, Setting
from stellwerk.config.settings import Settings
from stellwerk.config.vault import NoVault
from stellwerk.errors import ConfigError

_VARIABLES: Final = re.compile(r".*(?:API_?KEY|ACCESS_?KEY|TOKEN|SECRET|PASSWORD|DSN)")
_PARAMETERS: Final = re.compile(
    r"(?i)(?:.*[-_])?(?:key|apikey|token|secret|password|sig|signature)"
)


def known_secrets(environ: Mapping[str, str], settings: Settings | None) -> frozenset[str]:
    """Return every key and password of the environment, the settings and `keys.json`.

    The system's keyring is asked only if this process has asked it before, since asking may
    make it ask its owner.

    Args:
        environ: The environment variables.
        settings: The settings, if they could be read.
    """
    found = {value for name, value in environ.items() if _VARIABLES.fullmatch(name.upper())}
    for setting in SETTINGS:
        if setting.kind not in {Kind.SECRET, Kind.URL}:
            continue
        for name in setting.variables:
            found |= _within(setting, environ.get(name, ""))
        if settings is not None:
            for each in (settings.resolved(setting.key), *settings.overridden(setting.key)):
                text = each.value.reveal() if isinstance(each.value, Secret) else each.value
                found |= _within(setting, str(text or ""))
    found |= set(_stored(environ))
    return frozenset(text for each in found for text in (each, each.strip()) if text)


def secrets_of_address(address: str) -> Iterator[str]:
    """Yield the password, or the lone user, and the keys in the query of a web address."""
    try:
        parts = urlsplit(address)
        lone = parts.password or parts.username or ""
    except ValueError:
        return
    query = parse_qsl(parts.query, keep_blank_values=False)
    values = [value for name, value in query if _PARAMETERS.fullmatch(name)]
    yield from (text for text in (lone, unquote(lone), *values) if text)


def _within(setting: Setting, text: str) -> set[str]:
    """Return what is secret about the value of a setting."""
    return {*secrets_of_address(text), *([text] if setting.kind is Kind.SECRET else [])}


def _stored(environ: Mapping[str, str]) -> Iterator[str]:
    vault = None if "keyring" in sys.modules else NoVault()
    try:
        ring = KeyRing(environ, config_folder(environ), vault)
        found = [ring.get(name) for name, _ in ring.names()]
    except ConfigError:
        return
    yield from (key.reveal() for key in found if key is not None)
