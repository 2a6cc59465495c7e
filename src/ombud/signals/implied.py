"""What facts say about each other: a post with links has at least one, and no more sites than that.

For the checker, which tells of rules that can never fire. Each line holds for every event of which
both facts are known; tests try it on made-up events. This module must never name what holds only
mostly.
"""

from __future__ import annotations

from collections.abc import Iterable

Pairs = frozenset[tuple[str, str]]

# The first is never more than the second; a yes counts as 1, a no as 0.
_NEVER_MORE = (
    ("links.any", "links.count"),
    ("links.domains", "links.count"),
    ("links.invites", "links.count"),
    ("links.punycode", "links.count"),
    ("links.disguised", "links.punycode"),
    ("links.ip", "links.domains"),
    ("links.added", "links.count"),
    ("mentions.any", "mentions.count"),
    ("media.any", "media.count"),
    ("before.links.any", "before.links.count"),
)
# Where the first is not 0, the second is not either.
_NEVER_ALONE = (
    ("links.count", "links.any"),
    ("links.count", "links.domains"),
    ("mentions.count", "mentions.any"),
    ("media.count", "media.any"),
    ("before.links.count", "before.links.any"),
    ("private.phones", "private.any"),
    ("private.mails", "private.any"),
    ("private.cards", "private.any"),
    ("private.accounts", "private.any"),
    ("private.identities", "private.any"),
    ("private.addresses", "private.any"),
)


def _closed(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """The pairs, and all that follow from several of them."""
    found = set(pairs)
    while True:
        more = {(a, d) for a, b in found for c, d in found if b == c and a != d} - found
        if not more:
            return frozenset(found)
        found |= more


NEVER_MORE = _closed(_NEVER_MORE)
NEVER_ALONE = _closed((*_NEVER_MORE, *_NEVER_ALONE))
NAMES = frozenset(name for pair in NEVER_ALONE for name in pair)
