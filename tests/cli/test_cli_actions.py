"""`ombud actions`: what is asked of the platforms, as a list, a table and data; and trying again.

And `ombud decisions undo` by person, which is how an operator takes all of it back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cli.command_line import HOSTILE, error_of, harmless, printed, run
from flow.platform_side import Platform, connected
from flow.small_community import event, rows
from ombud import session
from ombud.actions import STATES

MISCHIEF = "=1+1; =2\n-3\t\x1b[2J \u202e\uff1d4"
FIELDS = (
    *("id", "kind", "connector", "decision", "action", "inverse"),
    *("state", "due", "attempts", "done", "detail", "again", "again_by"),
)


def bags(number: int, who: str, **more: Any) -> dict[str, Any]:
    """A post that is held."""
    return event(number, number, text="cheap bags", author={"id": who}, **more)


def failed(platform: Platform, id_: str, detail: str) -> None:
    """An action that was tried, and given up for this reason."""
    from ombud.changes import Mark

    assert platform.mark(id_, "sending")
    assert platform.engine.change(Mark(id_, "failed", 0, 3, detail))


def community(folder: Path) -> Path:
    """Ana and Bo on chat, Ana on talk, which is not connected; Ana's action has failed, Bo's is
    undone.
    """
    with connected(folder) as platform:
        answers = platform.stream(bags(1, "ana"), bags(2, "bo"), bags(3, "ana", source="talk/hall"))
        listed = platform.outbox(kind="action", connector="chat")
        failed(platform, listed[0]["id"], MISCHIEF)
        assert platform.mark(listed[1]["id"], "sending")
        assert platform.mark(listed[1]["id"], "delivered")
        platform.engine.undo("admin", ids=list(answers[1].decisions))
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the reading tests share."""
    return community(tmp_path_factory.mktemp("asked"))


def items(folder: Path, *options: object) -> list[dict[str, Any]]:
    """What a list shows, as data."""
    found = printed("actions", "list", *options, "--data", folder)
    assert set(found) == {"items"}
    listed: list[dict[str, Any]] = found["items"]
    return listed


# --- list -----------------------------------------------------------------------------------------


def test_all_that_is_asked_is_listed_newest_first(folder: Path) -> None:
    """Actions and messages, as the outbox has them, with every field."""
    found = items(folder)
    ids = [row[0] for row in rows(folder, "SELECT id FROM outbox ORDER BY rowid DESC")]
    assert [each["id"] for each in found] == ids
    assert all(tuple(each) == FIELDS for each in found)
    assert {each["kind"] for each in found} == {"action", "notice"}
    inverse = [each for each in found if each["inverse"]]
    assert [(each["action"], each["state"]) for each in inverse] == [("hold", "asked")]
    assert items(folder, "--limit", 2) == found[:2]


def test_a_list_can_be_narrowed_to_a_state(folder: Path) -> None:
    """Each state leaves exactly what stands there, and all of them together are everything."""
    every = items(folder)
    for state in STATES:
        assert items(folder, "--state", state) == [each for each in every if each["state"] == state]
    (lost,) = items(folder, "--state", "failed")
    assert (lost["detail"], lost["attempts"]) == (MISCHIEF, 3)
    (unasked,) = items(folder, "--state", "recorded")
    assert unasked["connector"] is None


def test_a_list_for_people(folder: Path) -> None:
    """A line each: state, action, platform and id; below what was tried, how often and why."""
    shown = run("actions", "list", "--data", folder)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert harmless(shown)
    lines = shown.stdout.splitlines()
    own = [line for line in lines if not line.startswith(" ")]
    assert [line.split()[-1] for line in own] == [each["id"] for each in items(folder)]
    assert any(line.split()[:3] == ["asked", "undo", "hold"] for line in own)
    assert [line.split()[2] for line in own if line.startswith("recorded")] == ["-"]
    place = next(number for number, line in enumerate(lines) if line.startswith("failed"))
    assert lines[place + 1].startswith("    tried 3 times: =1+1; =2")
    assert lines[place + 2].startswith("  | -3")


def table(text: str) -> list[list[str]]:
    """The rows of a table, as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_table_for_a_spreadsheet(folder: Path) -> None:
    """One row each under the names of the fields; what a platform said stays text."""
    shown = run("actions", "list", "--csv", "--data", folder)
    assert (shown.exit_code, shown.stderr) == (0, "")
    head, *found = table(shown.stdout)
    assert tuple(head) == FIELDS
    listed = items(folder)
    assert [row[0] for row in found] == [each["id"] for each in listed]
    assert {len(row) for row in found} == {len(FIELDS)}
    assert all(char.isprintable() or char in "\r\n" for char in shown.stdout)
    (lost,) = table(run("actions", "list", "--csv", "--state", "failed", "--data", folder).stdout)[
        1:
    ]
    assert lost[FIELDS.index("detail")].startswith("'=1+1;' =2 -3")
    assert run("actions", "list", "--csv", "--state", "sending", "--data", folder).stdout == ""


@pytest.mark.parametrize("state", ["nowhere", "", "Failed", HOSTILE, "\udcff"])
def test_a_state_that_is_none_is_wrong_usage(folder: Path, state: str) -> None:
    """U019 names every state there is; an empty list would have said that nothing failed."""
    shown = run("actions", "list", "--state", state, "--data", folder)
    assert shown.exit_code == 2
    what, where, hint = error_of(shown)
    assert what.startswith("U019  ")
    assert where == "where: --state"
    assert all(each in hint for each in STATES)
    assert harmless(shown)


@pytest.mark.parametrize("given", [["list"], ["list", "--csv"], ["retry", "act_1"]])
def test_without_a_community_nothing_is_asked(given: list[str], tmp_path: Path) -> None:
    """A folder without a store is said so, ends with 1, and no store is made in passing."""
    shown = run("actions", *given, "--data", tmp_path / "none")
    assert shown.exit_code == 1
    assert error_of(shown)[0].startswith("D004  There is no community in")
    assert not (tmp_path / "none").exists()


# --- retry ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("beside", [False, True])
def test_what_was_given_up_is_tried_again(tmp_path: Path, beside: bool) -> None:
    """Once, alone and beside a server; what has not failed, or is nothing, is left alone."""
    folder = community(tmp_path)
    (lost,) = items(folder, "--state", "failed")
    (done,) = items(folder, "--state", "delivered")

    def story() -> None:
        shown = run("actions", "retry", lost["id"], "--data", folder)
        assert (shown.exit_code, shown.stdout) == (0, "it is asked again\n")
        again = next(each for each in items(folder) if each["id"] == lost["id"])
        assert (again["state"], again["detail"]) == ("asked", "")
        for other in (lost["id"], done["id"], "act_none", HOSTILE):
            shown = run("actions", "retry", other, "--data", folder)
            assert (shown.exit_code, shown.stderr) == (0, "")
            assert shown.stdout == "it has not failed: nothing to try again\n"
            assert printed("actions", "retry", other, "--data", folder) == {"asked": False}
        assert items(folder, "--state", "delivered") == [done]

    if not beside:
        story()
        return
    with session.engine(folder, activate=False):
        story()


# --- undo by person -------------------------------------------------------------------------------


def undone(folder: Path, *given: object) -> Sequence[str]:
    """The subjects whose decisions are undone after an undo of somebody's."""
    found = printed("decisions", "undo", *given, "--data", folder)
    assert set(found) == {"items"}
    query = "SELECT id, undone_by FROM decision"
    gone = {id_ for id_, by in rows(folder, query) if by is not None}
    assert set(found["items"]) <= gone
    listed = printed("decisions", "list", "--data", folder)["items"]
    return sorted(each["subject"] for each in listed if each["id"] in found["items"])


@pytest.mark.parametrize(
    "given",
    [["--account", "ana"], ["--platform", "chat"], ["--platform", "chat", "--rule", "bags"]],
)
def test_an_account_is_named_with_its_platform(folder: Path, given: list[str]) -> None:
    """One without the other is wrong usage: another platform's account is another person."""
    before = rows(folder, "SELECT id, undone_by FROM decision")
    for more in ([], ["--since", "2026-01-01"]):
        shown = run("decisions", "undo", *given, *more, "--data", folder)
        assert shown.exit_code == 2
        what, where, hint = error_of(shown)
        if what.startswith("U005"):  # a platform alone chooses nothing
            assert given == ["--platform", "chat"]
            continue
        assert what.startswith("U016  ")
        assert where == "where: undo"
        assert "--account" in hint
        assert "--platform" in hint
    assert rows(folder, "SELECT id, undone_by FROM decision") == before


def test_all_of_one_person_is_undone(tmp_path: Path) -> None:
    """Exactly what was decided about that account of that platform, and once."""
    folder = community(tmp_path)
    ana = ["--account", "ana", "--platform", "chat"]
    assert undone(folder, *ana, "--since", "2030-01-01") == []
    assert undone(folder, *ana) == ["post/e1"]
    assert undone(folder, *ana) == []
    assert undone(folder, "--account", "ana", "--platform", "talk") == ["post/e3"]
