"""The models of a folder as they stand: what is wrong with one is told."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from activation.test_activation_models import file
from flow.learning_community import CLAUSE, RULE, community
from flow.small_community import NOW
from ombud import model_folder
from ombud.app import Engine
from ombud.errors import BadData
from ombud.learn import shown

GONE = "gone.clause"


def put(folder: Path, clause: str, *, version: str = "", content: bytes | None = None) -> str:
    """A model and its card in the folder; the model's digest."""
    made = file(clause) if content is None else content
    digest = hashlib.sha256(made).hexdigest()
    card = shown.KeptCard(
        model=digest, clause=clause, clause_version=version, trained="2026-11-26T00:00:00Z",
        until=5, labels={}, left_out={}, measured={},
    )  # fmt: skip
    files = {model_folder.MODEL: made, model_folder.CARD: msgspec.json.encode(card)}
    model_folder.write(folder, clause, files)
    return digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community whose rule asks a model."""
    made = community(tmp_path, RULE)
    with Engine(made, now=lambda: NOW):
        pass
    return made


def only(folder: Path) -> dict[str, object]:
    """The one model that is listed."""
    (found,) = shown.listed(folder)
    return found


def test_without_models_the_list_is_empty(folder: Path) -> None:
    """Nothing is made up."""
    assert shown.listed(folder) == []
    with pytest.raises(BadData):
        shown.shown(folder, CLAUSE)


def test_a_model_is_in_force_from_its_activation_on(folder: Path) -> None:
    """And not any more once another one lies in its place."""
    digest = put(folder, CLAUSE)
    assert (only(folder)["model"], only(folder)["in_force"]) == (digest, False)
    with Engine(folder, now=lambda: NOW):
        pass
    assert only(folder)["in_force"]
    put(folder, CLAUSE, content=file(low=200))
    assert not only(folder)["in_force"]


def test_a_clause_that_is_gone_or_worded_otherwise_is_told(folder: Path) -> None:
    """A model for a clause that nobody publishes any more harms nobody."""
    put(folder, GONE)
    assert only(folder)["clause_now"] == "gone"
    with Engine(folder, now=lambda: NOW):
        pass
    put(folder, CLAUSE, version="another wording")
    states = {each["clause"]: each["clause_now"] for each in shown.listed(folder)}
    assert states == {GONE: "gone", CLAUSE: "worded otherwise"}


@pytest.mark.parametrize("content", [b"garbage", file("hate.slurs")])
def test_what_cannot_be_used_is_listed_with_its_problem(folder: Path, content: bytes) -> None:
    """And showing it is an error."""
    put(folder, CLAUSE, content=content)
    assert only(folder)["problem"]
    with pytest.raises(BadData):
        shown.shown(folder, CLAUSE)


def test_a_card_that_cannot_be_read_is_a_problem_too(folder: Path) -> None:
    """The list goes on."""
    put(folder, CLAUSE)
    (folder / model_folder.FOLDER / CLAUSE / model_folder.CARD).write_bytes(b"\xff")
    assert (only(folder)["model"], only(folder)["problem"] is None) == (None, False)
    assert shown.card(folder, CLAUSE) is None
