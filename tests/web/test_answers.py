"""What the API says, from what the engine answered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import UNSET

from ombud.errors import BadEvent
from ombud.transaction import Answer
from ombud.web import answers


def as_json(value: object) -> Any:
    """What is sent."""
    return json.loads(answers.encode(value))


@pytest.mark.parametrize("status", ["accepted", "duplicate", "published"])
def test_one_event(status: str) -> None:
    """Status, seq, action and decisions are the engine's."""
    told = answers.judged(Answer(status, 7, "hold", ("dec_1",), "st_1", ("rule",)))
    assert as_json(told) == {
        "status": status,
        "seq": 7,
        "action": "hold",
        "decisions": ["dec_1"],
    }


def test_a_conflict_is_an_error() -> None:
    """Another event with this source and id is told as E008, for events and for checks."""
    conflict = Answer("conflict", 7)
    for attempt in (lambda: answers.judged(conflict), lambda: answers.checked(conflict, None)):
        with pytest.raises(BadEvent, match="E008") as caught:
            attempt()
        assert caught.value.where == "$.id"


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("allow", "allow"),
        ("hold", "hold"),
        ("remove", "refuse"),
        ("label", "allow"),
        ("limit", "allow"),
        ("warn", "allow"),
        ("require approval", "allow"),
    ],
)
def test_what_an_action_means_before_publication(action: str, said: str) -> None:
    """remove is refuse, hold is hold, everything else is allowed and acted on afterwards."""
    told = answers.checked(Answer("accepted", 1, action, ("dec_1", "dec_2")), "https://x/notice/t")
    assert as_json(told) == {
        "action": said,
        "decision": "dec_1",
        "notice": "https://x/notice/t",
        "degraded": False,
    }


def test_nothing_decided() -> None:
    """Without a decision there is no decision and no notice."""
    assert as_json(answers.checked(Answer("duplicate", 1), None)) == {
        "action": "allow",
        "decision": None,
        "notice": None,
        "degraded": False,
    }


def test_late_answers() -> None:
    """Fail-open says nothing more; fail-closed says "not checked, try again" in both languages."""
    plain = {"decision": None, "notice": None, "degraded": True}
    assert as_json(answers.late("allow")) == {"action": "allow", **plain}
    told = as_json(answers.late("refuse"))
    message = told.pop("message")
    assert told == {"action": "refuse", **plain}
    assert message["en"] == "Not checked, try again."
    assert set(message) == {"en", "vi"}
    assert message["vi"] != message["en"]


def test_several_events() -> None:
    """Each item says what became of it; refused ones say why and where; all are counted."""
    error = BadEvent("E009", "$[1].time", value="x")
    items = [
        answers.item(Answer("accepted", 1), UNSET, "$[0]"),
        answers.item(error, UNSET, "$[1]"),
        answers.item(Answer("conflict", 2), 3, "$"),
        answers.item(Answer("published", 3, "hold", ("dec_1",)), UNSET, "$[3]"),
    ]
    told = as_json(answers.batch(items))
    assert told["items"][0] == {"status": "accepted", "seq": 1, "action": "allow", "decisions": []}
    assert told["items"][1] == {"status": "rejected", "error": error.as_json()}
    assert told["items"][2]["line"] == 3
    assert told["items"][2]["error"]["code"] == "E008"
    assert told["items"][2]["error"]["where"] == "$.id"
    assert told["items"][3]["decisions"] == ["dec_1"]
    del told["items"]
    assert told == {"accepted": 1, "duplicate": 0, "published": 1, "conflict": 1, "rejected": 1}
