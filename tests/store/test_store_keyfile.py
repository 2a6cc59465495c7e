"""The key file: seals that open only where they belong, tokens that stand for one account each."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from ombud.store import keyfile
from ombud.store.keyfile import ERASED, Erased, KeyFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the key file stands."""
    return tmp_path / "keys.db"


@pytest.fixture
def keys(path: Path) -> Iterator[KeyFile]:
    """A new key file."""
    opened = KeyFile(path)
    yield opened
    opened.close()


def keep(keys: KeyFile) -> None:
    """Make everything new durable, as one group of the writer does."""
    keys.begin()
    keys.flush()


# --- seals ----------------------------------------------------------------------------------------


def test_a_sealed_body_opens_for_its_record_only(keys: KeyFile) -> None:
    """A body opens under its own seq; under another one, or changed by a bit, it does not."""
    sealed = keys.seal_body(7, b"what was said")
    other = keys.seal_body(8, b"something else")
    keep(keys)
    assert keys.open_body(7, sealed) == b"what was said"
    assert keys.open_body(8, sealed) is None
    assert keys.open_body(7, other) is None
    assert keys.open_body(9, sealed) is None
    assert keys.open_body(7, bytes([sealed[0] ^ 1]) + sealed[1:]) is None
    assert keys.open_body(7, b"") is None
    assert keys.open_body(7, sealed[:15]) is None


def test_a_seal_is_bound_to_its_record_even_under_its_key(keys: KeyFile) -> None:
    """A key copied to another record does not open a body there: the seq is authenticated."""
    sealed = keys.seal_body(7, b"what was said")
    keep(keys)
    row = keys.file.one("body_key", (7,))
    assert row is not None
    keys.file.run("add_body_key", (8, row[0]))
    assert keys.open_body(8, sealed) is None


def test_a_sealed_decision_opens_for_its_id_only(keys: KeyFile) -> None:
    """A decision opens under its own id; under another one it does not."""
    sealed = keys.seal_decision("dec_1", 7, b"reasons")
    keys.seal_decision("dec_2", 7, b"others")
    keep(keys)
    assert keys.open_decision("dec_1", sealed) == b"reasons"
    assert keys.open_decision("dec_2", sealed) is None
    assert keys.open_decision("dec_3", sealed) is None


def test_every_body_has_a_key_of_its_own(keys: KeyFile) -> None:
    """Equal bodies are sealed differently, and the plain text is nowhere in the seal."""
    one, two = keys.seal_body(1, b"hello" * 20), keys.seal_body(2, b"hello" * 20)
    assert one[:20] != two[:20]
    assert b"hello" not in one
    keep(keys)
    assert keys.file.one("body_key", (1,)) != keys.file.one("body_key", (2,))


def test_what_is_erased_stays_sealed_for_ever(keys: KeyFile, path: Path) -> None:
    """After an erasure no key left opens what it took, and no file still holds the keys."""
    body, decision = keys.seal_body(7, b"said"), keys.seal_decision("dec_1", 7, b"reasons")
    token = keys.account("forum", "ana-who-left")
    kept = keys.seal_body(8, b"kept")
    keep(keys)
    row = keys.file.one("body_key", (7,))
    assert row is not None
    keys.erase(Erased(b"1", token, (7,), ("dec_1",)))
    assert keys.open_body(7, body) is None
    assert keys.open_decision("dec_1", decision) is None
    assert keys.who(token) is None
    assert keys.known_account("forum", "ana-who-left") is None
    assert keys.open_body(8, kept) == b"kept"
    for file in path.parent.iterdir():
        assert row[0] not in file.read_bytes(), file.name
        assert b"ana-who-left" not in file.read_bytes(), file.name


# --- tokens ---------------------------------------------------------------------------------------


def test_a_token_is_random_and_stays(keys: KeyFile, path: Path) -> None:
    """An account keeps its token over flushing and reopening; another file draws another."""
    token = keys.account("forum", "ana")
    assert token == keys.account("forum", "ana")
    assert 0 < token < 2**63
    keep(keys)
    keys.close()
    again = KeyFile(path)
    assert again.account("forum", "ana") == token
    assert again.who(token) == ("forum", "ana")
    again.close()
    elsewhere = KeyFile(path.with_name("other.db"))
    assert elsewhere.account("forum", "ana") != token
    assert elsewhere.of("text", "a") != again.of("text", "a")
    elsewhere.close()


def test_platforms_never_share_a_token(keys: KeyFile) -> None:
    """The same id on two platforms is two people, and no gluing of names makes them one."""
    tokens = {
        keys.account(platform, account)
        for platform, account in (
            ("forum", "ana"),
            ("matrix", "ana"),
            ("forum", "ann"),
            ("forum/ana", ""),
            ("", "forum/ana"),
            ("forum\0ana", ""),
        )
    }
    assert len(tokens) == 6


def test_keyed_tokens_keep_their_spaces_apart(keys: KeyFile) -> None:
    """A value's token is stable, and differs from space to space."""
    assert keys.of("text", "a") == keys.of("text", "a")
    assert keys.of("text", "a") != keys.of("domain", "a")


def test_after_an_erasure_the_same_account_is_somebody_new(keys: KeyFile) -> None:
    """Who comes back after an erasure gets a fresh token, tied to nothing from before."""
    token = keys.account("forum", "ana")
    keep(keys)
    keys.erase(Erased(b"1", token, (), ()))
    fresh = keys.account("forum", "ana")
    keep(keys)
    assert fresh not in (token, ERASED)
    assert keys.who(fresh) == ("forum", "ana")


def test_caches_are_bounded(keys: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many accounts and values do not fill memory, and nothing changes when the caches empty."""
    monkeypatch.setattr(keyfile, "ACCOUNTS_CACHED", 5)
    monkeypatch.setattr(keyfile, "TOKENS_CACHED", 5)
    accounts, values = [], []
    for number in range(50):
        accounts.append(keys.account("forum", str(number)))
        values.append(keys.of("text", str(number)))
        keep(keys)
    assert len(keys._accounts) <= 6
    assert len(keys._tokens) <= 6
    assert [keys.account("forum", str(number)) for number in range(50)] == accounts
    assert [keys.of("text", str(number)) for number in range(50)] == values


# --- keeping and forgetting -----------------------------------------------------------------------


def test_nothing_is_durable_before_flush(keys: KeyFile, path: Path) -> None:
    """What was not flushed is gone with the process; what was, is there."""
    other = KeyFile(path, readonly=True)
    keys.begin()
    sealed = keys.seal_body(1, b"said")
    token = keys.account("forum", "ana")
    assert other.open_body(1, sealed) is None
    assert other.known_account("forum", "ana") is None
    keys.flush()
    assert other.open_body(1, sealed) == b"said"
    assert other.known_account("forum", "ana") == token
    other.close()


def test_discard_forgets_what_was_not_flushed(keys: KeyFile) -> None:
    """After a failed commit new keys and tokens are gone, those from before are as they were."""
    before = keys.account("forum", "ana")
    keep(keys)
    keys.begin()
    sealed = keys.seal_body(1, b"said")
    fresh = keys.account("forum", "bob")
    keys.seal_decision("dec_1", 1, b"reasons")
    keys.discard()
    keys.discard()
    keep(keys)
    assert keys.open_body(1, sealed) is None
    assert keys.known_account("forum", "bob") is None
    assert keys.account("forum", "ana") == before
    assert keys.account("forum", "bob") != fresh


def test_keys_of_records_that_were_never_committed_go(keys: KeyFile) -> None:
    """After a crash, keys beyond the last record are dropped; those up to it stay."""
    kept, lost = keys.seal_body(5, b"kept"), keys.seal_body(6, b"lost")
    keys.seal_decision("dec_5", 5, b"")
    keys.seal_decision("dec_6", 6, b"")
    keep(keys)
    keys.forget_after(5)
    assert keys.open_body(5, kept) == b"kept"
    assert keys.open_body(6, lost) is None
    assert keys.file.one("decision_key", ("dec_5",)) is not None
    assert keys.file.one("decision_key", ("dec_6",)) is None


def test_a_record_sealed_again_after_a_crash_opens(keys: KeyFile) -> None:
    """A key flushed for a record that was not committed makes room for that of the next attempt."""
    keys.seal_body(5, b"first attempt")
    keep(keys)
    keys.forget_after(4)
    sealed = keys.seal_body(5, b"second attempt")
    keep(keys)
    assert keys.open_body(5, sealed) == b"second attempt"


def test_reading_mints_nothing(keys: KeyFile, path: Path) -> None:
    """A read-only key file knows old accounts and gives new ones no token."""
    token = keys.account("forum", "ana")
    keep(keys)
    reader = KeyFile(path, readonly=True)
    assert reader.account("forum", "ana") == token
    assert reader.account("forum", "nobody") == ERASED
    assert reader.community == keys.community
    reader.close()
    assert keys.known_account("forum", "nobody") is None


def test_the_communitys_keys_are_made_once(keys: KeyFile, path: Path) -> None:
    """Opening again finds the same keys; an unknown key is an error, and keys differ by name."""
    community, ledger = keys.key("community"), keys.key("ledger")
    assert len(community) == len(ledger) == 32
    assert community != ledger
    with pytest.raises(LookupError):
        keys.key("another")
    again = KeyFile(path)
    assert (again.key("community"), again.key("ledger")) == (community, ledger)
    again.close()


def test_only_its_owner_can_read_the_key_file(keys: KeyFile, path: Path) -> None:
    """The file and what SQLite keeps beside it are closed to other users of the machine."""
    keys.account("forum", "ana")
    keep(keys)
    files = list(path.parent.iterdir())
    assert len(files) > 1
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_flush_that_fails_leaves_nothing(keys: KeyFile) -> None:
    """When keys cannot be kept, discarding takes back those of the same group already written."""
    keys.seal_body(7, b"there before")
    keep(keys)
    keys.begin()
    keys.account("forum", "bob")
    keys.seal_body(7, b"of the same number")
    with pytest.raises(apsw.ConstraintError):
        keys.flush()
    keys.discard()
    assert keys.known_account("forum", "bob") is None
    sealed = keys.seal_body(8, b"the next group")
    keep(keys)
    assert keys.open_body(8, sealed) == b"the next group"


def test_a_file_knows_how_far_it_was_there(tmp_path: Path) -> None:
    """Up to the last record that was written with it; where an older store begins anew, up to
    there. A file that never noted it says nothing.
    """
    keys = KeyFile(tmp_path / "keys")
    assert keys.behind(1_000_000) == 0
    for first, last in ((1, 3), (4, 9)):
        keys.begin()
        keys.flush(first, last)
    assert (keys.behind(9), keys.behind(8), keys.behind(12)) == (0, 0, 3)
    keys.forget_after(20)
    assert keys.behind(12) == 3
    keys.forget_after(5)
    assert keys.behind(9) == 4
    keys.close()
