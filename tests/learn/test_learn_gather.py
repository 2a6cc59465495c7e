"""Which texts are gathered for a clause, and what is left out and counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flow.learning_community import CLAUSE, label
from flow.small_community import NOW, change, event, line, prepare
from ombud.app import Engine
from ombud.errors import BadUse
from ombud.learn import gather as gathering
from ombud.learn.gather import Gathered, gather
from ombud.reading import reading

TEXTS = ("cheap bags", "hello all", "cheap bags again", "\u200b \u00ad", "good day", "what a day")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six posts of six people, the third one's hold undone by a person, the fifth's author erased,
    a join, and a flag.
    """
    made = prepare(tmp_path_factory.mktemp("gathered"))
    with Engine(made, now=lambda: NOW) as engine:
        said = [event(n, n, text=text, author={"id": f"p{n}"}) for n, text in enumerate(TEXTS)]
        answers = engine.submit([line(each) for each in said])
        join = event(6, 6, type="member.joined")
        del join["data"]["text"]
        engine.submit([line(join)])
        engine.undo("admin", ids=[answers[2].decisions[0]])  # type: ignore[union-attr]
        engine.erase("chat", "p4")
    return made


def labelled(place: Path, **breaks: bool) -> Path:
    """A label file about events by their numbers."""
    file = place / "labels.ndjson"
    lines = [label(event(name.removeprefix("e")), breaks=each) for name, each in breaks.items()]
    file.write_text("\n".join(map(json.dumps, lines)))
    return file


def found(folder: Path, file: Path | None = None, clause: str = CLAUSE) -> Gathered:
    """What is gathered beside whoever writes."""
    with reading(folder) as reader:
        return gather(reader, clause, file)


def test_an_undone_decision_alone_is_an_example(folder: Path) -> None:
    """What a person undid did not break the clause; the last record there was is told."""
    known = found(folder)
    assert [(each.text, each.breaks) for each in known.examples] == [("cheap bags again", False)]
    assert known.labels == {
        "undone": 1,
        "decided": 0,
        "judged": 0,
        "reviewed": 0,
        "not_in_the_past": 0,
    }
    assert known.until == 10


def test_the_file_adds_to_it(folder: Path, tmp_path: Path) -> None:
    """By record, with the author's token and time; different people have different tokens."""
    known = found(folder, labelled(tmp_path, e0=True, e1=False))
    told = [(each.seq, each.text, each.breaks) for each in known.examples]
    assert told == [
        (2, "cheap bags", True),
        (3, "hello all", False),
        (4, "cheap bags again", False),
    ]
    assert len({each.author for each in known.examples}) == 3
    assert all(each.author is not None for each in known.examples)


def test_another_clause_is_another_matter(folder: Path, tmp_path: Path) -> None:
    """Labels of one clause teach nothing about another one."""
    assert found(folder, labelled(tmp_path, e0=True), "spam.repeats").examples == []


def test_what_contradicts_itself_is_left_out(folder: Path, tmp_path: Path) -> None:
    """A file that says otherwise than the undo does: neither counts."""
    known = found(folder, labelled(tmp_path, e2=True, e0=True))
    assert [each.text for each in known.examples] == ["cheap bags"]
    assert known.left_out["contradictory"] == 1


def test_what_has_no_text_is_left_out(folder: Path, tmp_path: Path) -> None:
    """Erased, only invisible signs, no text at all; and what is not here is counted apart."""
    known = found(folder, labelled(tmp_path, e3=True, e4=True, e6=True, e99=True))
    assert [each.seq for each in known.examples] == [4]
    assert known.left_out["without_text"] == 3
    assert known.labels["not_in_the_past"] == 1


def test_what_cannot_be_opened_is_left_out(tmp_path: Path) -> None:
    """A damaged body stops nobody."""
    made = prepare(tmp_path)
    with Engine(made, now=lambda: NOW) as engine:
        engine.submit([line(event(n, n, author={"id": f"p{n}"})) for n in range(2)])
    change(made, "UPDATE body SET sealed = x'00' WHERE seq = 2")
    known = found(made, labelled(tmp_path, e0=True, e1=True))
    assert [each.seq for each in known.examples] == [3]
    assert known.left_out["without_text"] == 1


def test_the_newest_are_taken_and_long_texts_are_cut(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither how many nor how long has no bound."""
    monkeypatch.setattr(gathering, "TEXTS_MAX", 2)
    monkeypatch.setattr(gathering, "TEXT_LENGTH_MAX", 4)
    known = found(folder, labelled(tmp_path, e0=True, e1=True))
    assert [each.text for each in known.examples] == ["hell", "chea"]
    assert known.left_out["too_many"] == 1


def test_all_texts_together_have_a_bound(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of long texts fewer are taken, the newest, in their order; the others are counted."""
    said = labelled(tmp_path, e0=True, e1=True, e2=True)
    whole = found(folder, said)
    assert whole.left_out["too_many"] == 0
    seqs = [each.seq for each in whole.examples]
    assert seqs == sorted(seqs)
    monkeypatch.setattr(gathering, "LETTERS_MAX", len(whole.examples[-1].text) + 1)
    some = found(folder, said)
    assert [each.seq for each in some.examples] == seqs[-2:]
    assert some.left_out["too_many"] == len(seqs) - 2


def test_a_bad_label_file_is_refused(folder: Path, tmp_path: Path) -> None:
    """As for other runs over the past."""
    file = tmp_path / "bad.ndjson"
    file.write_text('{"source": 5}')
    with pytest.raises(BadUse):
        found(folder, file)
