"""Capabilities: what the operator wrote down and no more, and the published table says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ombud.connectors.capabilities import PLATFORM_ACTIONS, of_matrix, of_webhooks
from ombud.errors import BadUse
from ombud.rules.vocabulary import ACTIONS

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGE = REFERENCE / "webhooks.md"


def test_without_a_list_the_platform_can_do_and_undo_everything() -> None:
    """Every action but the alert, which stays inside Ombud; none is left out by accident."""
    found = of_webhooks({})
    assert set(found) == set(ACTIONS) - {"alert"}
    assert {each.undo for each in found.values()} == {"exact"}
    assert {name for name, each in found.items() if each.done == "before"} == {"hold", "remove"}
    assert {each.done for each in found.values()} == {"before", "after"}


def test_a_list_says_what_can_be_done_and_how_well_undone() -> None:
    """What is not listed is not promised."""
    found = of_webhooks({"remove": "partial", "hold": "exact", "suspend": "none"})
    assert {name: each.undo for name, each in found.items()} == {
        "hold": "exact",
        "remove": "partial",
        "suspend": "none",
    }


@pytest.mark.parametrize("name", ["ban", "alert", "Hold", "", "hold\x1b[31m"])
def test_what_is_no_action_of_a_platform_is_told(name: str) -> None:
    """A misspelt action is an error with its place and the names there are."""
    with pytest.raises(BadUse) as caught:
        of_webhooks({"hold": "exact", name: "exact"}, "connectors.forum.actions")
    assert (caught.value.code, caught.value.where) == ("U032", "connectors.forum.actions")
    assert caught.value.message.isprintable()
    assert "ban from room" in caught.value.hint


def test_the_published_table_is_what_the_program_says() -> None:
    """`docs/reference/webhooks.md` has one row for each action, with its values."""
    rows = re.findall(
        r"^\| `([a-z ]+)` \| (before|after)[a-z, ]* \|", PAGE.read_text(encoding="utf-8"), re.M
    )
    assert rows == [(name, each.done) for name, each in of_webhooks({}).items()]
    assert [name for name, _ in rows] == list(PLATFORM_ACTIONS)


def test_the_table_of_matrix_is_what_the_program_says() -> None:
    """`docs/reference/matrix.md` has one row for each action, with when and how well undone."""
    text = (REFERENCE / "matrix.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z ]+)` \| (\w+) \| (\w+) \|", text, re.M)
    assert rows == [(name, each.done, each.undo) for name, each in of_matrix().items()]
