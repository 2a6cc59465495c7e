"""The evaluation of fact-checks, on invented rows, and in short on the real ones."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from evaluation.claims import Set, average_precision

from evaluation import claims, data
from ombud.signals import views
from ombud.signals.factchecks import matching
from ombud.signals.factchecks.index import Index
from signals.factchecks.checks_made import BRIDGE, FISH, TRAIN

OTHERS = [f"Invented claim about subject{number}x and matter{number % 40}y" for number in range(99)]
TEXTS = [TRAIN, FISH, BRIDGE, *OTHERS, TRAIN]
MADE = Set(
    "made",
    [claims.claim(text, "", number) for number, text in enumerate(TEXTS)],
    [f"id{number}" for number in range(len(TEXTS))],
    [
        {"text": f"{TRAIN} they say", "claims": ["id0"]},
        {"text": f"oh no {BRIDGE}", "claims": ["id2"]},
        {"text": "nothing of all this", "claims": ["id1"]},
    ],
)
INDEX = Index(MADE.claims)


def test_average_precision_is_the_official_one() -> None:
    """The first right one counts by its rank, what is beyond the fifth not at all."""
    assert average_precision(["a", "b"], ["a"]) == 1
    assert average_precision(["b", "a"], ["a"]) == 0.5
    assert average_precision([*"bcdefa"], ["a"]) == 0
    assert average_precision([*"abc"], ["a", "c"]) == pytest.approx((1 + 2 / 3) / 2)


def test_ours_and_the_peer_rank_alike() -> None:
    """The same formula over the same words, and ties in the order of the file."""
    mine, other = claims.ours(INDEX), claims.peer(MADE.claims)
    for row in MADE.posts[:2]:
        assert mine(row["text"])[:1] == other(row["text"])[:1]
    assert mine(TRAIN)[:2] == other(TRAIN)[:2] == [0, len(TEXTS) - 1]
    assert other("zzz") == mine("zzz") == []


def test_proposals_are_counted_as_the_page_says() -> None:
    """Two of three posts are proposed rightly; a claim of the same words is the same claim, so that
    nothing wrong is left when it is taken out; an ordinary post that repeats one is a proposal.
    """
    ordinary = [views.normalise(text) for text in ("hello", TRAIN)]
    row = claims.proposed(MADE, INDEX, ordinary, matching.SUGGEST, 20)
    assert [str(each).partition(" (")[0] for each in row[2:6]] == [
        *("66.7 %", "0.0 %", "100.0 %", "0.0 %"),
    ]
    assert str(row[6]).startswith("5000.0")


def test_without_a_model_the_section_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never silently, and with the reason; and no text of a set is there."""
    monkeypatch.delenv(claims.MODEL, raising=False)
    missing = claims.model()
    assert isinstance(missing, str)
    said = claims.section([MADE], ["hello"], missing, 20)
    assert f"not measured. {claims.MODEL}" in said
    assert "| `made` | ours |" in said
    assert "| `made` | `bm25s` |" in said
    assert "tunnel" not in said
    monkeypatch.setenv(claims.MODEL, "/nowhere/at/all")
    assert "cannot be read" in str(claims.model())


def real() -> Iterator[Set]:
    """The invented set, and where the data sets are the first real one in part."""
    yield MADE
    folder = data.folder()
    if folder is not None:
        whole = claims.load(folder, claims.SETS[1], ("dev",), 1)
        yield whole._replace(posts=list(itertools.islice(whole.posts, 40)))


@pytest.mark.parametrize("of", list(real()), ids=lambda of: of.name)
def test_our_ranking_is_no_worse_than_the_peers(of: Set) -> None:
    """Over all posts together, within what rounding to whole numbers can do."""
    index = Index(of.claims)
    sums = [
        sum(
            average_precision([of.ids[each] for each in rank(row["text"])], row["claims"])
            for row in of.posts
        )
        for rank in (claims.ours(index), claims.peer(of.claims))
    ]
    assert sums[0] >= sums[1] - 0.02 * len(of.posts)


def test_sets_are_read_as_they_lie(tmp_path: Path) -> None:
    """Claims in the order of the file, every n-th post of the splits that were asked for."""
    import json

    import zstandard

    folder = tmp_path / "made"
    folder.mkdir()
    packer = zstandard.ZstdCompressor()
    for file, rows in (
        (
            "claims",
            [{"id": "a", "claim": TRAIN, "title": "T"}, {"id": "b", "claim": "", "title": ""}],
        ),
        ("test", [{"text": str(number), "claims": ["a"]} for number in range(5)]),
    ):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{file}.jsonl.zst").write_bytes(packer.compress(lines.encode()))
    found = claims.load(tmp_path, "made", ("test",), 2)
    assert [each.claim for each in found.claims] == [TRAIN, "-"]
    assert [row["text"] for row in found.posts] == ["0", "2", "4"]
