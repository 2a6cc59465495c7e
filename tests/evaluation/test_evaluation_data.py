"""Finding the data sets and reading their rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import zstandard

from evaluation import data


def write(folder: Path, name: str, splits: dict[str, list[dict[str, object]]]) -> None:
    """A set in the shape of the real ones."""
    (folder / name).mkdir(parents=True)
    for split, rows in splits.items():
        text = "".join(json.dumps(row) + "\n" for row in rows).encode()
        packed = zstandard.ZstdCompressor().compress(text)
        (folder / name / f"{split}.jsonl.zst").write_bytes(packed)


def test_rows_come_in_order_without_leaks(tmp_path: Path) -> None:
    """Rows that also occur in test are dropped."""
    splits: dict[str, list[dict[str, object]]] = {
        "train": [{"id": 1}, {"id": 2, "leak": True}],
        "test": [{"id": 3}],
    }
    write(tmp_path, "made", splits)
    assert [row["id"] for row in data.rows(tmp_path, "made", ("train", "test"))] == [1, 3]


def test_the_folder_is_named_by_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is named and not there is no folder."""
    monkeypatch.setenv(data.VARIABLE, str(tmp_path))
    assert data.folder() == tmp_path
    monkeypatch.setenv(data.VARIABLE, str(tmp_path / "nowhere"))
    assert data.folder() is None
    monkeypatch.delenv(data.VARIABLE)
    beside = data.ROOT.parent / "shared" / "data"
    assert data.folder() == (beside if beside.is_dir() else None)
