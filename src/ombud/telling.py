"""Who is told what, at the end of a settlement: the notice, the page it stands on, its message.

Written in the transaction of what it tells of. This module must never tell anybody but the person
concerned.
"""

from __future__ import annotations

from ombud import actions, decisions, notices, redacted
from ombud.actions import Asked
from ombud.clock import HOUR
from ombud.effects import Hands
from ombud.notices import Page
from ombud.store.sqlite import Row
from ombud.transaction import Transaction


def tell(
    hands: Hands,
    tx: Transaction,
    asked: Asked,
    author: int | None,
    lang: str,
    reason: str,
    clause: str,
    timeline: str,
) -> str:
    """The notice that is released with `asked`; the id of the page it stands on, or nothing."""
    page = _open_page(hands, tx, author, clause, timeline) if author else None
    told = notices.tell(asked, author, lang, reason, clause, page, timeline, tx.recv)
    tx.tell(told, hands.keys.community)
    return told.page.id if told.page else ""


def _open_page(
    hands: Hands, tx: Transaction, author: int, clause: str, timeline: str
) -> Page | None:
    """The page of this person and clause, where one was opened within the hour."""
    page = tx.pages.get((timeline, author, clause))
    after = tx.recv - HOUR
    if page is None:
        person = {"author": author, "clause": clause, "timeline": timeline, "after": after}
        row = hands.store.one("open_statement", person)
        page = Page(*row) if row else None
    return page if page and page.opened > after else None


def again(hands: Hands, tx: Transaction, decision: Row, reason: str, now: int) -> None:
    """Tell the person of a decision what is new about it; nobody where it was erased."""
    plain = redacted.opened(hands.store, hands.keys, decision[0], decision[14])
    if plain is None:
        return
    row = hands.store.one("action_of_decision", (decision[0],))
    connector = row[2] if row and not decision[3] else ""
    state = actions.ASKED if connector else actions.RECORDED
    said = Asked("", decision[0], decision[4], "", state=state, connector=connector, due=now)
    lang = decisions.opened(plain).lang
    tell(hands, tx, said, decision[5], lang, reason, decision[6], decision[3])
