"""Web addresses: what counts as one, how a browser reads it, whose site it is."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ombud.signals import links


def urls(text: str, *given_links: str) -> list[str]:
    """The addresses found, without their closing slash."""
    return [found.url.removesuffix("/") for found in links.addresses(text, given_links)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see http://a.example.", ["http://a.example"]),
        ("HTTPS://A.Example/Path?q=1#x", ["https://a.example/Path?q=1#x"]),
        ("(https://en.wikipedia.org/wiki/Foo_(bar)),", ["https://en.wikipedia.org/wiki/Foo_(bar)"]),
        ("[shop](http://x.vn/a)", ["http://x.vn/a"]),
        ("<http://a.example> 'http://b.example'", ["http://a.example", "http://b.example"]),
        ("www.shop.it and shop.com", ["http://www.shop.it", "http://shop.com"]),
        ("t.me/abc bit.ly/1", ["http://t.me/abc", "http://bit.ly/1"]),
        ("mua ở shop.com.vn nhé", ["http://shop.com.vn"]),
        (
            "a.example:8080 1.2.3.4:80 1.2.3.4/x",
            ["http://a.example:8080", "http://1.2.3.4", "http://1.2.3.4/x"],
        ),
        ("hxxps://evil[.]com/a", ["https://evil.com/a"]),
        ("hxxp[:]//evil(.)com", ["http://evil.com"]),
        ("example[dot]com", ["http://example.com"]),
        (
            "example\u2024com ｅｘａｍｐｌｅ．ｎｅｔ example。org",
            ["http://example.com", "http://example.net", "http://example.org"],
        ),
        ("exa\u200bmple.com", ["http://example.com"]),
        ("http://bücher.example/ä", ["http://xn--bcher-kva.example/%C3%A4"]),
        ("http://0x7f.1/", ["http://127.0.0.1"]),
        ("http://2130706433", ["http://127.0.0.1"]),
        ("http://a.comhttp://b.com", ["http://a.com", "http://b.com"]),
        ("http://a.com,http://b.com", ["http://a.com", "http://b.com"]),
        (
            "https://web.example/save?u=http://a.example",
            ["https://web.example/save?u=http://a.example"],
        ),
        ("http://a.example http://a.example/", ["http://a.example"]),
        ("你好。世界 http://a.example。", ["http://a.example"]),
        ("http://localhost/x", ["http://localhost/x"]),
        ("Web:shop.vn, link=SHOP.COM", ["http://shop.vn", "http://shop.com"]),
    ],
)
def test_addresses_are_found(text: str, found: list[str]) -> None:
    """What a reader takes for an address is found, written as a browser writes it."""
    assert urls(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No address here. None at all.",
        "python 3.11.7 and version 1.2.3.4",
        "e.g.this, i.e. that",
        "see readme.md, main.py, install.sh and node.js",
        "mail ana@shop.com or first.last@mail.shop.com.vn",
        "@ana@social.example and @bo:matrix.org in #room:matrix.org",
        "it costs 3.50 or 1.000.000, at 10.30",
        "We are done.It is late.Come home",
        "at last.At home, enough.Top that, as he did.Org charts",
        "wait...com",
        "/usr/share/shop.com src/app.com",
        "你好。世界。中国",
        "ftp.unknown.zzzz",
        "http://",
        "http:// a.b",
        "mailto:ana@shop.com",
    ],
)
def test_what_is_no_address_is_not_found(text: str) -> None:
    """Versions, files, mail addresses, handles, paths, prices and sentences are no addresses."""
    assert urls(text) == []


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.example.co.uk", "example.co.uk"),
        ("a.github.io", "a.github.io"),
        ("x.a.github.io", "a.github.io"),
        ("github.io", "github.io"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("localhost", "localhost"),
        ("a.b.example", "b.example"),
        ("www.xn--bcher-kva.de", "xn--bcher-kva.de"),
    ],
)
def test_the_site_is_the_registrable_domain(host: str, site: str) -> None:
    """Private suffixes are suffixes; an IP address or a bare suffix is its own site."""
    assert links.domain(host) == site
    (address,) = links.addresses(f"http://{host}/", ())
    assert (address.host, address.domain) == (host, site)


def test_given_links_count_with_those_in_the_text() -> None:
    """Links beside the text come first, each once; what is no web address is left out."""
    beside = (
        "https://b.example/x",
        "mailto:a@b.example",
        "/relative",
        "javascript:alert(1)",
        "c.example",
    )
    assert urls("http://a.example https://b.example/x", *beside) == [
        "https://b.example/x",
        "http://c.example",
        "http://a.example",
    ]


def test_a_closing_dot_of_the_host_does_not_make_another_host() -> None:
    """`a.example.` and `a.example` are one host."""
    hosts = {found.host for found in links.addresses("http://a.example./x http://a.example/x", ())}
    assert hosts == {"a.example"}


def test_addresses_are_bounded() -> None:
    """At most 256 addresses are told, and very long hosts and addresses are not read to the end."""
    many = " ".join(f"http://a{number}.example" for number in range(1000))
    assert len(links.addresses(many, ())) == links.ADDRESSES_MAX
    assert links.addresses("http://" + "a." * 300 + "com", ()) == ()
    (long,) = links.addresses("http://a.example/" + "x" * 60_000, ())
    assert len(long.url) <= links.URL_MAX + 20
    assert len(links.addresses("", tuple(f"http://b{n}.example" for n in range(500)))) == 256


@pytest.mark.parametrize(
    "text",
    [
        "a.b " * 16_384,
        "http://a.vn " * 5_461,
        "a." * 32_768,
        "a" * 65_536 + ".com",
        "-" * 65_000 + ".com/" + "-" * 500,
        "[dot]" * 13_000,
        "http://a.vn/" + "(" * 30_000 + ")" * 30_000,
        "http://" * 9_362,
        "@" * 65_000 + "a.com",
        "." * 65_536,
        "\u0301\u0316" * 32_000 + ".com",
        "http://a.vn/" + ")" * 60_000,
    ],
)
def test_hostile_texts_end(text: str) -> None:
    """Texts made to make a pattern hang are read in one pass."""
    assert len(links.addresses(text, (text[: links.URL_MAX],))) <= links.ADDRESSES_MAX


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("ahtpx:/.@[](){}-w \ud800\u200b。．é#?%&=1"), max_size=60))
def test_any_text_has_an_answer(text: str) -> None:
    """No text raises, and whatever is found is an address again when read alone."""
    for found in links.addresses(text, (text,)):
        assert links.parse(found.url) is not None
        assert found.host == found.host.lower()


@pytest.mark.parametrize(
    ("url", "shown", "misleading"),
    [
        ("http://a.example", "b.example", True),
        ("http://a.example", "http://b.example/login", True),
        ("http://a.example/x", "a.example", False),
        ("https://login.bank.co.uk", "www.bank.co.uk", False),
        ("http://evil.github.io", "good.github.io", True),
        ("http://xn--pypal-4ve.com", "paypal.com", True),
        ("http://a.example", "our new shop", False),
        ("http://a.example", "see b.example for more", True),
        ("http://evil.com", "\u27a1 bank.com \u2b05", True),
        ("http://evil.com", "Sign in at bank.com now", True),
        ("http://bank.com/in", "Sign in at bank.com now", False),
        ("http://evil.com", "bank.com, again bank.com/login", True),
        ("http://evil.com", "bank.com or shop.com", None),
        ("http://shop.com", "bank.com or shop.com", False),
        ("http://evil.com", "one two three four five six seven bank.com", True),
        ("http://news.example", "the owners of bank.com were fined by a court on Monday", None),
        ("https://youtu.be/abc", "youtube.com/watch?v=abc", False),
        ("https://www.youtube.com/watch?v=abc", "https://youtu.be/abc", False),
        ("https://youtu.be.evil.com/abc", "youtube.com/watch?v=abc", True),
        ("https://bit.ly/x", "bank.com", None),
        ("https://evil.com/", "bit.ly/x", None),
        ("https://bit.ly/x", "bit.ly/y", False),
        ("https://tinyurl.com/x", "bit.ly/x", None),
        ("http://a.example", "Mr. Smith", False),
        ("http://a.example", "done.It", False),
        ("http://a.example", "", False),
        ("mailto:a@a.example", "b.example", False),
        ("http://a.example", "b.example.", True),
        ("http://a.example", " b．example ", True),
    ],
)
def test_a_link_misleads_when_it_shows_another_site(
    url: str, shown: str, misleading: bool | None
) -> None:
    """Only text that names one other site misleads, with or without words around it; a shortener
    makes it unknown, and so do several sites and a text as long as a headline.
    """
    assert links.misleads(url, shown) is misleading


@given(
    st.text(alphabet="ab.:/[](){}dot\u2024\u3002 \u00e9", max_size=24),
    st.integers(min_value=0, max_value=24),
    st.integers(min_value=0, max_value=24),
)
@example("see a.example now", 4, 13)
@example("a[dot]example", 0, 13)
@example("b\u2024example", 0, 9)
@settings(max_examples=300, deadline=None)
def test_no_part_of_a_text_that_holds_no_address_shows_one(
    text: str, start: int, length: int
) -> None:
    """Whatever a link within the text shows: what may_hold denies is denied of every part."""
    part = text[start : start + length]
    if links.addresses(part):
        assert links.may_hold(text)
    if not links.may_hold(text):
        assert not links.misleads("http://evil.example", part)


def test_punycode_can_be_read() -> None:
    """The host is kept as browsers send it; its letters can be had."""
    assert links.readable("xn--bcher-kva.example") == "bücher.example"
    assert links.readable("a.example") == "a.example"


def test_the_suffix_list_is_loaded_when_first_needed() -> None:
    """Importing the module reads no list and no native code."""
    code = (
        "import sys, ombud.signals.links; "
        "sys.exit('publicsuffixlist' in sys.modules or 'can_ada' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_digest_of_the_suffix_list_is_stable() -> None:
    """The suffix list has one digest, 64 hexadecimal digits, for the config."""
    assert len(links.table_digest()) == 64
    assert int(links.table_digest(), 16)
