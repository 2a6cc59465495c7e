"""How statements of reasons reach the EU's database: nothing twice, nothing lost.

A batch is marked as on its way before it is sent, and as taken once the database says so. Where no
answer came, the database is asked for each of its ids: what it knows is taken, what it does not
know is sent anew. So a run that was killed anywhere is gone on with by the next. This module must
never send what it cannot tell has not arrived, and never keep what an answer quotes.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from ombud import files
from ombud.config import Dsa
from ombud.dsa import statements
from ombud.dsa.statements import Ask, Batch, Filing, Progress
from ombud.egress import Answer, Egress, Place, Resolve, Trouble, place, system_resolver
from ombud.errors import BadData, BadUse, catalogue
from ombud.filing import REFUSED, SENDING, TAKEN, WRITTEN
from ombud.store.sqlite import Store

catalogue(
    U382=("No statement can be sent: {detail}.", "docs/how-to/file-for-the-dsa.md says how."),
    U383=(
        "The database does not take the token.",
        "A new token ends the old one: put the newest into the file of dsa.token_file.",
    ),
    U384=(
        "The database took nothing more for now: {detail}.",
        "What it took is marked. Run the same command again later; it goes on from here.",
    ),
    U385=(
        "The database answered what nobody expects: {detail}.",
        "Look at dsa.url. What it took is marked; nothing was sent twice.",
    ),
)

TOKEN_VARIABLE = "OMBUD_DSA_TOKEN"  # noqa: S105 -- its name
LOCK_FILE = "dsa.lock"
TOKEN_BYTES_MAX = 4096
ANSWER_BYTES_MAX = 4 * 1024 * 1024  # the database gives back all that it took
TRIES = 6  # of one request
WAIT_SECONDS, WAIT_SECONDS_MAX = 1, 120  # between them, doubling; longer is left to a later run
HERE = ("localhost", "127.0.0.1", "::1")
_STATEMENT = re.compile(r"statement_([0-9]{1,3})", re.ASCII)
_FIELD = re.compile(r"[a-z_0-9.]{1,60}", re.ASCII)

Fault = Callable[[str], None]
Sleep = Callable[[float], object]


@dataclass(slots=True)
class Done:
    """What a run has brought about; `asked`: how many were asked for, since no answer had come."""

    taken: int = 0
    refused: int = 0
    asked: int = 0

    def as_json(self) -> dict[str, int]:
        """The counts as data."""
        return {"taken": self.taken, "refused": self.refused, "asked_for": self.asked}


@dataclass(frozen=True, slots=True)
class Said:
    """What the database said to a batch. `wrong`: of each statement it does not like, by its place
    in the batch, the fields. `wait`: seconds.
    """

    how: Literal["taken", "wrong", "smaller", "later", "unknown", "token", "never"]
    detail: str = ""
    wrong: Mapping[int, Sequence[str]] = field(default_factory=dict)
    wait: int | None = None


def token(folder: Path, terms: Dsa) -> str:
    """The database's token, from its file or the environment. Raises BadUse U382."""
    try:
        if terms.token_file:
            found = files.content(folder / terms.token_file, TOKEN_BYTES_MAX).decode().strip()
        else:
            found = os.environ.get(TOKEN_VARIABLE, "").strip()
    except (BadData, UnicodeDecodeError):
        raise BadUse("U382", "dsa.token_file", detail="the file cannot be read") from None
    if not found or not found.isascii() or not found.isprintable():
        detail = f"there is no token in dsa.token_file nor in {TOKEN_VARIABLE}"
        raise BadUse("U382", "dsa.token_file", detail=detail)
    return found


class Database:
    """The EU's database, as one platform reaches it. Raises BadUse U030, U031 and U382."""

    def __init__(self, terms: Dsa, secret: str, *, resolve: Resolve = system_resolver) -> None:
        if not terms.url:
            raise BadUse("U382", "dsa.url", detail="ombud.toml names no database")
        self._terms = terms
        self._batches = self._place("/statements")
        self._egress = Egress(terms.allow, where="dsa.allow", resolve=resolve)
        self._headers = {
            "authorization": f"Bearer {secret}",
            "accept": "application/json",
            "accept-encoding": "identity",
            "user-agent": "Ombud",
        }

    def close(self) -> None:
        """Close every connection."""
        self._egress.close()

    def _place(self, path: str) -> Place:
        found = place(self._terms.url.rstrip("/") + path, "dsa.url")
        if not found.secure and found.host not in HERE:
            raise BadUse("U382", "dsa.url", detail="a token goes by https only")
        return found

    def take(self, body: bytes) -> Said:
        """Hand over one batch."""
        headers = {**self._headers, "content-type": "application/json"}
        answer = self._egress.send(
            self._batches,
            headers,
            body,
            seconds=self._terms.timeout_seconds,
            answer_bytes=ANSWER_BYTES_MAX,
        )
        return said(answer)

    def known(self, puid: str) -> bool | Said:
        """Whether the database has a statement."""
        to = self._place(f"/statement/existing-puid/{puid}")
        answer = self._egress.send(
            to, self._headers, method="GET", seconds=self._terms.timeout_seconds
        )
        if isinstance(answer, Answer) and answer.status in (200, 302, 404):
            return answer.status != 404
        return said(answer)


def said(answer: Answer | Trouble) -> Said:
    """What an answer, or none, means."""
    if isinstance(answer, Trouble):
        never = answer.kind in ("too-large", "bad-request", "refused-address")
        return Said("never" if never else "unknown", answer.detail)
    status, detail = answer.status, f"it answered {answer.status}"
    if status in (200, 201):
        return Said("taken")
    if status in (401, 403):
        return Said("token", detail)
    if status == 422:
        return Said("wrong", detail, _wrong(answer.body))
    if status == 413:
        return Said("smaller", detail)
    if status in (425, 429):
        return Said("later", detail, wait=_wait(answer.headers.get("retry-after", "")))
    if status >= 500 or status == 408:
        wait = _wait(answer.headers.get("retry-after", ""))
        return Said("unknown", detail, wait=wait)
    return Said("never", detail)


def _wrong(body: bytes) -> Mapping[int, Sequence[str]]:
    """The statements an answer finds fault with, and in which fields: names, nothing that is
    quoted.
    """
    try:
        errors = msgspec.json.decode(body)["errors"]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError, TypeError):
        return {}
    found: dict[int, Sequence[str]] = {}
    for name, fields in errors.items() if isinstance(errors, dict) else ():
        match = _STATEMENT.fullmatch(str(name))
        if match is not None and isinstance(fields, dict):
            found[int(match[1])] = sorted(str(each) for each in fields if _FIELD.fullmatch(each))
    return found


def _wait(value: str) -> int | None:
    """`Retry-After` in seconds; None where it is absent, a date or nonsense."""
    return int(value[:9]) if value.isascii() and value.isdigit() else None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep a second run away: it would take what is on its way for lost. Raises BadUse U384."""
    handle = os.open(folder / LOCK_FILE, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BadUse("U384", "dsa", detail="another run is under way") from None
        yield
    finally:
        os.close(handle)


class Submission:
    """One run. `ask` has the engine do what is marked; `sleep` waits some seconds."""

    def __init__(
        self,
        store: Store,
        terms: Dsa,
        database: Database,
        ask: Ask,
        fault: Fault,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._store = store
        self._terms = terms
        self._database = database
        self._ask = ask
        self._fault = fault
        self._sleep = sleep
        self.done = Done()

    def run(self, progress: Progress | None = None) -> Done:
        """Send all that waits. Raises BadUse U383 to U385, with what was taken so far marked."""
        self._settle_all()
        sent = 0
        every = statements.every(self._store, self._terms, (WRITTEN,))
        for batch in statements.batches(every):
            self._send(batch)
            sent += len(batch.filings)
            if progress is not None:
                progress(sent)
        return self.done

    # --- one batch --------------------------------------------------------------------------------

    def _send(self, batch: Batch) -> None:
        self._move(batch.filings, WRITTEN, SENDING)
        self._fault("statements marked")
        for wait in self._waits():
            found = self._database.take(batch.body)
            self._fault("statements posted")
            if found.how == "unknown":
                left = self._settle(batch.filings)
                if not left:
                    return
                if len(left) < len(batch.filings):  # it keeps a batch whole, or so it says
                    self._move(left, SENDING, WRITTEN)
                    return
            elif found.how != "later":
                self._answered(batch, found)
                return
            if not wait(found):
                self._move(batch.filings, SENDING, WRITTEN)
                raise BadUse("U384", "dsa", detail=found.detail)

    def _answered(self, batch: Batch, found: Said) -> None:
        """What a plain answer means for a batch."""
        if found.how == "taken":
            self._move(batch.filings, SENDING, TAKEN)
            self.done.taken += len(batch.filings)
            return
        if found.how == "token":
            self._move(batch.filings, SENDING, WRITTEN)
            raise BadUse("U383", "dsa")
        if found.how == "never":
            self._move(batch.filings, SENDING, WRITTEN)
            raise BadUse("U385", "dsa.url", detail=found.detail)
        wrong = {at: fields for at, fields in found.wrong.items() if at < len(batch.filings)}
        if wrong:
            self._without(batch, wrong)
        elif len(batch.filings) == 1:
            self._refused(batch.filings[0], found.detail)
        else:
            self._halves(batch)

    def _without(self, batch: Batch, wrong: Mapping[int, Sequence[str]]) -> None:
        """Nothing of a batch was taken since some of it is wrong: send the rest without that."""
        for at, fields in wrong.items():
            self._refused(batch.filings[at], ", ".join(fields) or "no field is named")
        left = [at for at in range(len(batch.filings)) if at not in wrong]
        if left:
            self._again(batch, left)

    def _halves(self, batch: Batch) -> None:
        """Nobody says which of a batch is wrong, or it is too large: try it in two parts."""
        middle = len(batch.filings) // 2
        self._again(batch, range(middle))
        self._again(batch, range(middle, len(batch.filings)))

    def _again(self, batch: Batch, places: Sequence[int]) -> None:
        filings = tuple(batch.filings[at] for at in places)
        self._move(filings, SENDING, WRITTEN)
        parts = msgspec.json.decode(batch.body, type=dict[str, list[msgspec.Raw]])["statements"]
        body = b",".join(bytes(parts[at]) for at in places)
        self._send(Batch(filings, statements.BEGIN + body + statements.END))

    def _refused(self, filing: Filing, fields: str) -> None:
        """What the database will not take. What it has already under this id is taken: an earlier
        answer of it was lost.
        """
        if self._known(filing.puid):
            self._move((filing,), SENDING, TAKEN)
            self.done.taken += 1
            return
        self._move((filing,), SENDING, REFUSED, fields)
        self.done.refused += 1

    # --- what no answer came to -------------------------------------------------------------------

    def _settle_all(self) -> None:
        """Ask for all that an earlier run left on its way."""
        waiting = statements.every(self._store, self._terms, (SENDING,))
        for batch in statements.batches(waiting):
            left = self._settle(batch.filings)
            if left:
                self._move(left, SENDING, WRITTEN)

    def _settle(self, filings: Sequence[Filing]) -> tuple[Filing, ...]:
        """Mark as taken what the database has; what it does not have. It takes a batch whole or not
        at all: where it has neither end of one, it has none of it. Were that ever wrong, it would
        refuse the id, and be asked again.
        """
        if not (self._known(filings[0].puid) or self._known(filings[-1].puid)):
            return tuple(filings)
        known = {each: self._known(each.puid) for each in filings}
        taken = tuple(each for each in filings if known[each])
        if taken:
            self._move(taken, SENDING, TAKEN)
            self.done.taken += len(taken)
        return tuple(each for each in filings if not known[each])

    def _known(self, puid: str) -> bool:
        """Whether the database has a statement. Raises BadUse U383 to U385."""
        self.done.asked += 1
        for wait in self._waits():
            found = self._database.known(puid)
            if isinstance(found, bool):
                return found
            if found.how == "token":
                raise BadUse("U383", "dsa")
            if found.how not in ("later", "unknown"):
                raise BadUse("U385", "dsa.url", detail=found.detail)
            if not wait(found):
                raise BadUse("U384", "dsa", detail=found.detail)
        raise AssertionError  # the last wait is refused

    # --- waiting and marking ----------------------------------------------------------------------

    def _waits(self) -> Iterator[Callable[[Said], bool]]:
        """Each try brings its wait, which says whether it was waited for another one."""
        for number in range(TRIES):
            last, own = number == TRIES - 1, WAIT_SECONDS << number

            def wait(found: Said, last: bool = last, own: int = own) -> bool:
                seconds = own if found.wait is None else found.wait
                if last or seconds > WAIT_SECONDS_MAX:
                    return False
                self._sleep(seconds)
                return True

            yield wait

    def _move(self, filings: Sequence[Filing], was: str, state: str, detail: str = "") -> None:
        leaves = [each.leaf for each in filings]
        self._ask("move statements", leaves=leaves, was=was, state=state, detail=detail)
