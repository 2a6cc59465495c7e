"""What one line in a moderators' room says: our own words, a clause's title, a case's id, a link.

Made when it is sent, from the rows as they are then: an edit says what is so by now. This module
must never put into a line what somebody said or whom it is about.
"""

from __future__ import annotations

from typing import Any

from ombud import chat, chatrules, clock, desk, i18n
from ombud.clauses import Clauses, titles
from ombud.review import case as cases
from ombud.review.case import Case
from ombud.staff import people
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

LATE = 15 * clock.MINUTE  # what comes so long after it was sent is not acted on
CONFIRM_LASTS = 10 * clock.MINUTE
ABOUT_CASES = frozenset({chat.CASE, chat.SETTLED, chat.OPEN_AGAIN})


class ChatWords:
    """The lines of one community. `base` is the address of its console's pages."""

    def __init__(self, store: Store, keys: KeyFile, clauses: Clauses) -> None:
        self._store = store
        self._keys = keys
        self._clauses = clauses

    def said(self, id_: str, community: str, base: str, now: int) -> dict[str, Any] | None:
        """What a line says, as a call; None where there is no such line."""
        row = self._store.one("chat_line", (id_,))
        if row is None:
            return None
        what, lang, review, over, answers = row[2], row[4], row[5], row[9], row[10]
        told: dict[str, Any] = {"id": id_, "type": "summons", "chat": what, "lang": lang}
        first = None if over is None else self._store.one("chat_line", (over,))
        told |= {"stands": row[15], "over": first and first[15], "answers": answers}
        case = None if review is None else cases.find(self._store, review)
        if what in ABOUT_CASES and case is not None:
            return told | self._of_case(case, row, community, base, now)
        if what == chat.MORE:
            text = i18n.say("chat.more.about", lang, count=str(row[8]))
            title = i18n.say(
                "chat.more urgent" if row[7] else "chat.more", lang, community=community
            )
            return told | {"title": title, "text": text, "link": f"{base}/cases"}
        link = f"{base}/orders" if case is None else f"{base}/cases/{case.id}"
        return told | {"title": self._title(row, community), "text": self._text(row), "link": link}

    def _of_case(self, case: Case, row: Row, community: str, base: str, now: int) -> dict[str, Any]:
        lang, link = row[4], f"{base}/cases/{case.id}"
        if case.closed is not None:
            text = i18n.say("chat.settled.about", lang, case=case.id)
            title = i18n.say("chat.settled", lang, community=community)
            return {"title": title, "text": text, "link": link}
        said = titles(self._clauses.at(case.seq).get(case.clause))
        about = i18n.say(
            "chat.case.about",
            lang,
            title=said.get(lang) or said.get("en") or case.clause,
            clause=case.clause,
            queue=case.queue,
            case=case.id,
        )
        offered = chatrules.offered(self._store, case, now)
        ways = [i18n.say(f"chat.{chatrules.SIGNS[each]}", lang) for each in offered]
        title = i18n.say(
            "chat.case urgent" if case.urgent else "chat.case", lang, community=community
        )
        return {
            "title": title,
            "text": "\n".join([about, *ways]),
            "link": link,
            "reactions": [chatrules.drawn(each) for each in offered] if row[2] == chat.CASE else [],
        }

    def _title(self, row: Row, community: str) -> str:
        return (
            i18n.say("chat.emergency", row[4], community=community) if row[2] == EMERGENCY else ""
        )

    def _text(self, row: Row) -> str:
        """The words of an answer, or of what is asked."""
        what, lang = row[2], row[4]
        name = people.name_of(self._keys, row[11]) if row[11] else None
        minutes = {"claimed": desk.LEASE, EMERGENCY: CONFIRM_LASTS}.get(what, LATE)
        values = {
            "case": row[5] or "",
            "count": str(row[8]),
            "until": clock.rfc3339(row[12]) if row[12] else "",
            "name": name or "",
            "minutes": str(minutes // clock.MINUTE),
        }
        if row[13]:
            values["why"] = i18n.say(f"chat.why.{row[13]}", lang, **values)
        key = f"chat.{what}.about" if what == EMERGENCY else f"chat.{what}"
        return i18n.say(key, lang, **values)


EMERGENCY = "emergency"
