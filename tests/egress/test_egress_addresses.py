"""Which places may be reached: odd URLs come out right, and no inner address looks public."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.egress.addresses import networks, permitted, place
from ombud.errors import BadUse

ADDRESSES = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
INNER = st.sampled_from(
    ["10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "0.0.0.0/8"]
).flatmap(lambda each: st.integers(0, 2**16 - 1).map(lambda n: ipaddress.IPv4Network(each)[n]))


def holding(inner: ipaddress.IPv4Address) -> dict[str, ipaddress.IPv6Address]:
    """The ways in which an IPv6 address can stand for an IPv4 address, written from their RFCs."""
    number = int(inner)
    return {
        "mapped": ipaddress.IPv6Address((0xFFFF << 32) | number),
        "compatible": ipaddress.IPv6Address(number),
        "translated": ipaddress.IPv6Address((0xFFFF << 48) | number),
        "NAT64": ipaddress.IPv6Address((0x64FF9B << 96) | number),
        "6to4": ipaddress.IPv6Address((0x2002 << 112) | (number << 80)),
        "Teredo": ipaddress.IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF)),
    }


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", "0.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1"),
        *("100.64.0.1", "100.100.100.200", "169.254.169.254", "168.63.129.16", "192.0.0.192"),
        *("192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1", "192.88.99.1"),
        *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("2001:db8::1", "2001::1", "2001:10::1", "2002:7f00:1::", "64:ff9b:1::1", "100::1"),
        *("3fff::1", "4000::1", "5f00::1", "::127.0.0.1", "::ffff:10.0.0.1"),
    ],
)
def test_no_inner_address_is_public(address: str) -> None:
    """Loopback, private, link-local, shared, multicast, reserved, tunnelled: none is reached."""
    assert not permitted(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.0.1.1", "223.255.255.255"),
        *("2606:4700::1111", "2a00::1", "::ffff:8.8.8.8", "64:ff9b::808:808"),
    ],
)
def test_a_public_address_may_be_reached(address: str) -> None:
    """A public address needs no permission, also where a translator stands in between."""
    assert permitted(ipaddress.ip_address(address))


@given(INNER)
def test_no_form_of_an_inner_address_passes(inner: ipaddress.IPv4Address) -> None:
    """An inner IPv4 address is refused in each of the forms that IPv6 has for it."""
    assert not permitted(inner)
    assert not [form for form, address in holding(inner).items() if permitted(address)]


@given(ADDRESSES)
def test_what_the_library_knows_as_inner_is_refused(address: ipaddress.IPv4Address) -> None:
    """Whatever `ipaddress` calls private, reserved or the like is never taken for public."""
    known = (
        address.is_private,
        address.is_reserved,
        address.is_multicast,
        address.is_loopback,
        address.is_link_local,
        address.is_unspecified,
        not address.is_global,
    )
    if any(known):
        assert not permitted(address)


def test_what_the_operator_named_may_be_reached() -> None:
    """A named address or network opens exactly itself, in the mapped form too."""
    named = networks(["127.0.0.1", "10.1.0.0/16", "fd12::/64"])
    allowed = ["127.0.0.1", "::ffff:127.0.0.1", "10.1.255.1", "64:ff9b::a01:1", "fd12::1"]
    assert all(permitted(ipaddress.ip_address(each), named) for each in allowed)
    refused = ["127.0.0.2", "10.2.0.1", "::1", "fd12:0:0:1::1", "::ffff:10.2.0.1"]
    assert not any(permitted(ipaddress.ip_address(each), named) for each in refused)


def test_a_tunnel_opens_only_where_both_its_ends_are_named() -> None:
    """Naming the tunnel's network does not open the inner address inside it."""
    tunnel = ipaddress.ip_address("2002:a01:1::")
    assert not permitted(tunnel, networks(["2002::/16"]))
    assert permitted(tunnel, networks(["2002::/16", "10.1.0.0/16"]))


@pytest.mark.parametrize("wrong", ["localhost", "10.1.2.3/16", "", "10.0.0.0/33", "a\x1bb"])
def test_a_wrong_network_is_told(wrong: str) -> None:
    """What is no network is an error with its place, safe to print."""
    with pytest.raises(BadUse) as caught:
        networks(["127.0.0.1", wrong], "connectors.forum.allow")
    assert (caught.value.code, caught.value.where) == ("U030", "connectors.forum.allow")
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://0x7f.1/", "127.0.0.1", 80),
        ("http://127.1", "127.0.0.1", 80),
        ("http://2130706433:8080", "127.0.0.1", 8080),
        ("http://017700000001", "127.0.0.1", 80),
        ("http://127.0.0.1./", "127.0.0.1", 80),
        ("https://[::ffff:127.0.0.1]", "::ffff:7f00:1", 443),
        ("https://LOCALHOST./a", "localhost.", 443),
        ("https://b\u00fccher.example:443/", "xn--bcher-kva.example", 443),
        ("http://\u2460\u2461\u2466.0.0.1/", "127.0.0.1", 80),
        ("http://ex%61mple.com", "example.com", 80),
        ("https:\\\\a.example\\x", "a.example", 443),
        ("http://a.example@b.example", None, 0),
        ("http://:secret@b.example", None, 0),
        ("http://[fe80::1%25eth0]/", None, 0),
        ("http://1.1.1.1.1", None, 0),
        ("http://a.example:99999", None, 0),
        ("http://a b/", None, 0),
        ("https://a.example/x\r\nHost: b.example", None, 0),
        ("http://a\tb.example", None, 0),
        ("http://a\u200b.example", None, 0),
        ("ftp://a.example/", None, 0),
        ("file:///etc/passwd", None, 0),
        ("unix:///run/x.sock", None, 0),
        ("a.example", None, 0),
        ("", None, 0),
        ("http://a.example/" + "x" * 2000, None, 0),
    ],
)
def test_odd_urls_come_out_right(url: str, host: str | None, port: int) -> None:
    """A URL leads where a browser would take it, or is refused without being repeated."""
    if host is not None:
        found = place(url)
        assert (found.host, found.port) == (host, port)
        assert found.secure == url.startswith("https")
        return
    with pytest.raises(BadUse) as caught:
        place(url, "connectors.forum.url")
    assert (caught.value.code, caught.value.where) == ("U031", "connectors.forum.url")
    assert not url or url not in str(caught.value)


def test_path_and_query_are_kept_and_the_fragment_is_not() -> None:
    """What is asked for is plain ASCII, and what stands after `#` stays here."""
    found = place("https://a.example:8443/\u00fc b?c=d e#f")
    assert found.target == "/%C3%BC%20b?c=d%20e"
    assert found.authority == "a.example:8443"


@given(st.text(max_size=60))
def test_any_url_is_taken_apart_or_refused(text: str) -> None:
    """No text raises anything but the error of the catalogue, or leaves a line break in a part."""
    for url in (text, "http://" + text, "https://a.example/" + text):
        try:
            found = place(url)
        except BadUse:
            continue
        assert (found.host + found.authority + found.target).isascii()
        assert (found.host + found.authority + found.target).isprintable()
        assert " " not in found.target
