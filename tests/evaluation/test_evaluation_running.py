"""Evaluations side by side: one that fails costs no other one its figures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evaluation import running


def good(folder: Path, *, quick: bool) -> str:
    """An evaluation that says what it was given, and in which process."""
    return f"{folder.name} {quick} {os.getpid()}"


def unread(folder: Path, *, quick: bool) -> str:
    """One whose set is not there."""
    return (folder / "some_set" / f"{quick}.jsonl.zst").read_text(encoding="utf-8")


def unpacked(folder: Path, *, quick: bool) -> str:
    """One whose package is not there."""
    raise ModuleNotFoundError(f"{folder.name} {quick}", name="nowhere")


def broken(folder: Path, *, quick: bool) -> str:
    """One with a fault."""
    raise ValueError(f"{folder.name} {quick}")


def ended(folder: Path, *, quick: bool) -> str:
    """One whose process does not come back."""
    os._exit(3 if folder.exists() or quick else 4)


ALL = {"good": good, "unread": unread, "unpacked": unpacked, "broken": broken}


@pytest.mark.parametrize("processes", [1, 2])
def test_what_fails_is_told_and_the_others_are_measured(tmp_path: Path, processes: int) -> None:
    """A missing set is named within the folder, a package by its name, a fault with its trace."""
    found = {
        each.name: each for each in running.outcomes(ALL, tmp_path, quick=True, processes=processes)
    }
    assert set(found) == set(ALL)
    assert f"{tmp_path.name} True" in (found["good"].section or "")
    assert (found["good"].section or "").startswith("Measured on 20")
    assert found["good"].problem is None
    problems = {name: each.problem or "" for name, each in found.items() if each.section is None}
    assert set(problems) == {"unread", "unpacked", "broken"}
    assert problems["unread"] == "a set is missing: some_set/True.jsonl.zst"
    assert "nowhere" in problems["unpacked"]
    assert "ValueError" in problems["broken"]


def test_each_has_a_process_of_its_own(tmp_path: Path) -> None:
    """With two processes no evaluation runs in this one, or after another one."""
    wanted = dict.fromkeys(("one", "two", "three"), good)
    found = list(running.outcomes(wanted, tmp_path, quick=False, processes=2))
    seen = {(each.section or "").rsplit(" ", 1)[-1] for each in found}
    assert len(seen) == 3
    assert str(os.getpid()) not in seen
    (alone,) = running.outcomes({"one": good}, tmp_path, quick=False, processes=2)
    assert (alone.section or "").endswith(str(os.getpid()))


def test_a_process_that_ends_is_told(tmp_path: Path) -> None:
    """The end of a process is that evaluation's problem, not the end of the run."""
    wanted = {"ended": ended, "again": ended}
    found = list(running.outcomes(wanted, tmp_path, quick=False, processes=2))
    assert {each.name for each in found} == set(wanted)
    assert all("its process ended" in (each.problem or "") for each in found)
