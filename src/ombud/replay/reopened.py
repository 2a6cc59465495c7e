"""Records of the past as signals see them, for runs that judge anew what may have been judged
otherwise.

The journal gives an account its token when a rule first asks for it. Other rules ask for other
people, so who has no token then is given one that lasts for the run. Who was erased since is never
recognised under the token of who came back. This module must never write.
"""

from __future__ import annotations

from bisect import bisect_right

from ombud import ids, journal
from ombud.errors import OmbudError
from ombud.journal import Record
from ombud.replay.records import UNREADABLE
from ombud.signals.observation import Observation, kind_of
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store


class Tokens:
    """Tokens as the journal has them, and for people it has none of, tokens of this run alone
    (signals.observation.Tokens).
    """

    def __init__(self, keys: KeyFile, erasures: list[int], key: bytes) -> None:
        self._keys = keys
        self._erasures = erasures  # their seqs, ascending
        self._key = key
        self._known: dict[tuple[str, str], tuple[int, int | None]] = {}

    def account(self, platform: str, account: str) -> int:
        """The token of an account."""
        return self._account(platform, account)[0]

    def of(self, space: str, value: str) -> int:
        """The keyed token of a value."""
        return self._keys.of(space, value)

    def as_it_was(self, platform: str, account: str, seq: int) -> bool:
        """Whether an account's token of today is the one it had, or would have had, at a record.

        Not where an erasure lies between the record and the token: who comes back is another.
        """
        since = self._account(platform, account)[1]
        if since is not None and since <= seq:
            return True
        at = bisect_right(self._erasures, seq)
        return at == len(self._erasures) or (since is not None and self._erasures[at] > since)

    def _account(self, platform: str, account: str) -> tuple[int, int | None]:
        known = self._known.get((platform, account))
        if known is None:
            token = self._keys.known_account(platform, account)
            since = self._keys.known_since(platform, account)
            if token is None:
                token = ids.token(self._key, "account", f"{platform}\0{account}") | 1
            known = self._known[platform, account] = (token, since)
        return known


class Reopened:
    """Opens records of one run."""

    def __init__(self, keys: KeyFile, erasures: list[int], key: bytes) -> None:
        """`erasures`: the seqs of all there were, ascending; `key`: random bytes of this run."""
        self._keys = keys
        self._tokens = Tokens(keys, erasures, key)

    def seen(self, record: Record) -> Observation | None:
        """The event as signals see it; None where its text is gone, or names who was erased."""
        try:
            event = journal.opened(self._keys, record)
        except (OmbudError, *UNREADABLE):  # not what was journalled: for `--check` to name
            return None
        if event is None:
            return None
        seen = Observation(event, kind_of(event) or "", self._tokens)
        platform = seen.platform
        if all(self._tokens.as_it_was(platform, p.id, record.seq) for p in seen.people.values()):
            return seen
        return None


class Earlier:
    """Earlier posts, as the members of a campaign (campaigns.Earlier)."""

    def __init__(self, store: Store, past: Reopened) -> None:
        self._store = store
        self._past = past

    def author(self, seq: int) -> int | None:
        """The token of who wrote it."""
        row = self._store.one("author_of_record", (seq,))
        return None if row is None else row[0]

    def acted(self, seq: int) -> int:  # noqa: ARG002 -- a run knows its own verdicts only
        """Nothing: a run has marked what it would have done."""
        return 0

    def seen(self, seq: int) -> Observation | None:
        """What it said; None where its text is gone, or it names who was erased."""
        row = self._store.one("records", {"after": seq - 1, "until": seq})
        return None if row is None else self._past.seen(Record(*row))
