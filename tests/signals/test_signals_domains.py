"""How a host is taken apart for comparing: what was chosen, what only borrows trust."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.signals import domains, links


def form(host: str) -> domains.Form:
    """The form of a host that has one."""
    found = domains.form(host)
    assert found is not None
    return found


def test_a_host_is_its_registrable_domain_and_what_stands_below() -> None:
    """Private endings count as endings: who is `ana` on github.io chose that label."""
    seen = form("login.www.paypal.co.uk")
    assert (seen.domain, seen.written, seen.ending) == ("paypal.co.uk", "paypal", "co.uk")
    assert seen.below == ("login", "www")
    assert form("ana.github.io").written == "ana"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paypal", "paypa1"),
        ("discord", "dlscord"),
        ("discord", "d1scord"),
        ("twitter", "tvvitter"),
        ("modern", "rnodern"),
        ("google", "g00gle"),
        ("paypal", "pay-pal"),
        ("apple", "аррӏе"),
    ],
)
def test_what_a_reader_takes_for_the_same(one: str, other: str) -> None:
    """Look-alike letters, hyphens, i and l and 1, vv and w."""
    assert domains.looks(one) == domains.looks(other)


@pytest.mark.parametrize(
    "word", ["", "login", "loginsecure", "verifywallet", "dangnhap", "xacminhtaikhoan"]
)
def test_words_of_trust(word: str) -> None:
    """One or several of them, and nothing else."""
    assert domains.trusted(domains.looks(word))


@pytest.mark.parametrize("word", ["paypal", "loginx", "fans", "xlogin", "app", "my"])
def test_other_words(word: str) -> None:
    """A letter more is another word."""
    assert not domains.trusted(domains.looks(word))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "com", "a" * 300])
def test_what_has_no_form(host: str) -> None:
    """Machines, bare endings and endless names resemble nothing."""
    assert domains.form(host) is None


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abl1i-.xn0v", min_size=1, max_size=80))
def test_any_host_has_an_answer(written: str) -> None:
    """No host raises, and forms are bounded."""
    address = links.parse(f"http://{written}.com/")
    seen = domains.form(address.host) if address else None
    if seen is not None:
        assert 0 < len(seen.label) <= domains.LENGTH_MAX
        assert all(len(core) >= domains.CORE_MIN for core in seen.cores)
