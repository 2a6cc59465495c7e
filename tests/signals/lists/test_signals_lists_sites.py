"""Which listed site a host looks like: the bands of the measure, and what resembles nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from ombud.signals import domains
from ombud.signals.lists import Kept, TermList
from ombud.signals.lists.changes import Changes
from ombud.signals.lists.sites import LIKE_MIN, SITES_MAX, Sites
from ombud.signals.lists.terms import key

SITES = (
    "paypal.com",
    "discord.com",
    "metamask.io",
    "vietcombank.com.vn",
    "our-forum.example",
    "ana.github.io",
    "bbc.com",
    "*.shop.example",
    "https://www.etsy.com/vn",
    "192.0.2.7",
)
LISTED = TermList("sites", SITES)


@pytest.mark.parametrize(
    ("host", "score"),
    [
        ("paypa1.com", domains.SAME),
        ("xn--pypal-4ve.com", domains.SAME),
        ("pay-pal.com", domains.SAME),
        ("pay-pal.net", domains.SAME),
        ("secure-paypal.com", domains.SAME),
        ("my-paypal.com-x.evil.example", domains.SAME),
        ("dlscord.com", domains.SAME),
        ("ourforum.example", domains.SAME),
        ("paypal.com.evil.example", domains.SAME),
        ("www.paypal-com.evil.example", domains.SAME),
        ("secure-paypal.com-login.evil.example", domains.SAME),
        ("vietcombank.com.vn.evil.example", domains.SAME),
        ("paypal-login.com", domains.TRUSTED),
        ("verifypaypal.com", domains.TRUSTED),
        ("discord24nitro.site", domains.INSIDE),
        ("paypal24.net", domains.TRUSTED),
        ("paypal-24.com", domains.TRUSTED),
        ("verifypaypall.com", 814),  # without the word of trust, at 95 %
        ("paypalllogin.com", 814),
        ("discordnitrogift.site", domains.TRUSTED),
        ("metamask-support.com", domains.TRUSTED),
        ("vietcombank-dangnhap.com", domains.TRUSTED),
        ("paypal.net", domains.ENDING),
        ("paypal.com.hk", domains.ENDING),
        ("metamask.github.io", domains.ENDING),
        ("paypal-fans.com", domains.BESIDE),
        ("paypal.login.evil.example", domains.BESIDE),
        ("nicemetamasks.example", domains.INSIDE),
        ("paypal.evil.example", domains.INSIDE),
        ("papyal.com", 900),  # a swap: one of six letters and four of the ending
        ("metamasks.io", 928),  # m reads as rn, which counts two
        ("paypall.net", 814),
    ],
)
def test_the_bands_of_the_measure(host: str, score: int) -> None:
    """Each way to look like a site has its score."""
    assert LISTED.likeness(host) == score


@pytest.mark.parametrize(
    "host",
    [
        "paypal.com",
        "www.paypal.com",
        "checkout.paypal.com",
        "shop.example",
        "ana.github.io",
        "etsy.com",
        "127.0.0.1",
        "192.0.2.8",
        "com.vn",
        "localhost",
    ],
)
def test_what_is_listed_resembles_nothing(host: str) -> None:
    """A site, what stands below it, the domain above it, and machines."""
    assert LISTED.likeness(host) == 0


@pytest.mark.parametrize(
    "host",
    ["example.org", "pineapple.com", "login.com", "bbc.co.uk", "bo.github.io", "ann.github.io",
     "discover.com", "forum.example", "mask.io", "abcbank.com.vn", "bbb.com", "pal.com",
     "etsy-fans.com"],
)  # fmt: skip
def test_other_sites_are_far_away(host: str) -> None:
    """Sites that share a word, an ending or some letters stay below 90 %."""
    assert LISTED.likeness(host) < 900


def test_without_sites_nothing_resembles() -> None:
    """A list of words has no sites."""
    assert TermList("words", ("free money", "viagr*")).likeness("paypal.com") == 0
    assert TermList("nothing", ()).likeness("paypal.com") == 0


labels = st.text(alphabet="abcdegh", min_size=4, max_size=9)


@settings(max_examples=500, deadline=None)
@given(labels, labels)
def test_changed_letters_count_by_the_longer_name(one: str, other: str) -> None:
    """1 - d / l of the labels with their endings, or 95 % of that of the labels; a label inside."""

    def alike(first: str, second: str) -> int:
        longer = max(len(first), len(second))
        return (longer - OSA.distance(first, second)) * 1000 // longer

    score = Sites((f"{one}.com",)).nearest(f"{other}.com")
    inside = domains.INSIDE if len(one) >= domains.INSIDE_MIN and one in other else 0
    near = alike(f"{one}.com", f"{other}.com")
    expected = max(inside, near, alike(one, other) * domains.TRUSTED // 1000)
    assert score == (0 if one == other or expected < LIKE_MIN else expected)


def test_what_a_star_lists_resembles_nothing() -> None:
    """Everything below an entry with a star is listed, whatever its label."""
    assert TermList("sites", ("paypal.com", "*.github.io")).likeness("paypal.github.io") == 0


def test_the_bands_are_as_documented() -> None:
    """Rules are written against these numbers."""
    bands = (domains.SAME, domains.TRUSTED, domains.BESIDE, domains.INSIDE, domains.ENDING)
    assert bands == (1000, 950, 900, 850, 800)


def test_entries_that_do_not_count_are_not_resembled() -> None:
    """An ended, quarantined or removed entry protects nobody; the same site named twice does."""
    listed = TermList("sites", ("paypal.com", "discord.com"), expires={"paypal.com": 100})
    kept = Kept(listed)
    assert kept.active(99).likeness("paypa1.com") == domains.SAME
    assert kept.active(100).likeness("paypa1.com") == 0
    assert kept.active(100).likeness("paypall.com") == 0
    assert kept.active(100).likeness("dlscord.com") == domains.SAME
    both = TermList("sites", ("paypal.com", "paypai.com"), expires={"paypai.com": 100})
    assert Kept(both).active(99).likeness("paypai.com") == 0
    assert Kept(both).active(100).likeness("paypai.com") == domains.SAME
    twice = TermList("sites", ("paypal.com", "www.paypal.com"), expires={"paypal.com": 100})
    assert Kept(twice).active(100).likeness("paypa1.com") == domains.SAME


def test_changes_and_includes_are_one_list() -> None:
    """What one part of a list names resembles nothing in another."""
    changes = Changes("sites")
    changes.add("paypal.net")
    kept = Kept(TermList("sites", ("paypal.com",)))
    kept.changes = changes
    assert kept.active(0).likeness("paypal.net") == 0
    assert kept.active(0).likeness("paypal.org") == domains.ENDING
    changes.remove(key("paypal.com"))
    kept.refresh()
    assert kept.active(0).likeness("paypal.com") == domains.ENDING


def test_letters_are_compared_with_the_first_sites_only() -> None:
    """Of very many sites the later ones are still known by their label, not by changed letters."""
    sites = Sites(f"site{number:05}x.example" for number in range(SITES_MAX + 10))
    assert sites.nearest(f"site{SITES_MAX - 1:05}xx.example") >= LIKE_MIN
    assert sites.nearest(f"site{SITES_MAX + 5:05}x.net") == domains.ENDING


def test_hostile_hosts_end() -> None:
    """Long hosts against many sites are compared in bounded time."""
    sites = Sites(f"{'ab' * 5}{number}cd.com" for number in range(20_000))
    for host in (".".join(["ab"] * 80) + ".com", "a" * 63 + ".com", "-".join(["ab"] * 21) + ".com"):
        assert sites.nearest(host) in range(1001)
