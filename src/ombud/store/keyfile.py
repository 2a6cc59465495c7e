"""The key file: the community's keys, who a token stands for, and the key of every body.

It is never part of a backup, so what is deleted here is gone from every copy there is. A body is
sealed with AES-256-GCM under a random key used once, so the nonce may be constant (NIST SP 800-38D,
8.2: a pair of key and nonce is never used twice). This module must never log or return a key.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import apsw
import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ombud import ids
from ombud.errors import BadData, BadUse, catalogue
from ombud.store.sqlite import Connection, text_of

catalogue(
    U496=(
        "The key file is older than this store: it lacks the keys of the last {count} records.",
        "Put the newest ombud.keys in its place; without it what they sealed stays unreadable.",
    ),
)

NONCE = bytes(12)
KEY_BYTES = 32
ACCOUNTS_CACHED = 200_000
TOKENS_CACHED = 100_000
TOKEN_CACHED_LENGTH = 128
VERSION = 2  # of the file
_packer = msgspec.msgpack.Encoder()
_seqs = msgspec.msgpack.Decoder(list[int])
_names = msgspec.msgpack.Decoder(list[str])
STANDS_IN = "stands in"  # a key of files that were made in place of one that is lost
REACHED = "reached"  # the last record that this file was there for, as a number
ERASED = 0  # the token of an account nobody may be recognised by any more

_QUERIES = {
    "key": "SELECT value FROM key WHERE name = ?",
    "add_key": "INSERT OR IGNORE INTO key (name, value) VALUES (?, ?)",
    "keep_key": "INSERT OR REPLACE INTO key (name, value) VALUES (?, ?)",
    "token": "SELECT token FROM account WHERE platform = ? AND id = ?",
    "account": "SELECT platform, id FROM account WHERE token = ?",
    "since": "SELECT since FROM account WHERE platform = ? AND id = ?",
    "add_account": "INSERT INTO account (token, platform, id, since) VALUES (?, ?, ?, ?)",
    "forget_account": "DELETE FROM account WHERE token = ?",
    "add_body_key": "INSERT INTO body_key (seq, key) VALUES (?, ?)",
    "body_key": "SELECT key FROM body_key WHERE seq = ?",
    "forget_body_key": "DELETE FROM body_key WHERE seq = ?",
    "forget_body_keys_after": "DELETE FROM body_key WHERE seq > ?",
    "add_decision_key": "INSERT INTO decision_key (id, seq, key) VALUES (?, ?, ?)",
    "decision_key": "SELECT key FROM decision_key WHERE id = ?",
    "forget_decision_key": "DELETE FROM decision_key WHERE id = ?",
    "forget_decision_keys_after": "DELETE FROM decision_key WHERE seq > ?",
    "forget_since_after": "UPDATE account SET since = :next WHERE since > :next",
    "register": "INSERT OR IGNORE INTO erased (digest, account, seqs, names) VALUES (?, ?, ?, ?)",
    "registered": "SELECT digest, account, seqs, names FROM erased ORDER BY digest",
    "clip": "UPDATE erased SET seqs = ? WHERE digest = ?",
    "unregister": "DELETE FROM erased WHERE digest = ?",
    "spared": "SELECT harm FROM spared WHERE token = ?",
    "saw": "INSERT INTO exposure (token, hour, harm, count) VALUES (?, ?, ?, 1) "
    "ON CONFLICT DO UPDATE SET count = count + 1",
    "drop_exposure": "DELETE FROM exposure WHERE token = ? AND hour < ?",
}


def outdated(count: int) -> BadUse:
    """What is wrong with a file that is so many records older than its store."""
    return BadUse("U496", "ombud.keys", count=count)


class Erased(NamedTuple):
    """One erasure as this file remembers it: the digest of its control, the token that was cut
    loose (None: words were blacked out), the records, and what else was sealed.
    """

    digest: bytes
    account: int | None
    seqs: tuple[int, ...]
    names: tuple[str, ...]


class KeyFile:
    """Keys and tokens. New ones are kept in memory until `flush`, which comes before the main
    commit.
    """

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.file = Connection(path, readonly=readonly, queries=_QUERIES)
        self.readonly = readonly
        self._check_version()
        if not readonly and not self.file.create(text_of("keys.sql")):
            self._upgrade()
        if not readonly:
            for name in ("community", "ledger"):
                self.file.run("add_key", (name, secrets.token_bytes(KEY_BYTES)))
        self.community = self.key("community")
        self._accounts: dict[tuple[str, str], int] = {}
        self._tokens: dict[tuple[str, str], int] = {}
        self._new_accounts: list[tuple[int, str, str]] = []
        self._new_body_keys: list[tuple[int, bytes]] = []
        self._new_decision_keys: list[tuple[str, int, bytes]] = []

    def _version(self) -> int:
        """Of the file; 0, the first, had no number."""
        return int(self.file.connection.pragma("user_version"))

    def _check_version(self) -> None:
        """Refuse a file of a later program: it may keep what this one would not forget."""
        found, path = self._version(), self.file.path
        if found > VERSION:
            raise BadData("D002", str(path), path=path, found=found, known=VERSION)

    def _upgrade(self) -> None:
        """Bring a file of an earlier program up to this one."""
        for version in range(max(2, self._version() + 1), VERSION + 1):
            with self.file.transaction():
                self.file.connection.execute(text_of(f"keys_upgrade_{version}.sql"))

    def key(self, name: str) -> bytes:
        """One of the community's long-lived keys."""
        row = self.file.one("key", (name,))
        if row is None:
            raise LookupError(f"the key file has no key {name}")
        return bytes(row[0])

    @property
    def stands_in(self) -> bool:
        """Whether it is there in place of a file that is lost, and knows nothing."""
        return self.file.one("key", (STANDS_IN,)) is not None

    def keep(self, name: str, value: bytes) -> None:
        """Keep a long-lived key, in place of an earlier one; durable with the next `flush`."""
        self.file.run("keep_key", (name, value))

    # --- tokens (signals.observation.Tokens) ------------------------------------------------------

    def account(self, platform: str, account: str) -> int:
        """The random token of an account; a new account gets one, except when only reading."""
        known = self._accounts.get((platform, account))
        if known is not None:
            return known
        row = self.file.one("token", (platform, account))
        if row is None and self.readonly:
            return ERASED
        if row is None:
            token = secrets.randbits(ids.TOKEN_BITS) | 1
            self._new_accounts.append((token, platform, account))
        else:
            token = row[0]
        if len(self._accounts) >= ACCOUNTS_CACHED and not self._new_accounts:
            self._accounts.clear()
        self._accounts[platform, account] = token
        return token

    def known_account(self, platform: str, account: str) -> int | None:
        """The token of an account that is already known."""
        row = self.file.one("token", (platform, account))
        return None if row is None else row[0]

    def known_since(self, platform: str, account: str) -> int | None:
        """The first record that could use the account's token; None where it has none."""
        row = self.file.one("since", (platform, account))
        return None if row is None else row[0]

    def who(self, token: int) -> tuple[str, str] | None:
        """The platform and id a token stands for; None once erased."""
        for known, platform, id_ in self._new_accounts:  # not durable yet, and known all the same
            if known == token:
                return platform, id_
        row = self.file.one("account", (token,))
        return None if row is None else (row[0], row[1])

    def of(self, space: str, value: str) -> int:
        """The keyed token of a value."""
        if len(value) > TOKEN_CACHED_LENGTH:  # texts: few come again
            return ids.token(self.community, space, value)
        found = self._tokens.get((space, value))
        if found is None:
            if len(self._tokens) >= TOKENS_CACHED:
                self._tokens.clear()
            found = self._tokens[space, value] = ids.token(self.community, space, value)
        return found

    # --- sealed contents --------------------------------------------------------------------------

    def seal_body(self, seq: int, plain: bytes) -> bytes:
        """Seal a body under a new key of its own."""
        key = os.urandom(KEY_BYTES)
        self._new_body_keys.append((seq, key))
        return AESGCM(key).encrypt(NONCE, plain, b"body %d" % seq)

    def open_body(self, seq: int, sealed: bytes) -> bytes | None:
        """The body; None where its key is gone or the seal is broken."""
        return self._open(self.file.one("body_key", (seq,)), sealed, b"body %d" % seq)

    def has_body_key(self, seq: int) -> bool:
        """Whether the key of a body is still there."""
        return self.file.one("body_key", (seq,)) is not None

    def seal_decision(self, decision: str, seq: int, plain: bytes) -> bytes:
        """Seal a decision's full record under a new key of its own."""
        key = os.urandom(KEY_BYTES)
        self._new_decision_keys.append((decision, seq, key))
        return AESGCM(key).encrypt(NONCE, plain, decision.encode())

    def has_decision_key(self, decision: str) -> bool:
        """Whether a decision's key is still there."""
        return self.file.one("decision_key", (decision,)) is not None

    def open_decision(self, decision: str, sealed: bytes | None) -> bytes | None:
        """A decision's full record; None where it or its key is gone or the seal is broken."""
        if sealed is None:
            return None
        return self._open(self.file.one("decision_key", (decision,)), sealed, decision.encode())

    @staticmethod
    def _open(row: tuple[bytes, ...] | None, sealed: bytes, about: bytes) -> bytes | None:
        if row is None:
            return None
        try:
            return AESGCM(row[0]).decrypt(NONCE, sealed, about)
        except InvalidTag:
            return None

    # --- what is put before somebody (staff.care) -------------------------------------------------

    def spared(self, token: int) -> frozenset[str]:
        """The harms that somebody would rather not be shown."""
        return frozenset(row[0] for row in self.file.all("spared", (token,)))

    def saw(self, token: int, hour: int, harm: str, oldest: int) -> None:
        """Count something of a harm that is put before somebody, and drop what of theirs is older
        than the hour `oldest`; durable with the next `flush`.
        """
        self.file.run("drop_exposure", (token, oldest))
        self.file.run("saw", (token, hour, harm))

    # --- keeping and forgetting -------------------------------------------------------------------

    def begin(self) -> None:
        """Begin the one transaction of a group: look-ups in it are cheaper than alone."""
        self.file.begin()

    def behind(self, seq: int) -> int:
        """How many records up to `seq` came after this file was copied away; 0 where an earlier
        program wrote it, which did not note that.
        """
        row = self.file.one("key", (REACHED,))
        return 0 if row is None else max(0, seq - int.from_bytes(row[0], "big"))

    def flush(self, since: int = 0, last: int = 0) -> None:
        """Make all new keys and tokens durable, the tokens for records from seq `since` on to
        `last`. Keys without a record are harmless; never the reverse.
        """
        if last:
            self.keep(REACHED, last.to_bytes(8, "big"))
        self.file.many("add_account", [(*each, since) for each in self._new_accounts])
        self.file.many("add_body_key", self._new_body_keys)
        self.file.many("add_decision_key", self._new_decision_keys)
        self.file.commit()
        self._new_accounts.clear()
        self._new_body_keys.clear()
        self._new_decision_keys.clear()
        if len(self._accounts) >= ACCOUNTS_CACHED:
            self._accounts.clear()
        if self.file.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_NOOP)[0] > 4000:
            self.file.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)

    def discard(self) -> None:
        """Forget what was not made durable, after a failed commit."""
        self.file.roll_back()
        self._new_accounts.clear()
        self._new_body_keys.clear()
        self._new_decision_keys.clear()
        self._accounts.clear()

    def forget_after(self, seq: int) -> None:
        """Drop keys of records that were never committed, or that an older store does not know:
        the numbers of these will be those of other records.
        """
        with self.file.transaction():
            self.file.run("forget_body_keys_after", (seq,))
            self.file.run("forget_decision_keys_after", (seq,))
            self.file.run("forget_since_after", {"next": seq + 1})
            row = self.file.one("key", (REACHED,))
            if row is not None and int.from_bytes(row[0], "big") > seq:
                self.keep(REACHED, seq.to_bytes(8, "big"))
            for each in self.erased():
                left = [one for one in each.seqs if one <= seq]
                if len(left) < len(each.seqs):
                    self.file.run("clip", (_packer.encode(left), each.digest))

    def erased(self) -> list[Erased]:
        """What was ever erased, whichever store lies beside this file."""
        return [
            Erased(row[0], row[1], tuple(_seqs.decode(row[2])), tuple(_names.decode(row[3])))
            for row in self.file.all("registered")
        ]

    def erase(self, gone: Erased, instead_of: bytes | None = None) -> None:
        """Destroy the keys of bodies and of what else was sealed, cut an account's token loose
        where one is named, and remember that: `instead_of` an earlier erasure of the same.
        """
        seqs, names, account = gone.seqs, gone.names, gone.account
        with self.file.transaction():
            self.let_die(seqs, names)
            kept = (gone.digest, account, _packer.encode(seqs), _packer.encode(names))
            self.file.run("register", kept)
            if instead_of is not None:
                self.file.run("unregister", (instead_of,))
            if account is not None:
                self.file.run("forget_account", (account,))
                self._accounts.clear()
        self.file.forget_log()

    def destroy(self, names: Iterable[str]) -> None:
        """Destroy keys of what was sealed and has ended, at once and out of the log too."""
        with self.file.transaction():
            self.let_die((), names)
        self.file.forget_log()

    def let_die(self, seqs: Iterable[int], names: Iterable[str]) -> None:
        """Destroy keys of bodies and of what else is sealed, in the group's transaction: they are
        gone before its rows are. The log still holds them until it is emptied.
        """
        self.file.many("forget_body_key", [(seq,) for seq in seqs])
        self.file.many("forget_decision_key", [(name,) for name in names])

    def close(self) -> None:
        """Close the file."""
        self.file.close()
