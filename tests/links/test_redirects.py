"""Redirects are followed by hand, and every place they lead to is checked like the first."""

from __future__ import annotations

import pytest

from stellwerk_links.outcomes import Kind, Outcome
from tests.links.conftest import Serve
from tests.links.doubles import Names, checker, outcome
from tests.links.servers import leads, status


def test_a_page_that_moved_for_good_is_found_with_its_new_url(serve: Serve):
    site = serve({"/a": leads("/b", 301), "/b": leads("/c", 308), "/c": status(200)})
    found = outcome(checker(site), site.url("/a"))
    assert found == Outcome(Kind.FOUND, moved=site.url("/c"))


def test_a_detour_for_now_is_no_move(serve: Serve):
    site = serve(
        {
            "/a": leads("/b", 302),
            "/b": leads("/c", 301),
            "/c": status(200),
            "/d": leads("/e", 301),
            "/e": leads("/c", 307),
        }
    )
    assert outcome(checker(site), site.url("/a")) == Outcome(Kind.FOUND)
    assert outcome(checker(site), site.url("/d")).moved == site.url("/e")


def test_a_slash_at_the_end_is_no_other_page(serve: Serve):
    site = serve({"/a": leads("/a/", 301), "/a/": status(200)})
    assert outcome(checker(site), site.url("/a")) == Outcome(Kind.FOUND)


def test_what_leads_to_a_missing_page_is_missing(serve: Serve):
    site = serve({"/a": leads("/b", 301)})
    found = outcome(checker(site), site.url("/a"))
    told = f"leads to {site.url('/b')}, which does not exist (404)"
    assert found == Outcome(Kind.MISSING, told)


def test_five_redirects_are_followed_and_a_sixth_is_not(serve: Serve):
    pages = {f"/{n}": leads(f"/{n + 1}") for n in range(6)}
    site = serve({**pages, "/6": status(200)})
    assert outcome(checker(site), site.url("/1")) == Outcome(Kind.FOUND)
    site.asked.clear()
    found = outcome(checker(site), site.url("/0"))
    assert found == Outcome(Kind.SILENT, "is redirected more than 5 times")
    assert len(site.asked) == 6


@pytest.mark.parametrize("back", ["/a", "/a#again", "http://127.0.0.1:{port}/a"])
def test_a_circle_is_left_when_it_closes(serve: Serve, back: str):
    site = serve({"/a": leads("/b"), "/b": leads(back)})
    found = outcome(checker(site), site.url("/a"))
    assert found == Outcome(Kind.SILENT, "is redirected in a circle")
    assert site.asked == ["HEAD /a", "HEAD /b"]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[64:ff9b::7f00:1]:{port}/",
        "http://[2002:7f00:1::]:{port}/",
        "http://2130706433:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://0x7f.0.0.1:{port}/",
        "http://127.1:{port}/",
        "http://0:{port}/",
        "http://localhost.:{port}/",
        "http://LOCALHOST:{port}/",
        "http://private.example.org:{port}/",
        "http://PRIVATE.example.org.:{port}/",
        "http://mixed.example.org:{port}/",
        "http://mapped.example.org:{port}/",
        "http://ada:secret@public.example.org:{port}/",
        "http://public.example.org:22/",
        "ftp://public.example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/",
    ],
)
@pytest.mark.parametrize("code", [301, 302, 307])
def test_no_redirect_leads_into_a_private_network(serve: Serve, location: str, code: int):
    """Whatever it is written as: nothing private is connected to."""
    private = serve({"*": status(200)})
    public = serve(
        {"/a": leads(location.replace("{port}", str(private.port)), code)}, "127.0.0.2"
    )
    names = Names(
        {
            "public.example.org": [["127.0.0.2"]],
            "private.example.org": [["127.0.0.1"]],
            "mixed.example.org": [["127.0.0.2", "127.0.0.1"]],
            "mapped.example.org": [["::ffff:127.0.0.1"]],
        }
    )
    asked = checker(public, private, names=names, allowed=["127.0.0.2/32"])
    found = outcome(asked, public.url("/a", "public.example.org"))
    assert found.kind is Kind.UNASKED
    assert found.told.startswith("leads to ")
    assert ", which was not asked: " in found.told
    assert (public.asked, private.connections) == (["HEAD /a"], 0)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:7f00:1]", "private.example.org", "10.0.0.1"]
)
def test_a_private_address_is_not_asked_in_the_first_place(serve: Serve, host: str):
    private = serve({"*": status(200)})
    names = Names({"private.example.org": [["127.0.0.1"]]})
    asked = checker(private, names=names, allowed=[])
    found = outcome(asked, private.url("/", host))
    assert found.kind is Kind.UNASKED
    assert found.told.endswith("is not on the public internet")
    assert private.connections == 0


def test_a_name_that_says_something_else_later_gains_nothing(serve: Serve):
    """First a public address, then a private one: the checked one is connected to."""
    pages = {"/a": leads("/b"), "/b": leads("/c"), "*": status(405, "Connection: close")}
    public = serve(pages, "127.0.0.2")
    private = serve({"*": status(200)}, port=public.port)
    names = Names({"rebind.example.org": [["127.0.0.2"], ["127.0.0.1"]]})
    asked = checker(public, names=names, allowed=["127.0.0.2/32"])
    found = asked.outcomes([public.url(path, "rebind.example.org") for path in ("/a", "/d")])
    assert {each.kind for each in found.values()} == {Kind.UNCLEAR}
    assert private.connections == 0
    assert set(public.asked) >= {"HEAD /a", "HEAD /b", "GET /c", "GET /d"}


def test_a_name_that_turns_private_before_it_is_asked_is_refused(serve: Serve):
    """What was public for one check is looked up anew for the next."""
    public = serve({"*": status(200)}, "127.0.0.2")
    names = Names({"rebind.example.org": [["127.0.0.2"], ["127.0.0.1"]]})
    asked = checker(public, names=names, allowed=["127.0.0.2/32"])
    url = public.url("/", "rebind.example.org")
    assert [outcome(asked, url).kind for _ in range(2)] == [Kind.FOUND, Kind.UNASKED]
