"""The evaluation of insults, set by set: on invented rows, and in short on the real ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from evaluation.harassment import HALF, Text

from evaluation import data, harassment
from ombud.signals.learned import shipped
from ombud.training import groups

KIND = "you are a kind and clever friend, stay"
RUDE = "you are a stupid worthless idiot, go away"


def row(text: str, harm: bool) -> data.Row:
    """A row in the shape of the sets'."""
    return {"text": text, "y": int(harm), "label": "x", "lang": "en", "split": "test"}


ROWS = [row(KIND, False), row(RUDE, True), row("the kettle is on", False), row("idiots!", True)]


def test_rows_are_scored_and_marked_where_something_like_them_was_learned() -> None:
    """By each method; nearly the same is told apart from what is new."""
    seen = groups.Index()
    seen.add(KIND + "!")
    by = {"ours": harassment.ours, "list": lambda texts: [1000 * ("idiot" in t) for t in texts]}
    judged = harassment.judged(ROWS, "surge_toxicity", by, seen)
    assert [text.near for text in judged] == [True, False, False, False]
    assert [text.harm for text in judged] == [False, True, False, True]
    assert [text.scores["list"] for text in judged] == [0, 1000, 0, 1000]
    assert judged[1].scores["ours"] > judged[0].scores["ours"]
    assert len(harassment.pairs(judged, "ours", apart=True)) == 3


def test_the_list_finds_whole_words_and_phrases(tmp_path: Path) -> None:
    """English entries only, words by their borders."""
    (tmp_path / "word_lists_ldnoobw").mkdir()
    words = "en\tkettle\nen\tburnt pancake\nfr\tchaise\n"
    (tmp_path / "word_lists_ldnoobw" / "words.tsv").write_text(words, encoding="utf-8")
    score = harassment.listed(tmp_path)
    texts = ["A Kettle!", "kettles", "you burnt pancake", "chaise"]
    assert score(texts) == [1000, 0, 1000, 0]


def test_the_section_has_every_set_and_method_and_no_text() -> None:
    """Figures by set, where a rule may ask, and of ordinary posts."""
    texts = [Text(n % 2 == 0, n == 0, {"ours": 300 + 40 * n, "plain": 500}) for n in range(12)]
    said = harassment.section(
        {"vihos": texts}, {"ours": [100, 700, 950], "plain": [0] * 3}, [True, False, True], 20
    )
    assert said.count("| `vihos` | ours | 12 | 6 |") == 1
    assert said.count("| `vihos` | plain | 12 | 6 |") == 1
    assert "without 1 |" in said
    assert "Of 3 ordinary posts" in said
    assert f"counts from {shipped.LIKELY['en'] / 10:g} % (en)" in said
    (ours,) = [line for line in said.split("\n") if line.startswith("| ours | 66.7 %")]
    assert ours.split("|")[-2].strip().startswith("66.7 %")
    assert "kettle" not in said


def rude_and_kind() -> Iterator[list[data.Row]]:
    """Invented rows, and where the data sets are a part of the real ones."""
    yield ROWS[:2]
    folder = data.folder()
    if folder is not None:
        yield [*data.rows(folder, "surge_toxicity", ("dev",))]
        yield [*data.rows(folder, "vihos", ("dev",))][::5]


@pytest.mark.parametrize("rows", list(rude_and_kind()), ids=lambda rows: f"{len(rows)} rows")
def test_ours_is_better_than_always_the_same_answer(rows: list[data.Row]) -> None:
    """On dev parts at least two of three right, both classes taken alike."""
    scores = harassment.ours([each["text"] for each in rows])
    right = {True: [0, 0], False: [0, 0]}
    for score, each in zip(scores, rows, strict=True):
        right[bool(each["y"])][(score >= HALF) is bool(each["y"])] += 1
    shares = [hit / (hit + missed) for missed, hit in right.values()]
    assert sum(shares) / 2 > 2 / 3
