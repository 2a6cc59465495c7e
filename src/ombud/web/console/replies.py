"""Canned replies as the forms offer them in which staff write to a person.

Choosing one fills the form and sends nothing; what it says is edited there first. This module must
never put a reply where nobody has chosen it.
"""

from __future__ import annotations

from ombud.replies import Replies
from ombud.web import words


def offered(canned: Replies, lang: str, most: int | None = None) -> list[tuple[str, words.Said]]:
    """Name and title of each, in a language as far as they have one; with `most` only those whose
    texts are no longer.
    """
    found = []
    for each in canned.by_name.values():
        title = words.choose(each.titles, lang)
        if title and (most is None or all(len(text) <= most for text in each.texts.values())):
            found.append((each.name, title))
    return found


def choose_reply(canned: Replies, name: str) -> dict[str, str]:
    """The texts of a reply by language; of one that there is not, none."""
    reply = canned.by_name.get(name)
    return {} if reply is None else dict(reply.texts)
