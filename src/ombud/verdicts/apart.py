"""What is never decided together with others: replies, quotes, posts of members of long standing.

A reply may object to what it answers, a quote to what it quotes. People judge such posts one by
one, and no standing order reaches them. This module must never look at more than the post itself.
"""

from __future__ import annotations

import re

from ombud.signals.observation import Observation

_QUOTED = re.compile(r"^\s*(?:>|&gt;|\[quote\b|<blockquote\b)", re.MULTILINE | re.IGNORECASE)


def apart(seen: Observation, *, settled: bool = False) -> str | None:
    """Why somebody has to look at a post by itself, if so; `settled`: its author is a member of
    long standing.
    """
    if settled:
        return "established"
    if seen.kind == "reply":
        return "reply"
    return "quote" if seen.text is not None and _QUOTED.search(seen.text) else None
