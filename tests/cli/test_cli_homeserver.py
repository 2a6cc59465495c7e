"""`ombud connect matrix`, `check` and `room`: what is told to do next, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.command_line import HOSTILE, error_of, harmless, printed, run

AWAY = ("--url", "http://127.0.0.1:1", "--server", "hs", "--allow", "127.0.0.1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community whose homeserver is away, with two rooms."""
    made = tmp_path / "data"
    rooms = ("--room", "!a", "--room", "!b")
    run("connect", "matrix", "talk", *AWAY, *rooms, "--data", made)
    return made


def test_a_homeserver_is_connected_and_looked_at(tmp_path: Path) -> None:
    """The files are told and no token, then the next steps in order; of one that is away the check
    says so, and exits 1.
    """
    folder = tmp_path / "data"
    shown = run("connect", "matrix", "talk", *AWAY, "--room", "!a", "--data", folder)
    paths = [folder / f"talk-{name}.yaml" for name in ("appservice", "module")]
    assert shown.stdout.split() == [str(path) for path in paths]
    steps = [line[:2] for line in shown.stderr.splitlines() if line[:1].isdigit()]
    assert steps == ["1.", "2.", "3.", "4."]
    assert "     - /etc/matrix-synapse/talk-appservice.yaml\n" in shown.stderr
    assert "     auto_join: true\n" in shown.stderr
    assert f"ombud connect check talk --data {folder}\n" in shown.stderr
    looked = run("connect", "check", "talk", "--data", folder)
    assert looked.exit_code == 1
    assert looked.stdout.startswith("lacks  the homeserver at http://127.0.0.1:1\n")
    told = printed("connect", "check", "talk", "--data", folder)
    assert [each["what"] for each in told["items"]] == ["the homeserver at http://127.0.0.1:1"]
    assert told["items"][0]["lacks"]["code"] == "U478"
    taken = run("connect", "matrix", "talk", *AWAY, "--room", "!a", "--data", folder)
    assert taken.exit_code == 2


def test_rooms_are_listed_and_taken_out(folder: Path) -> None:
    """The room is the data, what Synapse needs is talk; without the files it is said what to change
    in its copies.
    """
    assert run("connect", "room", "list", "--data", folder).stdout.split() == [
        *("talk", "!a", "talk", "!b")
    ]
    shown = run("connect", "room", "remove", "talk", "!b", "--data", folder)
    assert (shown.exit_code, shown.stdout) == (0, "!b\n")
    assert "talk-appservice.yaml was written anew: copy it" in shown.stderr
    assert '   "!b"\n' in shown.stderr
    assert f"ombud connect check talk --data {folder}\n" in shown.stderr
    assert printed("connect", "room", "list", "--data", folder) == {
        "items": [{"name": "talk", "room": "!a"}]
    }


def test_files_that_are_gone_are_changed_by_hand(folder: Path) -> None:
    """Exactly what, and where."""
    for path in folder.glob("talk-*.yaml"):
        path.unlink()
    shown = run("connect", "room", "remove", "talk", "!b", "--data", folder)
    assert shown.exit_code == 0
    assert "1. Take out this in talk-appservice.yaml, where Synapse reads it" in shown.stderr
    assert '   {"exclusive": false, "regex": "^\\\\!b$"}\n' in shown.stderr
    assert not list(folder.glob("talk-*.yaml"))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("add", "nobody", "!c"), "U486"),
        (("add", "talk", "!c"), "U478"),
        (("add", "talk", "#c:hs"), "U485"),
        (("add", "talk", HOSTILE), "U492"),
        (("remove", "talk", "!c"), "U488"),
    ],
)
def test_what_is_refused_is_told_in_three_parts(
    folder: Path, given: tuple[str, ...], code: str
) -> None:
    """And exits 2, with the settings as they were."""
    before = (folder / "ombud.toml").read_bytes()
    shown = run("connect", "room", *given, "--data", folder)
    assert shown.exit_code == 2
    what, where, hint = error_of(shown)
    assert what.startswith(f"{code}  ")
    assert where.startswith("where: ")
    assert hint
    assert harmless(shown)
    assert (folder / "ombud.toml").read_bytes() == before
