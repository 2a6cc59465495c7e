"""Reading beside the writer: what is erased is shown as erased, what is damaged as damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.platform_side import connected
from flow.small_community import NOW, change, event, line, prepare
from ombud.app import Engine
from ombud.errors import BadData, BadUse
from ombud.reading import reading


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community with two holds of one person."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        engine.submit([line(event(number, number, text="cheap bags")) for number in (1, 2)])
    return tmp_path


def test_decisions_are_shown_newest_first_with_their_statement(folder: Path) -> None:
    """Each has its receipt, its notice and its action; the statement speaks both languages."""
    with reading(folder) as reader:
        newest, first = reader.decisions()
        assert (first["subject"], newest["subject"]) == ("post/e1", "post/e2")
        shown = reader.decision(first["id"])
        assert shown["receipt"] == {"leaf": 1}
        assert [each["reason"] for each in shown["notices"]] == ["decided"]
        assert [each["action"] for each in shown["asked"]] == ["hold"]
        english = reader.statement(first["id"], "en")
        vietnamese = reader.statement(first["id"], "vi")
        assert english[0].startswith("Your post waits")
        assert vietnamese[0].startswith("Bài của bạn")
        with pytest.raises(BadUse, match="U010"):
            reader.decision("dec_none")


def test_a_damaged_record_is_not_called_erased(folder: Path) -> None:
    """The seal of another decision does not open: that is damage, and told as such."""
    change(
        folder,
        "UPDATE decision SET sealed = (SELECT sealed FROM decision WHERE leaf = 2) WHERE leaf = 1",
    )
    with reading(folder) as reader, pytest.raises(BadData, match="D015"):
        reader.decisions()


def test_an_erased_record_says_so(folder: Path) -> None:
    """After an erasure only what the public log says is left, in either language."""
    with Engine(folder, now=lambda: NOW) as engine:
        assert engine.erase("chat", "ana") == 2
    with reading(folder) as reader:
        found = reader.decisions()
        assert [each["erased"] for each in found] == [True, True]
        assert "subject" not in found[0]
        assert reader.statement(found[0]["id"], "en") == [
            "This record was erased. Only its entry in the public log remains."
        ]


def test_a_decision_says_how_far_it_has_come(tmp_path: Path) -> None:
    """What was asked with its state and attempts, who was told, and the appeals without a word."""
    with connected(tmp_path) as platform:
        (answer,) = platform.stream(event(1, text="cheap bags"))
        platform.deliver()
        token = platform.token(answer.statement)
        platform.doors.appeal(token, answer.decisions[0], "sauerkrautgeheimnis")
        with reading(tmp_path) as reader:
            shown = reader.decision(answer.decisions[0])
    (asked,) = shown["asked"]
    assert (asked["connector"], asked["state"], asked["attempts"]) == ("chat", "delivered", 1)
    (told,) = shown["notices"]
    assert (told["reason"], told["state"]) == ("decided", "delivered")
    (made,) = shown["appeals"]
    assert set(made) == {"id", "made", "state"}
    assert made["state"] == "open"
    assert "sauerkraut" not in str(shown)
    assert token not in str(shown)
