"""Checks of the way to the models: trusted certificates, the clock, addresses, proxies.

A connection is made and nothing is sent over it, no key and no question.
"""

from __future__ import annotations

import os
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from stellwerk.cli.checks.check import SECONDS, Check, Verdict, within
from stellwerk.cli.desk import Desk
from stellwerk.cli.present.amounts import clock
from stellwerk.providers.addresses import is_local, without_credentials
from stellwerk.providers.pricing import load_prices

_WITHOUT: Final = "Planning works without it, from playbooks."
_PATIENCE: Final = SECONDS + 0.3
_TRUST: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_NOT_YET, _EXPIRED = 9, 10
_OTHER_NAMES: Final = frozenset({62, 64})
"""Codes of OpenSSL (X509_V_ERR)."""


class Trouble(NamedTuple):
    """Why an address could not be reached, and what to do."""

    message: str
    hint: str


FINE: Final = Trouble("", "")


def check_trust(desk: Desk) -> Iterator[Check]:
    """Check that there are certificates to trust."""
    del desk
    for variable in _TRUST:
        named = os.environ.get(variable, "")
        places = [Path(each) for each in named.split(os.pathsep) if each]
        right = Path.is_file if variable == "SSL_CERT_FILE" else Path.is_dir
        if places and not any(right(place) for place in places):
            told = f"{variable} names {named}, which is not there: nothing will be trusted"
            hint = f"Correct it, or take it away: unset {variable}"
            yield Check("tls", Verdict.ODD, told, hint)
            return
    found = _trusted()
    if found is None:
        hint = "Install them (on Debian the package ca-certificates), or set SSL_CERT_FILE."
        yield Check("tls", Verdict.ODD, "no certificate of anybody is trusted here", hint)
        return
    yield Check("tls", Verdict.FINE, f"certificates of {found} are trusted")


def check_clock(desk: Desk) -> Iterator[Check]:
    """Check that it is not earlier than it can be: certificates would not be valid yet."""
    path = desk.stellwerk.database
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else None
    made = date.fromisoformat(load_prices().prices[-1].source)
    yield clock_check(datetime.now(UTC), made, changed)


def clock_check(now: datetime, made: date, changed: datetime | None) -> Check:
    """Return what is to be said of the clock.

    Args:
        now: What it says, UTC.
        made: When this Stellwerk was made.
        changed: When the database was changed last, if there is one.
    """
    day = timedelta(days=1)
    if now.date() < made - day:
        told = f"it says {clock(now)}, but this Stellwerk is of {made.isoformat()}"
        hint = "Set the clock: until then connections are refused as not trusted."
        return Check("clock", Verdict.ODD, told, hint)
    if changed and changed > now + day:
        told = f"it says {clock(now)}, but the database was changed on {clock(changed)}"
        return Check("clock", Verdict.ODD, told, "Set the clock.")
    return Check("clock", Verdict.FINE, clock(now))


def check_network(addresses: Mapping[str, str], *, offline: bool) -> Iterator[Check]:
    """Check that addresses are reached, each given by the name of its provider.

    Args:
        addresses: Who is reached where.
        offline: Whether playbooks plan when nobody is reached.
    """
    if not addresses:
        told = "nothing has to be reached; planning works without"
        yield Check("network", Verdict.FINE, told)
        return
    proxies = {name: proxy_of(url) for name, url in addresses.items()}
    yield from proxied(addresses, proxies)
    works: list[Callable[[], Trouble]] = [
        partial(trouble_at, url, proxies[name]) for name, url in addresses.items()
    ]
    found = within(_PATIENCE, works)
    for (name, url), trouble in zip(addresses.items(), found, strict=True):
        host = urlsplit(url).netloc
        if trouble == FINE:
            yield Check("network", Verdict.FINE, f"{name} is reached at {host}")
            continue
        message, hint = trouble or Trouble("no answer in time", _way(url))
        told = f"{name} cannot be reached at {host}: {message}"
        yield Check("network", Verdict.ODD, told, f"{hint} {_WITHOUT}" if offline else hint)


def proxy_of(url: str) -> str:
    """Return the proxy through which an address is reached, or nothing."""
    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return ""
    proxies: Mapping[str, str] = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all") or ""


def proxied(addresses: Mapping[str, str], proxies: Mapping[str, str]) -> Iterator[Check]:
    """Yield what is to be said of proxies."""
    for proxy in dict.fromkeys(filter(None, proxies.values())):
        shown = without_credentials(proxy)
        names = [name for name, each in proxies.items() if each == proxy]
        local = [name for name in names if is_local(addresses[name])]
        if local:
            told = f"{', '.join(local)} on this machine would be asked through {shown}"
            hint = "export NO_PROXY=localhost,127.0.0.1"
            yield Check("network", Verdict.ODD, told, hint)
        if others := [name for name in names if name not in local]:
            told = f"{', '.join(others)} is asked through the proxy {shown}"
            yield Check("network", Verdict.FINE, told)


def trouble_at(url: str, proxy: str, seconds: float = SECONDS) -> Trouble:
    """Connect to an address and say what is in the way; `FINE` if nothing is.

    Args:
        url: The address.
        proxy: The proxy on the way, or nothing.
        seconds: How long each step may take.
    """
    try:
        context = _context() if url.startswith("https:") else None
    except OSError:
        return Trouble("there are no certificates to trust it by", "See the line `tls`.")
    try:
        with closing(_connection(urlsplit(url), proxy, seconds, context)) as connection:
            connection.connect()
    except ssl.SSLCertVerificationError as error:
        return untrusted(error)
    except ssl.SSLError as error:
        reason = (error.reason or "no TLS").lower().replace("_", " ")
        return Trouble(f"it speaks no TLS ({reason})", "Does the base URL have to be http://?")
    except socket.gaierror:
        return Trouble("its name is not known", _way(url))
    except (OSError, HTTPException, ValueError) as error:
        told = getattr(error, "strerror", None) or str(error) or "no answer in time"
        return Trouble(told.lower(), "Is the proxy right?" if proxy else _way(url))
    return FINE


def _way(url: str) -> str:
    """Return what to look at when nothing is heard from an address."""
    return "Is the server running?" if is_local(url) else "Is this machine online?"


def _connection(
    parts: SplitResult, proxy: str, seconds: float, context: ssl.SSLContext | None
) -> HTTPConnection:
    """Return a connection that is not open yet.

    Raises:
        ValueError: The address or the proxy is of a kind that cannot be tried.
    """
    through = urlsplit(proxy if "://" in proxy else f"http://{proxy}") if proxy else parts
    if proxy and through.scheme != "http":
        raise ValueError(f"a proxy of the kind {through.scheme} is not tried here")
    host = through.hostname or ""
    if context is None:
        return HTTPConnection(host, through.port or 80, timeout=seconds)
    port = through.port or (80 if proxy else 443)
    connection = HTTPSConnection(host, port, timeout=seconds, context=context)
    if proxy:
        connection.set_tunnel(parts.hostname or "", parts.port or 443, _credentials(through))
    return connection


def _credentials(proxy: SplitResult) -> dict[str, str]:
    """Return the header by which a proxy knows who asks, if it wants to."""
    if proxy.username is None:
        return {}
    who = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(who.encode()).decode()}"}


def _context() -> ssl.SSLContext:
    """Return what the calls to models trust."""
    import httpx2

    return httpx2.create_ssl_context()


def _trusted() -> str | None:
    """Return where trusted certificates come from, or None if there are none."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if context.cert_store_stats()["x509_ca"]:
        return paths.cafile or "the system"
    folders = (paths.capath or "").split(os.pathsep)
    return next((each for each in folders if each and any(Path(each).glob("*.[0-9]"))), None)


def untrusted(error: ssl.SSLCertVerificationError) -> Trouble:
    """Return why a certificate is not trusted, in words."""
    if error.verify_code in (_NOT_YET, _EXPIRED):
        word = "not valid yet" if error.verify_code == _NOT_YET else "expired"
        hint = f"Is the clock right? It says {clock(datetime.now(UTC))}."
        return Trouble(f"its certificate is {word}", hint)
    if error.verify_code in _OTHER_NAMES:
        return Trouble("its certificate is for another name", "Check the base URL.")
    hint = "A proxy that looks inside may be on the way: name its certificate, SSL_CERT_FILE."
    return Trouble(f"its certificate is not trusted ({error.verify_message})", hint)
