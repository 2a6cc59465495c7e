"""Codes count once, for minutes, from one account; what was opened counts as long as it is so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ombud.staff.credentials import Credentials
from ombud.staff.present import (
    CODE_LASTS,
    CODE_LENGTH,
    OPENED_LASTS,
    OPENED_MAX,
    TRIES_MAX,
    Chat,
    Present,
)
from ombud.store.keyfile import KeyFile

ANA, NOW = Chat("talk", "@ana:hs"), 10**15


def test_a_code_proves_its_account_once() -> None:
    """In any case, with or without its stroke; then it counts no more."""
    present = Present()
    code = present.ask(7, ANA, NOW)
    assert len(code) == CODE_LENGTH
    assert present.waits(7, NOW) == ANA
    assert present.prove(ANA, f" {code[:5]}-{code[5:].lower()} ", NOW) == 7
    assert present.prove(ANA, code, NOW) is None
    assert present.waits(7, NOW) is None


@pytest.mark.parametrize("chat", [Chat("talk", "@bo:hs"), Chat("other", "@ana:hs"), Chat("", "")])
def test_it_counts_from_no_other_account(chat: Chat) -> None:
    """Nor on another platform; and is not used up by that."""
    present = Present()
    code = present.ask(7, ANA, NOW)
    assert present.prove(chat, code, NOW) is None
    assert present.prove(ANA, code, NOW) == 7


def test_it_ends() -> None:
    """After its time, after too many wrong ones, by another one, by being forgotten."""
    present = Present()
    code = present.ask(7, ANA, NOW)
    assert present.prove(ANA, code, NOW + CODE_LASTS) is None
    code = present.ask(7, ANA, NOW)
    for _ in range(TRIES_MAX):
        assert present.prove(ANA, "WRONG", NOW) is None
    assert present.prove(ANA, code, NOW) is None
    first, second = present.ask(7, ANA, NOW), present.ask(7, ANA, NOW)
    assert present.prove(ANA, first, NOW) is None
    assert present.prove(ANA, second, NOW) == 7
    code = present.ask(7, ANA, NOW)
    present.forget(7)
    assert present.prove(ANA, code, NOW) is None


def test_codes_differ() -> None:
    """Of a thousand no two are the same."""
    present = Present()
    assert len({present.ask(n, ANA, NOW) for n in range(1000)}) == 1000


def test_what_was_opened_counts_as_it_was() -> None:
    """For its person, its case, its last record, and half an hour."""
    present = Present()
    present.saw(7, "cas_1", 40, NOW)
    assert present.opened(7, "cas_1", 40, NOW + OPENED_LASTS - 1)
    for token, case, last, at in (
        (8, "cas_1", 40, NOW),
        (7, "cas_2", 40, NOW),
        (7, "cas_1", 41, NOW),
        (7, "cas_1", 40, NOW + OPENED_LASTS),
        (7, "cas_1", 40, NOW - OPENED_LASTS),
    ):
        assert not present.opened(token, case, last, at)


def test_it_is_bounded() -> None:
    """The oldest give way."""
    present = Present()
    for number in range(OPENED_MAX + 1):
        present.saw(number, "cas_1", 1, NOW)
    assert not present.opened(0, "cas_1", 1, NOW)
    assert present.opened(OPENED_MAX, "cas_1", 1, NOW)


@pytest.mark.parametrize("how", ["password", "shut out", "one", "others", "link"])
def test_what_was_asked_for_in_a_session_ends_with_it(tmp_path: Path, how: str) -> None:
    """Whoever came in with a stolen password gets no account of theirs heard by a code they asked
    for before they were put out, and decides nothing by what they saw; nobody else loses anything.
    """
    KeyFile(tmp_path / "keys").close()
    with closing(Credentials(tmp_path / "keys")) as kept:
        assert_ends(kept, how)


def assert_ends(kept: Credentials, how: str) -> None:
    """What somebody of two had asked for and opened ends with their session, in one of the ways."""
    for token, name in ((7, "Ana"), (8, "Bo")):
        kept.add(token, name)
    session = kept.begin(7, "password", "", NOW)[0].id
    codes = {token: kept.present.ask(token, Chat("talk", f"@{token}:hs"), NOW) for token in (7, 8)}
    for token in codes:
        kept.present.saw(token, "cas_1", 40, NOW)
    ends: dict[str, Callable[[], object]] = {
        "password": lambda: kept.set_password(7, "hash"),
        "shut out": lambda: kept.shut_out(7),
        "one": lambda: kept.end(7, session),
        "others": lambda: kept.end_others(7, "another"),
        "link": lambda: kept.use_link(kept.make_link(7, NOW)[0], 7, "hash", NOW),
    }
    ends[how]()
    assert kept.present.prove(Chat("talk", "@7:hs"), codes[7], NOW) is None
    assert not kept.present.opened(7, "cas_1", 40, NOW)
    assert kept.present.prove(Chat("talk", "@8:hs"), codes[8], NOW) == 8
    assert kept.present.opened(8, "cas_1", 40, NOW)
