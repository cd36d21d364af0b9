"""Connections go to the checked address; the certificate has to be for the name."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from stellwerk_links.asking import Limits
from stellwerk_links.outcomes import Kind, Outcome
from tests.links.conftest import Serve
from tests.links.doubles import Names, checker, outcome
from tests.links.servers import Site, status

NAMES = {f"{name}.example.org": [["127.0.0.1"]] for name in ("pages", "other")}


@pytest.fixture
def site(serve: Serve, certified: tuple[Path, Path]) -> Site:
    """Return a server with a certificate for `pages.example.org`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certified)
    return serve({"*": status(200)}, tls=context)


@pytest.fixture
def trust(certified: tuple[Path, Path]) -> ssl.SSLContext:
    """Return a context that trusts that certificate."""
    return ssl.create_default_context(cafile=str(certified[0]))


def test_the_name_is_said_and_checked_though_the_address_is_asked(
    site: Site, trust: ssl.SSLContext
):
    asked = checker(site, names=Names(NAMES), trust=trust)
    url = site.url("/a", "pages.example.org.", "https")
    assert outcome(asked, url) == Outcome(Kind.FOUND)
    assert site.names == ["pages.example.org"]
    assert f"\r\nHost: pages.example.org:{site.port}\r\n" in site.heads[0]


def test_a_certificate_for_another_name_is_not_trusted(site: Site, trust: ssl.SSLContext):
    asked = checker(site, names=Names(NAMES), trust=trust)
    found = outcome(asked, site.url("/a", "other.example.org", "https"))
    assert found.kind is Kind.SILENT
    assert found.told.startswith("shows a certificate that is not trusted (")
    assert "other.example.org" in found.told
    assert site.asked == []


def test_a_certificate_of_nobody_is_not_trusted(site: Site):
    asked = checker(site, names=Names(NAMES), trust=ssl.create_default_context())
    found = outcome(asked, site.url("/a", "pages.example.org", "https"))
    assert "certificate that is not trusted (self" in found.told


def test_who_speaks_no_tls_says_so(serve: Serve):
    plain = serve({"*": status(200)})
    trust, soon = ssl.create_default_context(), Limits(seconds=0.6)
    asked = checker(plain, names=Names(NAMES), trust=trust, limits=soon)
    found = outcome(asked, plain.url("/a", "pages.example.org", "https"))
    assert found.kind is Kind.SILENT


def test_without_further_ado_the_certificates_of_the_system_count(site: Site):
    asked = checker(site, names=Names(NAMES))
    usual = type(asked)(asked.memory, asked.limits, asked.resolver, asked.allowed)
    assert usual.trust is None
    found = outcome(usual, site.url("/a", "pages.example.org", "https"))
    assert found.told.startswith("shows a certificate that is not trusted (")
