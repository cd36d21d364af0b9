"""Many pages are asked for at once, but no host is overrun and no check goes on for ever."""

from __future__ import annotations

import time

from stellwerk_links.asking import Limits
from stellwerk_links.outcomes import Kind
from tests.links.conftest import Serve
from tests.links.doubles import Names, checker
from tests.links.servers import status


def test_a_host_has_two_requests_at_a_time(serve: Serve):
    site = serve({"*": status(200, after=0.02)})
    urls = [site.url(f"/{n}") for n in range(20)]
    found = checker(site).outcomes(urls)
    assert {each.kind for each in found.values()} == {Kind.FOUND}
    assert (site.most, len(site.asked)) == (2, 20)
    assert site.connections <= 4


def test_eight_requests_are_under_way_at_a_time(serve: Serve):
    site = serve({"*": status(200, after=0.2)})
    hosts = [f"h{n}.example.org" for n in range(12)]
    names = Names({host: [["127.0.0.1"]] for host in hosts})
    urls = [site.url(f"/{n}", host) for host in hosts for n in range(2)]
    found = checker(site, names=names).outcomes(urls)
    assert {each.kind for each in found.values()} == {Kind.FOUND}
    assert site.most == 8


def test_who_waits_for_a_slow_host_keeps_nobody_else_waiting(serve: Serve):
    """Twenty pages of one host queue; a page of another is asked at once."""
    slow, quick = serve({"*": status(200, after=0.3)}), serve({"*": status(200)}, "127.0.0.2")
    asked = checker(slow, quick, allowed=["127.0.0.0/30"], limits=Limits(seconds_of_all=1.0))
    urls = [*(slow.url(f"/{n}") for n in range(20)), quick.url()]
    found = asked.outcomes(urls)
    assert found[quick.url()].kind is Kind.FOUND


def test_waiting_for_a_turn_does_not_count_as_not_answering(serve: Serve):
    site = serve({"*": status(200, after=0.2)})
    urls = [site.url(f"/{n}") for n in range(12)]
    found = checker(site, limits=Limits(seconds=0.9)).outcomes(urls)
    assert {each.kind for each in found.values()} == {Kind.FOUND}


def test_when_all_time_is_up_the_rest_is_said_not_to_have_been_asked(serve: Serve):
    site = serve({"/quick": status(200), "*": status(200, after=60)})
    urls = [site.url("/quick"), *(site.url(f"/{n}") for n in range(4))]
    begin = time.monotonic()
    found = checker(site, limits=Limits(seconds_of_all=0.8)).outcomes(urls)
    assert time.monotonic() - begin < 4
    assert found[urls[0]].kind is Kind.FOUND
    rest = [found[url] for url in urls[1:]]
    assert {(each.kind, each.lasting) for each in rest} == {(Kind.SILENT, False)}


def test_who_wants_fewer_questions_is_left_alone(serve: Serve):
    site = serve({"*": status(429, after=0.05)})
    found = checker(site).outcomes([site.url(f"/{n}") for n in range(10)])
    assert {each.kind for each in found.values()} == {Kind.SILENT}
    assert any("wants fewer questions" in each.told for each in found.values())
    assert len(site.asked) == 2


def test_two_names_at_one_address_share_no_connection(serve: Serve):
    """Else the certificate of the one would speak for the other."""
    site = serve({"*": status(200)})
    names = Names({f"{name}.example.org": [["127.0.0.1"]] for name in "ab"})
    asked = checker(site, names=names, limits=Limits(at_once=1))
    asked.outcomes([site.url("/", f"{name}.example.org") for name in "abab"])
    asked.outcomes([site.url(f"/{n}", f"{name}.example.org") for name in "ab" for n in "12"])
    assert site.connections == 4
