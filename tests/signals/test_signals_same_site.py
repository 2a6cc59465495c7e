"""Which sites are one owner's, and which lead anywhere."""

from __future__ import annotations

import pytest

from ombud.signals import links, same_site
from ombud.signals.resolve import resolve

DIGESTS = {"links.misleading 3": "8a61a827438f45c794bc9bf2c13c241a9e9b5d872a8878b454a6118a1354294b"}


def test_the_tables_belong_to_the_version_of_the_signal() -> None:
    """Who changes a table, or the sample list of shorteners, raises the version of what reads it:
    else what was judged before would come out otherwise and not be told.
    """
    assert DIGESTS[resolve("links.misleading").version] == same_site.digest()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("youtube.com", "youtu.be", True),
        ("youtu.be", "youtube-nocookie.com", True),
        ("a.example", "a.example", True),
        ("youtube.com", "facebook.com", False),
        ("youtube.net", "youtube.com", False),
        ("github.io", "github.com", False),
    ],
)
def test_only_names_of_one_owner_are_one_site(one: str, other: str, same: bool) -> None:
    """Whichever way round; another ending, and a host for everybody's pages, are another site."""
    assert same_site.same(one, other) is same
    assert same_site.same(other, one) is same


def test_shorteners_are_those_of_the_sample_list() -> None:
    """By host and by site; what leads to its owner alone is none where it is asked as an alias."""
    assert same_site.leads_anywhere("bit.ly", links.domain("bit.ly"))
    assert same_site.leads_anywhere("www.tinyurl.com", links.domain("www.tinyurl.com"))
    assert not same_site.leads_anywhere("bank.com", "bank.com")
    assert not same_site.leads_anywhere("# Sites", "")


def test_every_alias_is_a_site_of_its_own() -> None:
    """A name in the table is what `links.domain` gives, or it would never be met; and it stands in
    one line only.
    """
    names = same_site._ALIASES.split()
    assert [links.domain(name) for name in names] == names
    assert len(set(names)) == len(names)
