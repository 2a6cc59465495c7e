"""What ships is learned from permitted sets only, and made anew byte for byte."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import msgspec
import pytest
import zstandard

from evaluation import data, sentences, starting_points
from ombud.signals.learned import shipped
from ombud.signals.learned.model import Model
from ombud.training import card

PERMITTED = {"hatemoji_build", "surge_toxicity", "davidson", "vihos"}  # tier P, by their READMEs


def words(seed: str) -> str:
    """Letters that no other seed has."""
    return " ".join(hashlib.sha256(f"{seed} {n}".encode()).hexdigest() for n in range(2))


def made_up(folder: Path) -> Path:
    """Sets of invented rows in the real sets' shape."""
    for name in PERMITTED:
        label = "hate" if name == "davidson" else "x"
        rows = [
            {"text": f"row {n} {'bees' if n % 2 else 'tea'} {words(f'{name} {n}')}", "y": n % 2,
             "label": label if n % 2 else "offensive" if n % 4 else "neither",
             "lang": "vi" if name == "vihos" else "en", "leak": n == 0}
            for n in range(120)
        ]  # fmt: skip
        (folder / name).mkdir()
        packed = zstandard.compress(b"\n".join(msgspec.json.encode(row) for row in rows))
        for split in ("train", "dev", "test"):
            (folder / name / f"{split}.jsonl.zst").write_bytes(packed)
    (folder / starting_points.ORDINARY).mkdir()
    posts = b'{"title": "tea", "text": null}\n{"title": "bees", "text": "they hum"}'
    (folder / starting_points.ORDINARY / "posts.jsonl.zst").write_bytes(zstandard.compress(posts))
    return folder


class Told:
    """A model that says of a text the number it holds, and knows all words."""

    def knows(self, *_: object) -> bool:
        """Always."""
        return True

    def permille_of(self, listed: Sequence[str]) -> int:
        """The number."""
        return int(listed[0])


@pytest.mark.parametrize(
    ("benign", "harm", "at"),
    [
        ([500] * 100, 900, 510),
        ([500] * 99 + [739], 900, 510),  # one of a hundred may
        ([500] * 98 + [739] * 2, 900, 740),
        ([999] * 100, 999, 1000),
        ([0], 999, 500),
    ],
)
def test_the_mark_is_the_lowest_that_one_benign_row_in_a_hundred_reaches(
    tmp_path: Path, benign: list[int], harm: int, at: int
) -> None:
    """Of dev rows; harm does not move it."""
    (tmp_path / "vihos").mkdir()
    rows = [{"text": f"{n}", "y": 0, "label": "clean"} for n in benign]
    rows += [{"text": f"{harm}", "y": 1, "label": "hos"}] * 50
    packed = zstandard.compress(b"\n".join(msgspec.json.encode(row) for row in rows))
    (tmp_path / "vihos" / "dev.jsonl.zst").write_bytes(packed)
    assert starting_points.mark(tmp_path, "vi", cast(Model, Told())) == at


def test_each_set_has_its_own_hundredth_but_the_adversarial(tmp_path: Path) -> None:
    """A large set does not hide a small one; what was written to mislead sets no mark."""
    for name, score in (("davidson", 100), ("surge_toxicity", 800), ("hatemoji_build", 990)):
        (tmp_path / name).mkdir()
        rows = [{"text": f"{score}", "y": 0, "label": "x"}] * (1000 if name == "davidson" else 5)
        packed = zstandard.compress(b"\n".join(msgspec.json.encode(row) for row in rows))
        (tmp_path / name / "dev.jsonl.zst").write_bytes(packed)
    assert starting_points.mark(tmp_path, "en", cast(Model, Told())) == 810


def test_only_permitted_sets_and_made_up_sentences_are_learned_from(tmp_path: Path) -> None:
    """Rows marked as leaks are dropped; nothing else is opened: there is nothing else."""
    made_up(tmp_path)
    for lang in starting_points.LANGUAGES:
        rows = starting_points.rows(tmp_path, lang)
        sources = {row.source for row in rows}
        assert sources == {*starting_points.SETS[lang], sentences.SOURCE}
        assert sources <= {*PERMITTED, sentences.SOURCE}
        assert all("row 0 " not in row.text for row in rows)


def test_what_is_no_example_of_what_comes_is_only_learned_from(tmp_path: Path) -> None:
    """Adversarial rows, merely offensive ones and made-up sentences stand in no figure."""
    rows = starting_points.rows(made_up(tmp_path), "en")
    judged = {row.source for row in rows if not row.taught}
    assert judged == {"surge_toxicity", "davidson"}
    offensive = [row for row in rows if row.weight == starting_points.OFFENSIVE]
    assert all(row.taught and not row.harm for row in offensive)


def test_the_command_writes_and_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file and a card for each language; `--check` tells the same from another."""
    (tmp_path / "data").mkdir()
    folder = made_up(tmp_path / "data")
    monkeypatch.setattr(starting_points, "FOLDER", tmp_path / "models")
    monkeypatch.setattr(starting_points, "CARDS", tmp_path / "cards")
    monkeypatch.setattr(starting_points, "BITS", 10)
    monkeypatch.setattr("ombud.training.fit.WIDTH_MAX", 1.0)
    asked = ["--data", str(folder)]
    assert starting_points.main(asked) == 0
    marks = dict(re.findall(r"insult-(..)\.model: \w+, counts from (\d+)", capsys.readouterr().out))
    monkeypatch.setattr(shipped, "LIKELY", {lang: int(at) for lang, at in marks.items()})
    assert starting_points.main([*asked, "--check"]) == 0
    assert "insult-en.model: the same" in capsys.readouterr().out
    monkeypatch.setitem(shipped.LIKELY, "vi", shipped.LIKELY["vi"] + 10)
    assert starting_points.main([*asked, "--check"]) == 1
    page = (tmp_path / "cards" / "insult-en.md").read_text(encoding="utf-8")
    assert "of 2 ordinary English posts" in page
    assert "davidson 2017" in page
    monkeypatch.setitem(shipped.LIKELY, "vi", shipped.LIKELY["vi"] - 10)
    (tmp_path / "models" / "insult-vi.model").write_bytes(b"other")
    assert starting_points.main([*asked, "--check"]) == 1
    assert starting_points.main(["--data", str(tmp_path / "nowhere")]) == 2
    assert (tmp_path / "cards" / "insult-en.svg").read_text().startswith("<svg")


def cards() -> Iterator[tuple[str, card.Card]]:
    """The cards in the package."""
    for lang in starting_points.LANGUAGES:
        content = (starting_points.FOLDER / f"insult-{lang}.json").read_bytes()
        yield lang, msgspec.json.decode(content, type=card.Card)


@pytest.mark.parametrize(("lang", "found"), list(cards()), ids=["en", "vi"])
def test_the_shipped_card_is_of_the_shipped_model(lang: str, found: card.Card) -> None:
    """The same version; permitted sources only, each named in the notice; the page says so too."""
    assert found.version == shipped.MODELS[lang]
    assert set(found.made.sources) == {*starting_points.SETS[lang], sentences.SOURCE}
    page = (starting_points.CARDS / f"insult-{lang}.md").read_text(encoding="utf-8")
    assert page == card.markdown(found)
    notice = (starting_points.FOLDER / "NOTICE.txt").read_text(encoding="utf-8").casefold()
    for name in found.made.sources:
        assert name.replace("_", "").removesuffix("toxicity") in notice.replace("-", "") or (
            name.split("_")[0] in notice
        )


def real_rows() -> Iterator[int]:
    """How many rows there are to learn from, where the data sets are."""
    folder = data.folder()
    yield len(sentences.rows("vi", 1.0))
    if folder is not None:
        yield len(starting_points.rows(folder, "vi"))


@pytest.mark.parametrize("count", list(real_rows()))
def test_the_shipped_model_says_how_many_rows_it_is_of(count: int) -> None:
    """All of them where the sets are; never fewer than the made-up sentences."""
    rows = shipped.loaded("vi").header.made.rows
    assert rows >= count
    if count > 5000:
        assert rows == count
