"""Taking a URL apart, and refusing what must not be asked before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import TYPE_CHECKING, Final, NamedTuple

from stellwerk.plugins.api import one_line, shortened
from stellwerk_links.addresses import address_of
from stellwerk_links.outcomes import Kind, NoAnswerError

if TYPE_CHECKING:
    import httpx2

PORTS: Final = frozenset({80, 443, 8080, 8443})
LONGEST: Final = 2048
_NAME: Final = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
_NOT_PUBLIC: Final = frozenset(
    "alt arpa example internal invalid local localhost onion test".split()
)
"""Top-level names that no public host has (RFC 6761, RFC 6762, RFC 9476 and others)."""


class Target(NamedTuple):
    """Something that may be asked once its host has been looked up.

    Attributes:
        url: The URL as it is sent: ASCII, no fragment, no credentials.
        host: A name in lower-case ASCII without a dot at its end, or an address.
        port: The port.
    """

    url: httpx2.URL
    host: str
    port: int


def target_of(url: str, ports: Set[int] = PORTS) -> Target:
    """Return what a URL asks for.

    Raises:
        NoAnswerError: It must not be asked.
    """
    parsed = _parsed(url)
    if parsed.scheme not in ("http", "https"):
        raise _refused("only http and https are")
    if parsed.userinfo:
        raise _refused("it carries a user name or a password")
    usual = 443 if parsed.scheme == "https" else 80
    port = usual if parsed.port is None else parsed.port
    if port not in ports:
        raise _refused(f"port {port} is none of the web's")
    host = parsed.raw_host.decode("ascii").removesuffix(".")
    _check_host(host)
    return Target(parsed.copy_with(host=host, fragment=None), host, port)


def onward(target: Target, location: str) -> str:
    """Return the URL that a redirect leads to.

    Raises:
        NoAnswerError: It leads nowhere.
    """
    import httpx2

    if not location:
        raise NoAnswerError(Kind.SILENT, "is redirected to nowhere")
    try:
        return str(target.url.join(location))
    except (httpx2.InvalidURL, ValueError) as error:
        shown = shortened(one_line(location), 200)
        told = f"leads to {shown}, which was not asked: it is no proper URL"
        raise NoAnswerError(Kind.UNASKED, told) from error


def same_page(one: str, other: str) -> bool:
    """Say whether two URLs are one page to a reader: `http`, `www.` and a slash apart."""
    return _essence(one) == _essence(other)


def _essence(url: str) -> tuple[str, str, bytes]:
    parsed = _parsed(url)
    host = parsed.host.removesuffix(".").removeprefix("www.")
    return host, parsed.path.rstrip("/"), parsed.query


def _parsed(url: str) -> httpx2.URL:
    import httpx2

    if len(url) > LONGEST:
        raise _refused(f"it is longer than {LONGEST} characters")
    try:
        return httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError) as error:
        raise _refused("it is no proper URL") from error


def _check_host(host: str) -> None:
    """Refuse hosts that are neither an address nor a name of the public internet."""
    if address_of(host) is not None and "%" not in host:
        return
    if host.rpartition(".")[2] in _NOT_PUBLIC or "." not in host:
        told = shortened(host, 60) or "nothing"
        raise _refused(f"its host, {told}, is no name of the public internet")
    if not _NAME.fullmatch(host):
        raise _refused("its host is written in a way that no public host is")


def _refused(why: str) -> NoAnswerError:
    return NoAnswerError(Kind.UNASKED, f"was not asked: {why}")
