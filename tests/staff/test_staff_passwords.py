"""Passwords: which are taken, how they are kept, and that a check costs the same for nobody."""

from __future__ import annotations

import threading
import unicodedata

import pytest

from ombud.staff import passwords
from ombud.staff.passwords import Busy, Passwords, Unfit, fit
from staff.hashing import CHEAP, EARNEST

GOOD = "nine herons over the delta"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Passwords:
    """Passwords as they are kept in earnest."""
    monkeypatch.setattr(passwords, "_hasher", EARNEST)
    return Passwords()


def test_a_password_is_kept_by_argon2id_as_the_rfc_says(kept: Passwords) -> None:
    """64 MiB, three passes, four lanes, a salt of its own; and it is known again."""
    one, two = kept.hash(GOOD), kept.hash(GOOD)
    assert one != two
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert kept.check(one, GOOD)
    assert not kept.check(one, GOOD + ".")
    assert not kept.outdated(one)


def test_a_hash_under_older_parameters_is_known_and_called_outdated(kept: Passwords) -> None:
    """So that it can be made anew when its person comes in."""
    old = CHEAP.hash(GOOD)
    assert kept.check(old, GOOD)
    assert kept.outdated(old)


def test_a_password_is_the_same_however_it_was_typed_in() -> None:
    """A keyboard that sends letter and mark apart types the same password."""
    mine = Passwords()
    word = "một con vịt xoè ra"
    apart = unicodedata.normalize("NFD", word)
    assert apart != word
    assert mine.check(mine.hash(word), apart)


def test_a_hash_is_checked_where_there_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown name, an account without a password and one far too long cost a check, and are
    wrong.
    """
    mine = Passwords()
    checked: list[str] = []

    class Watched:
        def verify(self, kept: str, typed: str) -> bool:
            checked.append(kept)
            return CHEAP.verify(kept, typed)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    assert not mine.check(None, GOOD)
    assert not mine.check(None, "nobody's password")
    assert not mine.check(CHEAP.hash("x" * 256), "x" * 10_000)
    assert checked == [mine._nobodys] * 3


def test_a_broken_hash_is_no_way_in() -> None:
    """Whatever stands in the file."""
    mine = Passwords()
    for broken in ("", "plain", "$argon2id$v=19$m=8,t=1,p=1$$", "\0"):
        assert not mine.check(broken, GOOD)
        assert not mine.check(broken, broken)


@pytest.mark.parametrize(
    ("password", "kind"),
    [
        ("", "short"),
        ("x" * 11, "short"),
        ("a b c d e f", "short"),
        ("abcabcabcabc", "simple"),
        ("1212121212121212", "simple"),
        ("Quang Minh 2026", "name"),
        ("quangminhquangminh", "name"),
        ("QUÀNG-MÌNH-1999!", "name"),
        ("Minh Minh Quang", "name"),
        ("the-riverside-2026", "community"),
        ("Riverside Riverside", "community"),
        ("riversideminh1", "community"),
        ("P@ssword 2026", "common"),
        ("x" * 257, "too long"),
        ("word " * 10_000, "too long"),
    ],
)
def test_what_is_no_password_is_refused(password: str, kind: str) -> None:
    """Too short, too long, a few characters over and over, what many have; the name of its person
    or of the community with a year behind it.
    """
    with pytest.raises(Unfit) as caught:
        fit(password, "Quang Minh", "The Riverside")
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    "password",
    [
        "abcdeabcdeab",
        "the herons of riverside",
        GOOD,
        "mật khẩu dài của tôi",
        "🦆🦉🐢🐍🦀🐙🦋🐌🐞🐜🦗🦂",
        "a" * 251 + "bcdef",
    ],
)
def test_any_other_password_is_taken(password: str) -> None:
    """Of any script, with any signs, up to 256 characters; nobody is told which signs to use."""
    assert fit(password, "Quang Minh", "The Riverside") == password


def test_few_are_checked_at_once_and_few_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one running and one waiting the third is told to come again, and then it works."""
    begun, go_on = threading.Semaphore(0), threading.Event()

    class Slow:
        def hash(self, typed: str) -> str:
            return CHEAP.hash(typed)

        def verify(self, kept: str, typed: str) -> bool:
            begun.release()
            assert go_on.wait(60)
            return CHEAP.verify(kept, typed)

    monkeypatch.setattr(passwords, "_hasher", Slow())
    mine = Passwords(running=1, waiting=1)
    hashed = CHEAP.hash(GOOD)
    found: list[bool] = []
    threads = [
        threading.Thread(target=lambda: found.append(mine.check(hashed, GOOD))) for _ in range(2)
    ]
    threads[0].start()
    assert begun.acquire(timeout=60)
    threads[1].start()
    while mine._places._value:
        threading.Event().wait(0.001)
    assert not begun.acquire(blocking=False)  # the second waits: only one runs
    with pytest.raises(Busy):
        mine.check(hashed, GOOD)
    go_on.set()
    for each in threads:
        each.join()
    assert found == [True, True]
    assert mine.check(hashed, GOOD)
