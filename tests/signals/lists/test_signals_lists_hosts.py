"""Which entry lists a host, where several name it and some do not count."""

from __future__ import annotations

import pytest

from ombud.signals.lists.hosts import Hosts, named


def test_the_entry_that_lists_a_host_is_told() -> None:
    """The closest domain above it; a wildcard only for what is below."""
    hosts = Hosts(
        [(each, each) for each in ("example.org", "*.a.example.org", "http://x.example/")]
    )
    assert hosts.entry("www.example.org") == "example.org"
    assert hosts.entry("b.a.example.org") == "*.a.example.org"
    assert hosts.entry("a.example.org") == "example.org"
    assert hosts.entry("x.example") == "http://x.example/"
    assert hosts.entry("org") is None


def test_an_entry_that_does_not_count_leaves_the_others() -> None:
    """Where the first entry of a host is out, a second one of it counts, or one above."""
    entries = ["x.example", "http://x.example/", "*.x.example", "*.x.example "]
    hosts = Hosts([(each, f"key of {each}") for each in entries])
    out = {"key of x.example"}
    assert hosts.entry("x.example", lambda key: key not in out) == "key of http://x.example/"
    out.add("key of http://x.example/")
    assert hosts.entry("x.example", lambda key: key not in out) is None
    assert hosts.entry("a.x.example", lambda key: key not in out) == "key of *.x.example"
    out.add("key of *.x.example")
    assert hosts.entry("a.x.example", lambda key: key not in out) == "key of *.x.example "


@pytest.mark.parametrize(
    ("term", "host"),
    [
        ("Example.ORG", "example.org"),
        ("https://example.org/path", "example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("http://0x7f.1/", "127.0.0.1"),
        ("two words", None),
        ("word", None),
    ],
)
def test_a_term_names_a_host_or_none(term: str, host: str | None) -> None:
    """Domains, addresses in the web and IP addresses; no word and no sentence."""
    assert named(term) == host
