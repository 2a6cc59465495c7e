"""A run of `ombud learn`: what it refuses before it reads, what it writes, what it never does."""

from __future__ import annotations

import builtins
import random
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flow.learning_community import CLAUSE, RULE, community, labels, lines, posts
from flow.small_community import NOW, event, line, rows
from ombud import model_folder
from ombud.app import Engine
from ombud.errors import BadData, BadUse
from ombud.learn import caps, run
from ombud.learn.shown import KeptCard
from ombud.signals.learned import model as learned

SAID = posts()
FORM = "## market.form Offers\nharm: form\npublished: 2026-11-22\n\nThe norm.\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community with posts and labels, and nothing learned."""
    made = community(tmp_path_factory.mktemp("run"), RULE)
    (made / "policies").mkdir()
    (made / "policies" / "form.md").write_text(FORM)
    labels(made / "labels.ndjson", SAID)
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(lines(SAID))])
    return made


def test_a_clause_that_nobody_published_has_no_model(folder: Path) -> None:
    """With the nearest one there is; opinions have no clause, so nobody learns them."""
    with pytest.raises(BadUse) as error:
        run.learn(folder, "spam.link")
    assert (error.value.code, error.value.hint) == ("U130", "Did you mean spam.links?")
    with pytest.raises(BadUse):
        run.learn(folder, "opinion.politics")


def test_a_clause_about_form_has_none(folder: Path) -> None:
    """What is said is none of its business."""
    with pytest.raises(BadUse) as error:
        run.learn(folder, "market.form")
    assert error.value.code == "U131"


def test_without_the_extra_it_is_said_how_to_install_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is read."""
    real = builtins.__import__

    def without(name: str, *arguments: Any) -> Any:
        if name.partition(".")[0] == "sklearn":
            raise ImportError(name)
        return real(name, *arguments)

    for name in [each for each in sys.modules if each.partition(".")[0] == "sklearn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BadUse) as error:
        run.learn(folder, CLAUSE)
    assert error.value.code == "U132"
    assert "pip install 'ombud[ml]'" in error.value.hint


def test_where_no_community_is_nothing_is_learned(tmp_path: Path) -> None:
    """And nothing made."""
    with pytest.raises(BadData):
        run.learn(tmp_path / "none", CLAUSE)
    assert not (tmp_path / "none").exists()


def test_what_is_written_fits_together_and_nothing_is_activated(folder: Path) -> None:
    """Model, card and plot; the journal is as it was."""
    before = rows(folder, "SELECT count(*) FROM journal")
    found = run.learn(folder, CLAUSE, folder / "labels.ndjson")
    content = model_folder.content(folder, CLAUSE)
    assert content is not None
    model = learned.decode(content)
    assert (model.version, model.name) == (found.model, CLAUSE)
    card = model_folder.read(folder, CLAUSE, model_folder.CARD)
    kept = msgspec.json.decode(card or b"", type=KeptCard)
    assert (kept.model, kept.clause, kept.until) == (found.model, CLAUSE, before[0][0])
    assert kept.measured["made"]["rows"] == 240
    assert kept.measured["auroc"]["value"] > 900
    assert tuple(kept.measured["notes"]) == caps.SAID
    plot = model_folder.read(folder, CLAUSE, model_folder.PLOT) or b""
    assert plot.startswith(b"<svg")
    assert b"<script" not in plot
    assert rows(folder, "SELECT count(*) FROM journal") == before
    assert (found.missing, found.why) == ({}, "")


def test_whoever_gets_many_posts_restored_teaches_one(tmp_path: Path) -> None:
    """A hundred posts of one account, all labelled, are one label; and a hundred copies of one
    text by as many accounts are one too.
    """
    made = community(tmp_path, RULE)
    mine = [
        (event(f"a{n}", n, author={"id": "mallory"}, text=told["data"]["text"]), False)
        for n, (told, bad) in enumerate(posts(200, seed=9))
        if bad
    ]
    copies = [
        (event(f"c{n}", n, author={"id": f"sock{n}"}, text="a wonderful gift for all"), False)
        for n in range(100)
    ]
    with Engine(made, now=lambda: NOW) as engine:
        engine.submit([line(told) for told, _ in [*mine, *copies]])
    found = run.learn(made, CLAUSE, labels(made / "labels.ndjson", [*mine, *copies]))
    assert found.have == {"breaks": 0, "does_not": 2}
    assert found.left_out["same_author"] == 99
    assert found.left_out["nearly_alike"] == 99
    assert found.missing == {"breaks": 50, "does_not": 48, "labels": 198}


LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORTHLESS: dict[str, Callable[[random.Random, int, str], str]] = {
    "one text": lambda _, __, ___: "the very same words for all",
    "one sign each": lambda _, number, __: chr(0x4E00 + 7 * number),
    "one picture sign each": lambda _, number, __: chr(0x1F300 + number),
    "numbers": lambda chance, _, __: str(chance.randrange(10**12)),
    "marks": lambda chance, _, __: "a" + "\u0301" * chance.randrange(1, 900),
    "signs": lambda chance, _, __: "!?.,;:" * chance.randrange(1, 40),
    "noise": lambda chance, _, __: "".join(chance.choices(LETTERS, k=30)),
    "each text with both answers": lambda _, number, ___: str(SAID[number // 2][0]["data"]["text"]),
}


@pytest.mark.parametrize("kind", WORTHLESS)
def test_texts_from_which_nothing_can_be_learned_give_no_model(kind: str, tmp_path: Path) -> None:
    """Whatever people label: no model, the reason in words, nothing written, and no traceback."""
    chance, make = random.Random(3), WORTHLESS[kind]
    said = [
        (event(number, number, author={"id": f"p{number}"}, text=make(chance, number, kind)), bad)
        for number, (_, bad) in enumerate(SAID)
    ]
    found = of(tmp_path, said)
    assert (found.model, found.card) == (None, None)
    assert found.why
    assert not (tmp_path / model_folder.FOLDER).exists()


def test_texts_of_one_author_give_no_model(tmp_path: Path) -> None:
    """What one person always writes is no sign of harm in what others write."""
    found = of(tmp_path, [({**told, "data": mallory(told)}, bad) for told, bad in SAID])
    assert (found.model, found.left_out["same_author"]) == (None, len(SAID) - 2)
    assert "labels after all that is left out" in found.why


def mallory(told: Mapping[str, Any]) -> dict[str, Any]:
    """A post's data under one name."""
    return {**told["data"], "author": {"id": "mallory"}}


def test_answers_turned_round_show_on_the_card(tmp_path: Path) -> None:
    """A fifth of the answers wrong: the card says how much worse it is. Half: no model. All of them
    cannot be told from right ones, so each card says that nobody checked the answers.
    """
    some = of(tmp_path / "some", [(told, bad ^ (n % 5 == 0)) for n, (told, bad) in enumerate(SAID)])
    assert some.card is not None
    assert 650 < some.card["measured"]["auroc"]["value"] < 900
    half = of(tmp_path / "half", [(told, bad ^ (n % 4 < 2)) for n, (told, bad) in enumerate(SAID)])
    assert (half.model, half.why) == (None, run.NO_BETTER)
    turned = of(tmp_path / "turned", [(told, not bad) for told, bad in SAID])
    assert turned.card is not None
    assert turned.card["measured"]["auroc"]["value"] > 950
    assert any("Nobody checked the answers" in note for note in turned.card["measured"]["notes"])


def of(folder: Path, said: list[tuple[dict[str, Any], bool]]) -> run.Learned:
    """What a new community learns from posts and answers."""
    made = community(folder, RULE)
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(lines(said))])
    return run.learn(made, CLAUSE, labels(made / "labels.ndjson", said))


def test_labels_that_say_nothing_are_not_enough(tmp_path: Path) -> None:
    """Answers by lot: there is nothing to learn, and it is said, not guessed."""
    made = community(tmp_path, RULE)
    said = [(told, hash_of(told) % 2 == 0) for told, _ in posts(220, seed=11)]
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(lines(said))])
    found = run.learn(made, CLAUSE, labels(made / "labels.ndjson", said))
    assert (found.model, found.why) == (None, run.NO_BETTER)
    assert not (made / model_folder.FOLDER).exists()


def hash_of(told: Any) -> int:
    """A number that has nothing to do with what a post says."""
    return int(str(told["id"])[1:]) // 2
