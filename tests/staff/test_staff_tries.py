"""Waiting after wrong passwords: it grows, it ends, and nobody makes others wait for ever."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.staff import tries
from ombud.staff.tries import FREE, LONGEST_SECONDS, Tries, delay


def test_the_wait_grows_up_to_a_minute() -> None:
    """Nothing at first, then two seconds, doubled each time."""
    assert [delay(each) for each in range(10)] == [0, 0, 0, 2, 4, 8, 16, 32, 60, 60]
    assert delay(10**9) == LONGEST_SECONDS


def test_wrong_tries_make_wait_and_a_refused_one_does_not_count() -> None:
    """Three are free; whoever is told to wait and tries meanwhile waits no longer by it."""
    mine = Tries()
    assert [mine.wait(b"ana", 100.0) for _ in range(FREE)] == [0.0] * FREE
    assert mine.wait(b"ana", 100.0) == 2.0
    assert mine.wait(b"ana", 101.5) == 0.5
    assert mine.wait(b"ana", 102.0) == 0.0
    assert mine.wait(b"ana", 102.0) == 4.0


def test_a_right_password_begins_anew_and_so_does_time() -> None:
    """Who came in has nothing to wait for, and after a quarter of an hour nobody has."""
    mine = Tries()
    for _ in range(FREE):
        mine.wait(b"ana", 0.0)
    assert mine.wait(b"ana", 2.0) == 0.0
    mine.right(b"ana", 2.0)
    assert mine.wait(b"ana", 2.0) == 0.0
    other = Tries()
    for _ in range(FREE):
        other.wait(b"ana", 0.0)
    assert other.wait(b"ana", 1.0) > 0
    assert other.wait(b"ana", tries.FORGET_SECONDS) == 0.0
    assert other.wait(b"ana", tries.FORGET_SECONDS) == 0.0


def test_nobody_waits_for_somebody_elses_tries() -> None:
    """Counts are apart."""
    mine = Tries()
    for _ in range(FREE + 1):
        mine.wait(b"ana", 0.0)
    assert mine.wait(b"ana", 0.0) > 0
    assert mine.wait(b"binh", 0.0) == 0.0


def test_many_names_make_strangers_wait_and_nobody_whose_browser_is_known() -> None:
    """Whoever goes through names is slowed as a whole, to one try a second; a known browser is
    not.
    """
    mine = Tries()
    for each in range(tries.TOGETHER_FREE):
        assert mine.wait(b"%d" % each, 10.0) == 0.0
    assert mine.wait(b"next", 10.0) == 0.0
    assert mine.wait(b"another", 10.0) == tries.TOGETHER_SECONDS
    assert mine.wait(b"known", 10.0, known=True) == 0.0
    assert mine.wait(b"another", 10.0 + tries.TOGETHER_SECONDS) == 0.0
    assert mine.wait(b"more", 10.0 + tries.FORGET_SECONDS) == 0.0


def test_right_passwords_of_strangers_make_nobody_wait() -> None:
    """A whole team that logs in of a morning is no attack."""
    mine = Tries()
    for each in range(3 * tries.TOGETHER_FREE):
        assert mine.wait(b"%d" % each, 10.0) == 0.0
        mine.right(b"%d" % each, 10.0)


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many names are tried; the latest are remembered."""
    monkeypatch.setattr(tries, "KEPT_MAX", 50)
    mine = Tries()
    for each in range(500):
        mine.wait(b"%d" % each, float(2 * each), known=True)
    assert len(mine._counts) == 50
    assert b"499" in mine._counts


@given(st.lists(st.floats(0, 100), max_size=60))
def test_between_two_tries_lies_the_wait_that_is_due(pauses: list[float]) -> None:
    """Whatever the rhythm: after so many wrong tries none gets through sooner than that wait, and
    who waits as long as told gets one.
    """
    mine, now, through = Tries(), 0.0, 0
    last = -tries.FORGET_SECONDS
    for pause in pauses:
        now += pause
        wait = mine.wait(b"ana", now, known=True)
        if wait > 0:
            assert wait <= LONGEST_SECONDS + 0.001
            now += wait + 0.001
            assert mine.wait(b"ana", now, known=True) == 0.0
        through = 0 if now - last >= tries.FORGET_SECONDS else through
        assert now - last >= delay(through) - 0.001
        last, through = now, through + 1
