"""The staff's room: reading beside the writer, asking in somebody's name."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest

from flow.small_community import rows
from ombud.errors import BadUse
from ombud.staffroom import READERS, StaffRoom
from staff.at_the_entrance import open_place


def test_who_asks_is_who_is_in_and_not_what_a_form_says(tmp_path: Path) -> None:
    """Whatever else is sent along as `by`, it is done in the visitor's name."""
    with open_place(tmp_path) as place:
        entered = place.first("Ana")
        visitor = place.entrance.visitor(entered.cookie)
        assert visitor is not None
        with closing(StaffRoom(place.engine)) as room:
            room.ask(visitor, "duty", begins=True, length=3_600_000_000, by="somebody else")
            with pytest.raises(BadUse):
                room.ask(visitor, "nothing there is")
    assert rows(tmp_path, "SELECT count(*) FROM journal WHERE type = '!duty'") == [(1,)]


def test_pages_read_side_by_side_and_others_wait(tmp_path: Path) -> None:
    """As many as there are readers; one more goes on when one of them is done."""
    with open_place(tmp_path) as place, closing(StaffRoom(place.engine)) as room:
        held = [room.reading() for _ in range(READERS)]
        assert len({id(each.__enter__()) for each in held}) == READERS
        seen = threading.Event()

        def look() -> None:
            with room.casebook() as book:
                assert book.queues(0) == []
            seen.set()

        thread = threading.Thread(target=look)
        thread.start()
        assert not seen.wait(0.05)
        for each in held:
            each.__exit__(None, None, None)
        assert seen.wait(20)
        thread.join()
