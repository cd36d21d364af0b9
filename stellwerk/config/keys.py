"""API keys by the name of their provider.

A key is looked for in the environment, then where `set` put it: in the system's keyring, or
where there is none in `keys.json` in the user's configuration folder, which only its owner
can read.
"""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from stellwerk.config.files import PRIVATE, alone, read_small, replace
from stellwerk.config.schema import BY_KEY, SETTINGS
from stellwerk.config.secret import Secret
from stellwerk.config.setting import Kind
from stellwerk.config.vault import Vault, system_vault
from stellwerk.errors import ConfigError, NotFoundError

KEYRING: Final = "system keyring"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")
_KEY: Final = re.compile(r"[!-~]{1,8192}")


class _Stored(NamedTuple):
    """What `keys.json` holds: keys by name, and the names of keys in the keyring."""

    keys: dict[str, str]
    elsewhere: tuple[str, ...]


class KeyRing:
    """Finds, stores and forgets API keys.

    Args:
        environ: The environment variables.
        folder: The folder of `keys.json`, `locations.config_folder(environ)`.
        vault: The keyring to use instead of the system's.
    """

    def __init__(
        self, environ: Mapping[str, str], folder: Path, vault: Vault | None = None
    ) -> None:
        self._environ = environ
        self._path = folder / "keys.json"
        self._given = vault

    def path(self) -> Path:
        """Return the file that holds the keys the keyring does not."""
        return self._path

    def get(self, name: str) -> Secret | None:
        """Return the key of a provider, or `None`.

        Raises:
            ConfigError: The name is no provider's name, or `keys.json` is broken.
        """
        variable = self._variable(_checked(name))
        if variable:
            return Secret(self._environ[variable].strip())
        # `set` leaves a key in one place: one in the file is newer than the keyring's.
        text = self._stored().keys.get(name) or self._vault.read(name)
        return Secret(text) if text else None

    def set(self, name: str, value: str) -> str:
        """Store the key of a provider; return where: the keyring or the file.

        Raises:
            ConfigError: The name or the key cannot be right, or nothing can be written.
        """
        _checked(name)
        value = value.strip()
        if not _KEY.fullmatch(value):
            msg = f"That cannot be the key for {name}: a key is one line without spaces."
            raise ConfigError(msg, "Copy it again, without quotes or line breaks.")
        with alone(self._path):
            stored = self._stored()
            stored.keys.pop(name, None)
            if self._vault.write(name, value):
                self._write(stored.keys, {*stored.elsewhere, name})
                return KEYRING
            self._write({**stored.keys, name: value}, {*stored.elsewhere} - {name})
            return str(self._path)

    def remove(self, name: str) -> None:
        """Forget the key of a provider.

        Raises:
            NotFoundError: None is stored; one in the environment is not ours to remove.
            ConfigError: `keys.json` is broken or cannot be written.
        """
        with alone(self._path):
            stored = self._stored()
            here = stored.keys.pop(_checked(name), None) is not None
            there = name in stored.elsewhere or self._vault.read(name) is not None
            if there and not self._vault.erase(name):
                msg = f"The {KEYRING} does not let go of the key for {name}."
                raise ConfigError(msg, "Unlock it and try again.")
            if here or there:
                self._write(stored.keys, {*stored.elsewhere} - {name})
                return
        variable = self._variable(name)
        hint = f"It comes from {variable}: unset that." if variable else ""
        raise NotFoundError(f"No key is stored for {name}.", hint)

    def names(self) -> list[tuple[str, str]]:
        """Return the providers that have a key, each with where `get` finds it.

        Raises:
            ConfigError: `keys.json` is broken.
        """
        stored = self._stored()
        found = dict.fromkeys(stored.keys, str(self._path))
        found |= dict.fromkeys(stored.elsewhere, KEYRING)
        for name in {*found, *_known()}:
            variable = self._variable(name)
            if variable:
                found[name] = variable
        return sorted(found.items())

    def warnings(self) -> tuple[str, ...]:
        """Return what is wrong with the stored keys, one sentence each.

        Raises:
            ConfigError: `keys.json` is broken.
        """
        stored = self._stored()
        lost = [name for name in stored.elsewhere if self._vault.read(name) is None]
        warnings = [
            f"The key for {name} cannot be read from the keyring now." for name in lost
        ]
        if self._path.exists() and stat.S_IMODE(self._path.stat().st_mode) & 0o077:
            fix = f"chmod 600 {self._path}"
            warnings.append(f"Others may read {self._path}: close it with `{fix}`.")
        return tuple(warnings)

    @cached_property
    def _vault(self) -> Vault:
        return self._given or system_vault()

    def _variable(self, name: str) -> str | None:
        """Return the variable that holds a provider's key now, if one does."""
        setting = BY_KEY.get(f"ai.{name}.api_key")
        upper = name.upper().replace("-", "_")
        others = (f"STELLWERK_AI_{upper}_API_KEY", f"{upper}_API_KEY")
        variables = setting.variables if setting else others
        return next((v for v in variables if self._environ.get(v, "").strip()), None)

    def _stored(self) -> _Stored:
        content = read_small(self._path)
        if content is None:
            return _Stored({}, ())
        try:
            data = json.loads(content)
            keys, elsewhere = data["keys"], data["keyring"]
            texts = [*keys, *keys.values(), *elsewhere]
        except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
            raise self._broken() from None
        if not all(isinstance(text, str) for text in texts):
            raise self._broken()
        return _Stored(keys, tuple(elsewhere))

    def _broken(self) -> ConfigError:
        hint = "Move it away and store your keys again with `stellwerk keys set`."
        return ConfigError(f"{self._path} is broken: it holds no readable keys.", hint)

    def _write(self, keys: Mapping[str, str], elsewhere: Collection[str]) -> None:
        data = {"version": 1, "keys": dict(keys), "keyring": sorted(elsewhere)}
        text = json.dumps(data, indent=1, sort_keys=True)
        replace(self._path, f"{text}\n".encode(), PRIVATE)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        msg = "The name of a provider has lower-case letters, digits, `-` and `_` only."
        raise ConfigError(msg, "`stellwerk providers` lists them; the key comes after it.")
    return name


def _known() -> set[str]:
    return {
        s.key.split(".")[1] for s in SETTINGS if s.kind is Kind.SECRET and s.name == "api_key"
    }
