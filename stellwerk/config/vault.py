"""The operating system's keyring, if there is one: the `keyring` package is optional."""

from __future__ import annotations

from typing import Any, Final, Protocol

_SERVICE: Final = "stellwerk"


class Vault(Protocol):
    """A place for keys that is not a file."""

    def read(self, name: str) -> str | None:
        """Return a key, or `None` if there is none or it cannot be read."""
        ...

    def write(self, name: str, value: str) -> bool:
        """Store a key; say whether that worked."""
        ...

    def erase(self, name: str) -> bool:
        """Forget a key, if it is there; say whether it is gone now."""
        ...


class NoVault:
    """No keyring: it holds nothing and takes nothing."""

    def read(self, name: str) -> str | None:  # noqa: ARG002
        """Return `None`."""
        return None

    def write(self, name: str, value: str) -> bool:  # noqa: ARG002
        """Return false."""
        return False

    def erase(self, name: str) -> bool:  # noqa: ARG002
        """Return true."""
        return True


class SystemVault:
    """The keyring of the `keyring` package; what it refuses counts as not there."""

    def __init__(self, keyring: Any) -> None:
        self._keyring = keyring
        self._errors = (keyring.errors.KeyringError, OSError, RuntimeError)

    def read(self, name: str) -> str | None:
        """Return a key, or `None` if there is none or it cannot be read."""
        try:
            value = self._keyring.get_password(_SERVICE, name)
        except self._errors:
            return None
        return str(value) if value else None

    def write(self, name: str, value: str) -> bool:
        """Store a key; say whether that worked."""
        try:
            self._keyring.set_password(_SERVICE, name, value)
        except self._errors:
            return False
        return True

    def erase(self, name: str) -> bool:
        """Forget a key, if it is there; say whether it is gone now."""
        try:
            if self._keyring.get_password(_SERVICE, name) is not None:
                self._keyring.delete_password(_SERVICE, name)
        except self._errors:
            return False
        return True


def system_vault() -> Vault:
    """Return the system's keyring, or `NoVault` without the package or a usable one."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return NoVault()
    usable = getattr(keyring.get_keyring(), "priority", 0) >= 1
    return SystemVault(keyring) if usable else NoVault()
