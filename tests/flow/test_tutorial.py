"""The tutorial and how-to pages are followed literally: blocks run, and shown lines come out."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
STAND_BEHIND = ROOT / "docs" / "stand-behind.md"
ON_A_HOMESERVER = {  # what is followed there, on a real one, is said beside it
    "moderate-a-matrix-server",  # tests/platforms/test_platforms_matrix_howto.py, every block
    "ask-before-matrix-publishes",  # tests/platforms/test_platforms_matrix_ask_howto.py, as well
    "decide-from-a-moderators-room",  # nothing literally
}
HOW_TO = sorted(
    page for page in (ROOT / "docs" / "how-to").glob("*.md") if page.stem not in ON_A_HOMESERVER
)
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "@@@ block"
PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class Step:
    """One shell block, and the lines the page shows after it."""

    command: str
    shown: tuple[str, ...]


def steps(page: Path) -> list[Step]:
    """The shell blocks of a page, each with the text block that follows it."""
    found: list[Step] = []
    for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind == "sh":
            found.append(Step(text, ()))
        else:
            found[-1] = Step(found[-1].command, tuple(text.splitlines()))
    return found


def follow(page: Path, folder: Path, environment: dict[str, str]) -> list[str]:
    """Run all shell blocks of a page in one shell; what each of them printed."""
    script = "set -euo pipefail\n"
    for step in steps(page):
        script += f"echo '{MARK}'\n{step.command}"
    with subprocess.Popen(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as shell:
        try:
            printed = shell.communicate(timeout=PATIENCE_SECONDS)[0].decode("utf-8")
        finally:
            with suppress(ProcessLookupError):  # a page that failed half way leaves its servers
                os.killpg(shell.pid, signal.SIGKILL)
    assert shell.returncode == 0, printed
    return printed.split(MARK + "\n")[1:]


def absent(shown: str, printed: str) -> bool:
    """Whether a shown line is not among the printed ones; "..." stands for anything."""
    pattern = ".*".join(map(re.escape, shown.split("...")))
    return not any(re.fullmatch(pattern, line) for line in printed.splitlines())


def compare(page: Path, outputs: list[str]) -> None:
    """Every line a page shows must have come out of the command above it."""
    found = steps(page)
    assert len(found) == len(outputs)
    for step, printed in zip(found, outputs, strict=True):
        missing = [line for line in step.shown if absent(line, printed)]
        assert not missing, f"{page.name} shows {missing}, but this came out:\n{printed}"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A reader's environment: `ombud` on the path, and temporary folders of the test's own."""
    scratch = tmp_path_factory.mktemp("scratch")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(scratch), "TMPDIR": str(scratch), "LC_ALL": "C.UTF-8"}


@pytest.fixture(scope="module")
def followed(environment: dict[str, str]) -> tuple[list[str], Path]:
    """What the tutorial's blocks printed, and the folder it worked in."""
    outputs = follow(TUTORIAL, ROOT, environment)
    (folder,) = Path(environment["TMPDIR"]).glob("tmp.*")
    return outputs, folder


def test_the_tutorial_works_as_written(followed: tuple[list[str], Path]) -> None:
    """Every command of the tutorial succeeds and prints the lines the tutorial shows."""
    assert steps(TUTORIAL)
    compare(TUTORIAL, followed[0])


def test_an_application_can_stand_behind_it(environment: dict[str, str], tmp_path: Path) -> None:
    """The second tutorial, followed literally: fifteen lines of Python and curl are an application
    that asks, is answered in time, and is told what was undone.
    """
    scratch = {**environment, "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    compare(STAND_BEHIND, follow(STAND_BEHIND, ROOT, scratch))
    program = next(step.command for step in steps(STAND_BEHIND) if "forum.py" in step.command)
    lines = program.partition("<<'END'\n")[2].partition("END\n")[0].splitlines()
    assert len([line for line in lines if line.strip()]) <= 15


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_each_how_to_works_as_written(
    page: Path, followed: tuple[list[str], Path], environment: dict[str, str], tmp_path: Path
) -> None:
    """Every how-to page, begun where the tutorial ends, succeeds and prints the lines it shows."""
    work = tmp_path / "work"
    shutil.copytree(followed[1], work)
    outputs = follow(page, work, {**environment, "OMBUD_DATA": "my-community"})
    compare(page, outputs)


def test_a_line_that_did_not_come_out_is_noticed() -> None:
    """The comparison fails for a line that no command printed, and only for that."""
    printed = "accepted   3\nuntil 2026-11-23 at the latest.\n"
    assert absent("accepted   4", printed)
    assert not absent("until ... at the latest.", printed)
