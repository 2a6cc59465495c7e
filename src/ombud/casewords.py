"""What of a case's post may become an entry of a list: its sites, who wrote it, words of its text.

An entry from a case says which one, as its source. It must be found in the post, so that nobody
brings in by a case what the case has nothing of. This module must never change a list, and never
offer who reported something.
"""

from __future__ import annotations

from typing import NamedTuple

from ombud.errors import BadUse, catalogue
from ombud.signals.lists import TermList
from ombud.signals.lists.changes import FROM_CASE
from ombud.signals.observation import Observation

catalogue(
    U324=(
        "The post of this case has no such {what}.",
        "Take a site, the account or words that stand in it.",
    ),
)

SITES_MAX = 20
SITE, ACCOUNT, WORDS = "site", "account", "words"


class Found(NamedTuple):
    """What one post offers. A site comes before its hosts; `account` is empty where nobody is
    known; `text` says whether there are words.
    """

    sites: tuple[str, ...]
    account: str
    text: bool


def of(seen: Observation | None) -> Found | None:
    """What a post offers; None where it is gone, or a report, whose author nobody lists."""
    if seen is None or seen.kind == "flag":
        return None
    author = seen.people.get("author")
    return Found(_sites(seen)[:SITES_MAX], "" if author is None else author.id, bool(seen.normal))


def term(seen: Observation | None, what: str, written: str) -> str:
    """The entry that somebody chose. Raises BadUse U324 where the post has no such thing."""
    found, entry = of(seen), written.strip()
    if found is not None and seen is not None and entry:
        if what == SITE and entry in _sites(seen):
            return entry
        if what == ACCOUNT and entry == found.account:
            return entry
        listed = TermList("", (entry,), stars=True)
        if what == WORDS and listed.find(seen.text, seen.normal, seen.folded, seen.skeleton):
            return entry
    raise BadUse("U324", "entry", what=what if what in (SITE, ACCOUNT) else "words")


def source(case: str) -> str:
    """Where an entry comes from that somebody found in a case."""
    return FROM_CASE + case


def _sites(seen: Observation) -> tuple[str, ...]:
    found = (site for each in seen.links or () for site in (each.domain, each.host))
    return tuple(dict.fromkeys(found))
