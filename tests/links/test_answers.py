"""What a page's answer says of it, however it comes."""

from __future__ import annotations

import pytest

from stellwerk_links.outcomes import Kind, Outcome
from tests.links.conftest import Serve
from tests.links.doubles import Names, checker, outcome
from tests.links.servers import hosted, refuses_head, status

FOUND = Outcome(Kind.FOUND)


@pytest.mark.parametrize(
    ("code", "kind", "told"),
    [
        (200, Kind.FOUND, ""),
        (204, Kind.FOUND, ""),
        (206, Kind.FOUND, ""),
        (300, Kind.FOUND, ""),
        (304, Kind.FOUND, ""),
        (400, Kind.UNCLEAR, ""),
        (401, Kind.UNCLEAR, ""),
        (403, Kind.UNCLEAR, ""),
        (404, Kind.MISSING, "does not exist (404)"),
        (408, Kind.SILENT, "answered with 408"),
        (410, Kind.MISSING, "does not exist (410)"),
        (416, Kind.UNCLEAR, ""),
        (429, Kind.SILENT, "answered with 429"),
        (451, Kind.UNCLEAR, ""),
        (500, Kind.SILENT, "answered with 500"),
        (503, Kind.SILENT, "answered with 503"),
        (999, Kind.UNCLEAR, ""),
    ],
)
def test_a_status_says_what_is_known_of_a_page(serve: Serve, code: int, kind: Kind, told: str):
    site = serve({"/page": status(code)})
    assert outcome(checker(site), site.url("/page")) == Outcome(kind, told)


def test_a_page_that_is_there_is_asked_for_its_head_alone(serve: Serve):
    site = serve({"/page": status(200)})
    assert outcome(checker(site), site.url("/page")) == FOUND
    assert site.asked == ["HEAD /page"]


@pytest.mark.parametrize("code", [400, 403, 404, 405, 501, 503])
def test_where_the_head_is_refused_a_little_of_the_page_is_asked_for(serve: Serve, code: int):
    site = serve({"/page": refuses_head(status(206), code)})
    assert outcome(checker(site), site.url("/page")) == FOUND
    assert site.asked == ["HEAD /page", "GET /page"]
    assert "\r\nRange: bytes=0-1023\r\n" in site.heads[1]


def test_a_host_that_nobody_knows_does_not_exist():
    found = outcome(checker(), "https://nobody.example.org/")
    told = "does not exist: there is no host nobody.example.org"
    assert found == Outcome(Kind.NO_HOST, told)


def test_a_machine_that_is_offline_says_nothing_of_pages():
    """One unknown host is news of that host, three and none known are not."""
    urls = [f"https://{name}.example.org/" for name in "abc"]
    offline = checker().outcomes(urls)
    assert {each.kind for each in offline.values()} == {Kind.SILENT}
    assert all("may be offline" in each.told and not each.lasting for each in offline.values())
    two = checker().outcomes(urls[:2])
    assert {each.kind for each in two.values()} == {Kind.NO_HOST}


def test_one_answer_shows_that_the_machine_is_online(serve: Serve):
    site = serve({"*": status(200)})
    urls = [f"https://{name}.example.org/" for name in "abc"]
    found = checker(site).outcomes([*urls, site.url()])
    assert {found[url].kind for url in urls} == {Kind.NO_HOST}


def test_a_server_that_refuses_the_connection_says_so():
    with hosted({}) as site:
        url = site.url()
    assert outcome(checker(site), url) == Outcome(Kind.SILENT, "refused the connection")


def test_the_next_address_is_asked_where_the_first_does_not_listen(serve: Serve):
    site = serve({"*": status(200)}, host="127.0.0.3")
    names = Names({"pages.example.org": [["127.0.0.2", "127.0.0.3"]]})
    asked = checker(site, names=names, allowed=["127.0.0.2/31"])
    assert outcome(asked, site.url("/", "pages.example.org")) == FOUND


def test_nothing_but_the_url_leaves_the_machine(serve: Serve):
    """No cookie, no referrer, no language, no fragment, and nothing of a former answer."""
    site = serve({"*": status(405, "Set-Cookie: who=ada; Path=/")})
    outcome(checker(site), site.url("/a?b=c#secret"))
    heads = [head.rstrip().split("\r\n") for head in site.heads]
    assert [head[0] for head in heads] == ["HEAD /a?b=c HTTP/1.1", "GET /a?b=c HTTP/1.1"]
    names = [sorted(line.partition(":")[0] for line in head[1:]) for head in heads]
    usual = ["Accept", "Accept-Encoding", "Host", "User-Agent"]
    assert names == [usual, sorted([*usual, "Range"])]
    assert heads[0][2].startswith("User-Agent: Stellwerk/2")


def test_proxies_of_the_environment_are_not_used(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
):
    site, proxy = serve({"*": status(200)}), serve({"*": status(200)})
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url())
    assert outcome(checker(site), site.url("/page")) == FOUND
    assert (site.asked, proxy.asked) == (["HEAD /page"], [])


def test_urls_that_differ_in_the_fragment_are_one_page(serve: Serve):
    site = serve({"/page": status(200)})
    urls = [site.url("/page#a"), site.url("/page#b"), site.url("/page")]
    assert checker(site).outcomes(urls) == dict.fromkeys(urls, FOUND)
    assert site.asked == ["HEAD /page"]


def test_an_international_host_is_asked_by_its_ascii_name(serve: Serve):
    site = serve({"*": status(200)})
    names = Names({"xn--bcher-kva.example.org": [["127.0.0.1"]]})
    asked = checker(site, names=names)
    assert outcome(asked, site.url("/ä", "bücher.example.org")) == FOUND
    assert f"\r\nHost: xn--bcher-kva.example.org:{site.port}\r\n" in site.heads[0]
    assert site.asked == ["HEAD /%C3%A4"]
