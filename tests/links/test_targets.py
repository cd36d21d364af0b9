"""What a URL asks for, and which URLs are refused before anything is looked up."""

from __future__ import annotations

import pytest

from stellwerk_links.outcomes import Kind, NoAnswerError
from stellwerk_links.targets import onward, same_page, target_of

NO_NAME = "is no name of the public internet"
ODD = "its host is written in a way that no public host is"


@pytest.mark.parametrize(
    ("url", "asked", "host", "port"),
    [
        ("https://example.org", "https://example.org", "example.org", 443),
        ("HTTP://Example.ORG:80/a?b=c#d", "http://example.org/a?b=c", "example.org", 80),
        ("https://example.org.:8443/", "https://example.org:8443/", "example.org", 8443),
        (
            *(
                "https://bücher.example.org/ä b",
                "https://xn--bcher-kva.example.org/%C3%A4%20b",
            ),
            *("xn--bcher-kva.example.org", 443),
        ),
        ("http://例え.jp/", "http://xn--r8jz45g.jp/", "xn--r8jz45g.jp", 80),
        ("http://a_b.example.org/", "http://a_b.example.org/", "a_b.example.org", 80),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/", "2606:4700::1111", 80),
        ("http://8.8.8.8:8080/", "http://8.8.8.8:8080/", "8.8.8.8", 8080),
    ],
)
def test_a_url_is_taken_apart_once_for_all_that_follows(
    url: str, asked: str, host: str, port: int
):
    target = target_of(url)
    assert (str(target.url), target.host, target.port) == (asked, host, port)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://example.org/a", "only http and https are"),
        ("file:///etc/passwd", "only http and https are"),
        ("javascript:alert(1)", "only http and https are"),
        ("//example.org/", "only http and https are"),
        ("http://ada@example.org/", "a user name or a password"),
        ("https://ada:secret@example.org/", "a user name or a password"),
        ("http://example.org\\@127.0.0.1/", "a user name or a password"),
        ("http://example.org:22/", "port 22 is none of the web's"),
        ("http://example.org:0/", "port 0 is none of the web's"),
        ("http://example.org:99999/", "port 99999 is none of the web's"),
        ("http://example.org:x/", "it is no proper URL"),
        ("http://example.org/\x1b[31m", "it is no proper URL"),
        ("http://example.org/\r\nHost: evil", "it is no proper URL"),
        ("http://exa\tmple.org/", "it is no proper URL"),
        ("http://\x00/", "it is no proper URL"),
        ("http://0177.0.0.1/", "it is no proper URL"),
        ("http://\uff11\uff12\uff17.0.0.1/", "it is no proper URL"),
        ("http://[::1/", "it is no proper URL"),
        ("http://localhost/", NO_NAME),
        ("http://localhost./", NO_NAME),
        ("http://LOCALHOST:8080/", NO_NAME),
        ("http://wiki/", NO_NAME),
        ("http://printer.local/", NO_NAME),
        ("http://metadata.google.internal/", NO_NAME),
        ("http://1.0.0.127.in-addr.arpa/", NO_NAME),
        ("http://hidden.onion/", NO_NAME),
        ("http:///path", NO_NAME),
        ("http://2130706433/", NO_NAME),
        ("http://0x7f000001/", NO_NAME),
        ("http://017700000001/", NO_NAME),
        ("http://127.1/", ODD),
        ("http://0x7f.0.0.0x1/", ODD),
        ("http://127.0.0.0x1/", ODD),
        ("http://[fe80::1%25eth0]/", NO_NAME),
        ("http://exa mple.org/", ODD),
        ("http://%31%32.org/", ODD),
        ("http://-a.example.org/", ODD),
        ("http://a..example.org/", ODD),
        ("http://.example.org/", ODD),
        (f"http://{'a' * 64}.org/", ODD),
        (f"http://{'a.' * 127}org/", ODD),
        (f"http://example.org/{'a' * 2048}", "longer than 2048 characters"),
    ],
)
def test_what_must_not_be_asked_is_refused_with_a_reason(url: str, why: str):
    with pytest.raises(NoAnswerError, match=r"^was not asked: ") as caught:
        target_of(url)
    assert caught.value.kind is Kind.UNASKED
    assert why in caught.value.message


def test_a_redirect_is_followed_from_where_it_stands():
    target = target_of("https://example.org/a/b?c#d")
    assert onward(target, "../e") == "https://example.org/e"
    assert onward(target, "//example.com/f") == "https://example.com/f"
    assert onward(target, "?g") == "https://example.org/a/b?g"


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("", "is redirected to nowhere"),
        ("/a\x00b", "leads to /ab, which was not asked: it is no proper URL"),
        ("http://a:b:c/", "which was not asked: it is no proper URL"),
        ("http://0177.0.0.1/", "which was not asked: it is no proper URL"),
    ],
)
def test_a_redirect_to_nowhere_says_so(location: str, why: str):
    with pytest.raises(NoAnswerError, match=why) as caught:
        onward(target_of("https://example.org/"), location)
    assert caught.value.kind is (Kind.UNASKED if location else Kind.SILENT)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://example.org/a", "https://www.example.org/a/", True),
        ("http://example.org", "http://example.org/#top", True),
        ("http://example.org/a", "http://example.org/b", False),
        ("http://example.org/a", "http://example.org/a?b=1", False),
        ("http://example.org/a", "http://example.com/a", False),
    ],
)
def test_only_what_a_reader_would_notice_makes_another_page(one: str, other: str, same: bool):
    assert same_page(one, other) is same
