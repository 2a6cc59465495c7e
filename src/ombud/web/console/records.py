"""Who of the staff did what: for auditors. The staff's acts, with reasons of look-ups.

No post stands here, nor anything that members wrote. This module must never let a page change
anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ombud.entrance import Visitor
from ombud.staff import people
from ombud.staffrecords import LATEST, StaffRecords
from ombud.web.console.desk import Desk, Page, PageRequest
from ombud.web.forms import number
from ombud.web.site import query
from ombud.web.words import TEXTS

HERE = "/records"
PERMISSION = "records"


class RecordsPage:
    """The list of what the staff did."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def listed(self, request: PageRequest) -> Page:
        """A page of acts, of all or of one person."""
        visitor = self.desk.let_in(request, PERMISSION)
        if not isinstance(visitor, Visitor):
            return visitor
        asked = query(request.scope)
        before, person = (number(asked.get(each, "")) for each in ("before", "of"))
        with self.desk.room.reading() as reader:
            book = StaffRecords(reader.store, reader.keys, self.desk.room.active)
            acts, more = book.page(before or LATEST, person or None)
        members = [(token, shown) for token, shown, _ in self.desk.entrance.members() if shown]
        return self.desk.show(
            request,
            "records.html",
            visitor,
            here=HERE,
            acts=[{**each, "said": _said(each)} for each in acts],
            more=more,
            first=not before,
            of=person,
            members=members,
            names={people.called(shown): shown for _, shown in members},
        )


def _said(act: Mapping[str, Any]) -> str:
    """The key of the sentence for an act: by how it was done, where there is one for that."""
    exact = f"records.did.{act['did']}.{act['how']}"
    return exact if exact in TEXTS else f"records.did.{act['did']}"
