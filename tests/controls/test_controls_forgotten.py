"""Which models the store lets go of: never one in force, and the others only where somebody who was
erased may have taught them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ombud.activation.active import EMPTY
from ombud.controls import forgotten


class Journal:
    """Answers what the module asks of a store."""

    def __init__(self, *controls: tuple[int, str, dict[str, Any]]) -> None:
        self.controls = controls
        self.gone: list[str] = []

    def all(self, name: str, parameters: tuple[str]) -> list[tuple[int, int, str]]:
        """The controls of one type."""
        assert name == "controls"
        return [
            (seq, seq, json.dumps(payload))
            for seq, type_, payload in self.controls
            if type_ == parameters[0]
        ]

    def many(self, name: str, rows: list[tuple[str]]) -> None:
        """Contents are let go of."""
        assert name == "forget_content"
        self.gone += [row[0] for row in rows]


def config(seq: int, *digests: str) -> tuple[int, str, dict[str, Any]]:
    """An activation with models."""
    named = {f"a.m{number}": digest for number, digest in enumerate(digests)}
    return seq, "!config", {"manifest": {"models": named} if named else {}}


def erasure(seq: int, *seqs: int) -> tuple[int, str, dict[str, Any]]:
    """An erasure of records."""
    return seq, "!erasure", {"seqs": list(seqs)}


def let_go(
    *controls: tuple[int, str, dict[str, Any]], now: str, erased: tuple[int, ...] = ()
) -> Any:
    """What would go once `now` is in force."""
    active = replace(EMPTY, manifest={**EMPTY.manifest, "models": {"a.m0": now}})
    return forgotten.models(Journal(*controls), active, erased)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("controls", "now", "erased", "gone"),
    [
        ((config(10, "A"), config(20, "B")), "B", (), []),
        ((config(10, "A"), config(20, "B")), "B", (5,), ["A"]),
        ((config(10, "A"), config(20, "B")), "B", (15,), []),
        ((config(10, "A"), config(20, "B")), "A", (5,), ["B"]),
        ((config(10, "A"), erasure(15, 5)), "B", (), ["A"]),
        ((config(10, "A"), erasure(15, 12)), "B", (), []),
        ((config(10, "A"), erasure(15, 5)), "A", (), []),
        ((config(10, "A"), erasure(15)), "B", (), []),
        ((config(10, "A"), config(20, "B"), config(30, "A")), "B", (25,), ["A"]),
        ((config(10, "A", "C"), config(20, "B")), "B", (5,), ["A", "C"]),
        ((config(10),), "B", (5,), []),
    ],
)
def test_what_goes(controls: Any, now: str, erased: tuple[int, ...], gone: list[str]) -> None:
    """A model goes where it is not in force and something older than it was erased."""
    assert let_go(*controls, now=now, erased=erased) == gone


def test_letting_go_names_each() -> None:
    """All that are given go, inside the caller's transaction."""
    store = Journal()
    forgotten.forget(store, ["A", "B"])  # type: ignore[arg-type]
    assert store.gone == ["A", "B"]


def test_a_payload_of_an_earlier_program_has_no_models() -> None:
    """Nor does one that is not what it should be harm anybody."""
    assert forgotten.trained({"manifest": {}}) == {}
    assert forgotten.trained({}) == {}
    assert forgotten.trained({"manifest": {"models": []}}) == {}
