"""Records reopened: the journal's tokens where it has them, the run's own where it has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import NOW, change, event, line, prepare, rows
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.replay import records
from ombud.replay.reopened import Reopened, Tokens
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ana posts to Cem, Cem to Bea, who was never seen; Cem is erased and comes back."""
    made = prepare(tmp_path)
    with Engine(made, now=lambda: NOW) as engine:
        to = {"id": "post/1", "author": {"id": "bea"}}
        engine.submit([line(event(1, 1, mentions=[{"id": "cem"}], text="hello"))])
        engine.submit([line(event(2, 2, author={"id": "cem"}, in_reply_to=to))])
        engine.erase("chat", "cem")
        engine.submit([line(event(3, 3, author={"id": "cem"}))])
    return made


def keys_of(folder: Path) -> KeyFile:
    """The key file, to read."""
    return KeyFile(folder / KEY_FILE, readonly=True)


def test_known_people_have_the_journals_tokens(folder: Path) -> None:
    """An author's token is the one in the journal's row."""
    keys = keys_of(folder)
    found = Tokens(keys, [], b"a" * 32)
    author = rows(folder, "SELECT author FROM journal WHERE seq = 2")[0][0]
    assert found.account("chat", "ana") == author
    assert found.of("room", "x") == keys.of("room", "x")
    keys.close()


def test_unknown_people_have_a_token_of_the_run(folder: Path) -> None:
    """The same within a run; another in another run and on another platform; never nobody's."""
    keys = keys_of(folder)
    first, second = Tokens(keys, [], b"a" * 32), Tokens(keys, [], b"b" * 32)
    token = first.account("chat", "nobody")
    assert token == first.account("chat", "nobody") != 0
    assert token != second.account("chat", "nobody")
    assert token != first.account("forum", "nobody")
    keys.close()


@pytest.mark.parametrize(
    ("erasures", "seq", "same"),
    [
        ([], 1, True),  # nobody was ever erased
        ([5], 9, True),  # before the record
        ([5], 3, False),  # between the record and the token of today
        ([5, 20], 9, True),
        ([20], 3, True),  # after the token was made
        ([20], 30, True),
    ],
)
def test_who_comes_back_is_not_recognised(
    folder: Path, erasures: list[int], seq: int, same: bool
) -> None:
    """Where an erasure lies between a record and the account's token of today, it is another's."""
    change(folder, "UPDATE account SET since = 10 WHERE id = 'ana'", file=KEY_FILE)
    keys = keys_of(folder)
    assert Tokens(keys, erasures, b"a" * 32).as_it_was("chat", "ana", seq) is same
    keys.close()


def test_an_account_without_a_token_may_be_an_erased_one(folder: Path) -> None:
    """It is taken for somebody never seen only where nothing was erased after the record."""
    keys = keys_of(folder)
    found = Tokens(keys, [5], b"a" * 32)
    assert not found.as_it_was("chat", "nobody", 4)
    assert found.as_it_was("chat", "nobody", 6)
    keys.close()


def test_what_cannot_be_seen_as_it_was_is_none(folder: Path) -> None:
    """Erased, damaged, or naming somebody who may have been erased: none of them is seen."""
    store, keys = Store(folder / STORE_FILE, readonly=True), keys_of(folder)
    erasures = sorted(set(records.erased(store).values()))
    past = Reopened(keys, erasures, b"a" * 32)
    seen = {each.seq: past.seen(each) for each in records.in_order(store, 5) if each.kind}
    assert [seq for seq, each in seen.items() if each is not None] == [5]
    store.close()
    keys.close()
    change(folder, "UPDATE body SET sealed = zeroblob(30) WHERE seq = 5")
    store, keys = Store(folder / STORE_FILE, readonly=True), keys_of(folder)
    past = Reopened(keys, erasures, b"a" * 32)
    assert all(past.seen(each) is None for each in records.in_order(store, 5) if each.kind)
    store.close()
    keys.close()
