"""Only addresses of the public internet may be asked, in whatever form they stand."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from stellwerk_links.addresses import address_of, is_public, may_be_asked, networks

CLOSED = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
127.255.255.254 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1
172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1
198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b::10.1.2.3 64:ff9b:1::1
64:ff9b:1::8.8.8.8 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1
2001:db8::1 2002:7f00:1:: 2002:a00:1:: 2002:c0a8:101::1 2002:a9fe:a9fe:: 3fff::1 5f00::1
4000::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1
""".split()
PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.0.0.1 128.0.0.1
169.253.0.1 172.15.0.1 172.32.0.1 192.167.0.1 198.17.0.1 198.20.0.1 223.255.255.255
::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1 2001:4860:4860::8888 2606:4700::1111
2a00:1450:4001::200e
""".split()


@pytest.mark.parametrize("text", CLOSED)
def test_what_is_not_of_the_public_internet_is_refused(text: str):
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_what_is_of_the_public_internet_is_asked(text: str):
    assert is_public(ip_address(text))


def test_an_allowed_network_is_asked_and_its_neighbour_is_not():
    allowed = networks("127.0.0.2/32", "fd00::/8")
    asked = ["127.0.0.2", "fd00::1", "8.8.8.8"]
    assert all(may_be_asked(ip_address(text), allowed) for text in asked)
    refused = ["127.0.0.1", "127.0.0.3", "fe80::1", "::ffff:127.0.0.2"]
    assert not any(may_be_asked(ip_address(text), allowed) for text in refused)


def test_a_name_is_no_address():
    assert [address_of(host) for host in ("example.org", "127.1", "0177.0.0.1", "")] == [
        None
    ] * 4
