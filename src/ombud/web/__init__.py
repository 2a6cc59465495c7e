"""The doors: the HTTP API, and the pages that the public reads.

    api     events and checks from a platform (`/v1/...`)
    pages   what people read: the statement behind a notice's link, the public log, the demo

What the pages know of a running community stands in `Community`; `app` gives one. Nothing here may
write except through it, and nothing here may tell who reported, or which of the staff decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from ombud.statement_list import StatementList
from ombud.statement_page import StatementPage


class Community(Protocol):
    """A running community, as its public pages see it. Methods are called from several threads."""

    def name(self) -> str:
        """What the community is called."""

    def languages(self) -> tuple[str, ...]:
        """The languages its people are told in; the first one where a reader's is not known."""

    def findings_add_up(self) -> bool:
        """Whether anything is proposed to people when findings add up."""

    def publishers(self) -> tuple[str, ...]:
        """The sites whose fact-checks may be shown beside posts, by name."""

    def statement_page(self, token: str, part: int = 1, decision: str = "") -> StatementPage | None:
        """What stands under a notice's link: of its parts (from 1) the nearest to `part`, or the
        one with `decision` where that is told of. None where there is no such link. Changes
        nothing.
        """

    def statement_list(self, token: str, part: int = 1) -> StatementList | None:
        """The list of somebody's pages, which a link opens for an hour; None where it opens none.
        Changes nothing.
        """

    def ways(self) -> Sequence[tuple[str, str]]:
        """By which people can ask for their list: "matrix" with the account to write to, or
        "platform" with its name.
        """

    def appeal(self, token: str, decision: str, text: str) -> str:
        """Keep an appeal: "stored", "closed", "unknown" or "too many".

        Raises OmbudError where it cannot be kept just now; then nothing was.
        """

    def receipt(self, token: str, decision: str) -> bytes | None:
        """The `.tlog-proof` of a decision that is told of under a link; None where it is not, or
        where no signed head covers it yet.
        """

    def opening(self, token: str, decision: str) -> bytes | None:
        """What proves that a decision's line in the log is about the statement its person has; None
        where it cannot be proven.
        """

    def witnesses(self) -> Sequence[Mapping[str, Any]]:
        """The witnesses of the log by name: state, and size as far as each has confirmed it."""

    def ledger_head(self) -> Mapping[str, Any]:
        """Where the public log stands: origin, size, root, published, key, witnesses."""

    def figures(self) -> Mapping[str, Any]:
        """What everybody may read of how the community is moderated (`openbook`)."""

    def demands(self, before: int) -> tuple[list[dict[str, Any]], int]:
        """A page of the public register of demands, and behind which record the next begins."""

    def register(self) -> Sequence[Mapping[str, Any]]:
        """The whole public register of demands."""

    def counts(self) -> bytes | None:
        """The public counts under the signed head, as a file; None where nothing was signed."""

    def rules(self) -> Mapping[str, Any]:
        """The rules and clauses in force and before, as they are published (`publicrules`)."""

    def ledger_folder(self) -> Path:
        """The folder of the public log's files, which anybody may read."""
