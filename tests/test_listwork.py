"""What is asked of the engine about lists, as a page, a command or another process asks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.listed_community import listed
from flow.small_community import NOW
from ombud import listwork
from ombud.app import Engine
from ombud.errors import BadUse

ASKED = {"name": "bad words", "term": "slots", "by": "ana"}


def test_a_change_says_what_was_done(tmp_path: Path) -> None:
    """To how many entries, by which record; a file takes in as many as it has."""
    with Engine(listed(tmp_path / "folder"), now=lambda: NOW) as engine:
        done = listwork.change_list(engine, {**ASKED, "change": "add"}, b"")
        assert (done["entries"], done["waits"]) == (1, False)
        assert done["seq"] == engine.writer.pipeline.seq
        many = {**ASKED, "change": "import", "source": "a friend"}
        assert listwork.change_list(engine, many, b"roulette\ncasino*\n")["entries"] == 2
        gone = listwork.change_list(engine, {**ASKED, "change": "remove"}, b"")
        assert gone["change"] == "remove"


@pytest.mark.parametrize("do", ["", "burn", "hold", "cap"])
def test_what_nobody_may_ask_for_is_refused(tmp_path: Path, do: str) -> None:
    """What a rule's control does, and what there is not."""
    with (
        Engine(listed(tmp_path / "folder"), now=lambda: NOW) as engine,
        pytest.raises(BadUse, match="U467"),
    ):
        listwork.change_list(engine, {**ASKED, "change": do}, b"")
