"""A model's file is read whole or refused with a code, and scores are integers that add up."""

from __future__ import annotations

import hashlib
import math
from array import array
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.signals import views
from ombud.signals.learned import features, model
from ombud.signals.learned.model import BadModel, Header, Made

MADE = Made(rows=300, harmful=100, sources=("made up",), since="2026-01-01", until="2026-02-01")
POINTS = ((-2000, 0), (0, 400), (2000, 1000))
BITS = 10


def header(**changes: Any) -> Header:
    """A header that fits, changed."""
    whole = Header(model.FORMAT, "test", model.sees(), BITS, -50, POINTS, MADE)
    return msgspec.structs.replace(whole, **changes)


def weights() -> array[int]:
    """Different weights of both signs."""
    return array("h", [(number * 7919) % 4001 - 2000 for number in range(1 << BITS)])


CONTENT = model.encode(header(), weights())


def test_a_file_is_read_as_it_was_written() -> None:
    """Header and weights come back, and the version is the file's digest."""
    found = model.decode(CONTENT)
    assert found.header == header()
    assert found.version == hashlib.sha256(CONTENT).hexdigest()
    assert model.encode(found.header, found._weights) == CONTENT
    assert len(CONTENT) <= model.BYTES_MAX


@given(st.text(max_size=120))
def test_a_score_is_the_sum_of_its_features(text: str) -> None:
    """Divided by the root of their number, whether or not sums of words are kept."""
    scorer = model.decode(CONTENT)
    normal = views.normalise(text)
    found = features.hashes(text, normal)
    expected = -50.0
    if found:
        mask = (1 << BITS) - 1
        expected += sum(weights()[each & mask] for each in found) / math.sqrt(len(found))
    assert abs(scorer.raw(text, normal) - expected) <= 1.001
    assert scorer.raw(text, normal) == scorer.raw(text, normal)


@pytest.mark.parametrize(
    ("raw", "permille"),
    [(-9999, 0), (-2000, 0), (-1000, 200), (0, 400), (1, 400), (1000, 700), (2000, 1000),
     (9999, 1000)],
)  # fmt: skip
def test_calibration_is_straight_between_points_and_flat_beyond(raw: int, permille: int) -> None:
    """In whole numbers."""
    assert model.calibrated(raw, [point for point, _ in POINTS], POINTS) == permille


def changed(**fields: Any) -> bytes:
    """The file with other fields in its first line."""
    plain = msgspec.json.decode(CONTENT.partition(b"\n")[0]) | fields
    return msgspec.json.encode(plain) + b"\n" + weights().tobytes()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "D101"),
        (b"\n", "D101"),
        (b"{}\n", "D101"),
        (b"[" * 60_000 + b"\n", "D101"),
        (b"\x80\x04\x95 pickle\n", "D101"),
        (b"{" + b" " * model.HEADER_MAX + b"\n", "D101"),
        (CONTENT[:-1], "D101"),
        (CONTENT + b"\0", "D101"),
        (changed(code="import os"), "D101"),
        (changed(format=2), "D101"),
        (changed(name="../x"), "D101"),
        (changed(bits=7), "D101"),
        (changed(bits=40), "D101"),
        (changed(bits=BITS - 1), "D101"),
        (changed(bias=1 << 41), "D101"),
        (changed(bias=0.5), "D101"),
        (changed(points=[[0, 0]]), "D101"),
        (changed(points=[[0, 0], [0, 9]]), "D101"),
        (changed(points=[[0, 9], [1, 0]]), "D101"),
        (changed(points=[[0, 0], [1, 1001]]), "D101"),
        (changed(points=[[0, -1], [1, 9]]), "D101"),
        (changed(points=[[n, 0] for n in range(model.POINTS_MAX + 1)]), "D101"),
        (changed(features="0.other"), "D102"),
    ],
)
def test_what_does_not_fit_is_refused(content: bytes, code: str) -> None:
    """With a code and a hint, before anything is computed from it."""
    with pytest.raises(BadModel) as found:
        model.decode(content)
    assert found.value.code == code
    assert found.value.hint


@given(st.binary(max_size=400))
def test_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    """Whatever a file holds."""
    with pytest.raises(BadModel):
        model.decode(content)


def test_words_that_carry_weight_are_counted_once_each() -> None:
    """Words without weight, flags and tones do not count, nor does a word said again."""
    mask = (1 << BITS) - 1
    known = {features.of_word(word)[0] & mask for word in ("kettle", "idiot", "garden")}
    weighed = array("h", [int(place in known) for place in range(1 << BITS)])
    made = model.decode(model.encode(header(), weighed))
    assert made.knows(["kettle", "idiot", "garden"], 3)
    assert not made.knows(["kettle", "idiot", "idiot"], 3)
    assert not made.knows(["kettle", "idiot", "sparrow"], 3)
    flagged = [features.FLAG + "you", features.TONE + "vi", features.FLAG + "group"]
    full = model.decode(model.encode(header(), array("h", [1] * (1 << BITS))))
    assert not full.knows(["kettle", *flagged], 2)
    assert full.knows(["kettle", features.NEGATED + "idiot"], 2)
    assert full.knows([], 0)


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ([0, *[1] * 14], 0),
        ([1, *[1] * 14], 1),
        ([0, *[-1] * 15], 1),
        ([1, *[1] * 29], 1),
        ([1, *[1] * 30], 2),
        ([0, *[1] * 45], 3),
        ([0, *[1] * 48, *[0] * 12], 3),  # four fifths
        ([0, *[1] * 48, *[0] * 13], 0),
        ([1, *[1] * 48, *[0] * 13], 1),
    ],
)
def test_a_long_token_counts_as_words_by_its_runs_of_letters(held: list[int], words: int) -> None:
    """Fifteen runs that carry weight a word, where four fifths of all do; else its own weight."""
    assert model._words(held) == words


def test_a_text_without_spaces_is_known_by_its_letters() -> None:
    """From sixteen letters on; letters that were never learned are not, however many."""
    full = model.decode(model.encode(header(), array("h", [1] * (1 << BITS))))
    empty = model.decode(model.encode(header(), array("h", bytes(2 << BITS))))
    for scorer, least in ((full, 3), (empty, 0)):
        for _ in range(2):  # as counted, and as kept
            assert scorer.knows(["abcdefghijklmnop"], least)
            assert not scorer.knows(["abcdefghijklmnop"], least + 1)
    assert not full.knows(["abcdefghijklmno"], 3)


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of however many words; long ones are not kept at all."""
    monkeypatch.setattr(model, "WORDS_KEPT", 10)
    scorer = model.decode(CONTENT)
    text = " ".join(f"w{number}" for number in range(100)) + " " + "x" * 3000
    scorer.raw(text, text)
    assert 0 < len(scorer._sums) <= 10
    assert all(len(token) <= model.WORD_KEPT_MAX for token in scorer._sums)
