"""What of a case's post may become an entry of a list: nothing that is not there."""

from __future__ import annotations

from typing import Any

import pytest

from ombud import casewords
from ombud.casewords import ACCOUNT, SITE, WORDS
from ombud.errors import BadUse
from ombud.model import Account
from ombud.signals.observation import Observation
from rules.rules_made import seen


def post(text: str = "Cheap BAGS at https://a.shop.example/x today", **more: Any) -> Observation:
    """A post by Chi."""
    return seen(text=text, author=Account("chi"), **more)


def test_what_a_post_offers() -> None:
    """Its sites before its hosts, who wrote it, and whether there are words."""
    found = casewords.of(post())
    assert found == (("shop.example", "a.shop.example"), "chi", True)
    many = " ".join(f"http://a{n}.example{n}.com" for n in range(30))
    offered = casewords.of(post(many))
    assert offered is not None
    assert len(offered.sites) == casewords.SITES_MAX
    assert casewords.of(None) is None


@pytest.mark.parametrize(
    ("what", "written"),
    [
        (SITE, "shop.example"),
        (SITE, "a.shop.example"),
        (ACCOUNT, "chi"),
        (WORDS, "cheap bags"),
        (WORDS, " Bags "),
        (WORDS, "bag*"),
    ],
)
def test_what_is_there_is_taken(what: str, written: str) -> None:
    """As it is written, without edges."""
    assert casewords.term(post(), what, written) == written.strip()


@pytest.mark.parametrize(
    ("what", "written"),
    [
        (SITE, "other.example"),
        (SITE, "example"),
        (SITE, ""),
        (ACCOUNT, "ana"),
        (ACCOUNT, ""),
        (WORDS, "bag"),  # inside a word
        (WORDS, "expensive"),
        (WORDS, ""),
        (WORDS, "\u200b"),
        (WORDS, "\u202e"),
        ("server", "chat"),
        ("", "chi"),
    ],
)
def test_what_is_not_there_is_refused(what: str, written: str) -> None:
    """Whatever a form says; also where the post is gone."""
    for each in (post(), None):
        with pytest.raises(BadUse) as caught:
            casewords.term(each, what, written)
        assert caught.value.code == "U324"


def test_who_reports_is_never_offered() -> None:
    """Nor anything else of a report."""
    assert casewords.of(seen("flag", text="rude", author=Account("chi"))) is None
