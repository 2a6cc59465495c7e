"""`ombud rules` and `ombud signals`: told what is wrong, where, and what to do; never activated."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from PIL import Image

from cli.command_line import HOSTILE, error_of, harmless, printed, run
from flow.small_community import event, line, rule
from ombud import samples
from ombud.signals import picture_hashes

NAME, TEXT = rule("bags", 'text contains "cheap bags"', 'text  "cheap bags"', 'text  "thanks"')
SAID = '  en  "A person will look at it."\n'
TEXT = TEXT.replace(SAID, SAID + '  vi  "Người kiểm duyệt sẽ xem."\n')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one rule and the shipped policies."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "policies").mkdir()
    (tmp_path / "rules" / NAME).write_text(TEXT)
    for name, content in samples.files("policies").items():
        (tmp_path / "policies" / name).write_bytes(content)
    (tmp_path / "ombud.db").touch()  # as after the first start
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    """Change the rule's text."""
    assert old in TEXT
    (folder / "rules" / NAME).write_text(TEXT.replace(old, new))


def test_pictures_are_hashed(tmp_path: Path) -> None:
    """One line a file, the same again; what is no picture is refused by its code and name."""
    picture, drawing = tmp_path / "a.png", tmp_path / "b.svg"
    Image.effect_mandelbrot((90, 70), (-2, -1, 1, 1), 100).save(picture)
    drawing.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (found, again) = printed("signals", "pdq", picture, picture)["items"]
    assert found == again
    assert found["file"] == str(picture)
    assert picture_hashes.parse(found["pdq"]) is not None
    assert found["pdq"] in run("signals", "pdq", picture).stdout
    first, *_ = error_of(run("signals", "pdq", picture, drawing))
    assert first.startswith("U152")
    assert any(str(drawing) in each for each in error_of(run("signals", "pdq", drawing)))


def test_rules_are_listed_with_what_they_may_do(folder: Path) -> None:
    """A rule's line says mode, clause, and what it does by itself as things stand."""
    (found,) = printed("rules", "list", "--data", folder)["items"]
    assert set(found) == {
        *("name", "description", "clause", "harm", "mode", "kinds", "version", "acts"),
        *("author", "approved_by", "eyes", "watch", "watches_until"),
    }
    assert found["acts"] == "asks a person (hold)"
    shown = run("rules", "list", "--data", folder)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.split(maxsplit=3)[:3] == ["bags", "live", "spam.links"]
    (folder / "ombud.toml").write_text("procedural_holds = true\n")
    assert printed("rules", "list", "--data", folder)["items"][0]["acts"] == "hold"
    change(folder, "mode    live", "mode    watch")
    (found,) = printed("rules", "list", "--data", folder)["items"]
    assert found["acts"] == "records hits, does nothing"
    change(folder, "mode    live", "mode    draft")
    (found,) = printed("rules", "list", "--data", folder)["items"]
    assert (found["mode"], found["acts"]) == ("draft", "is a draft, and judges nothing")


def test_good_rules_pass(folder: Path) -> None:
    """`rules check` counts the rules, tells what they may cost, and ends with 0."""
    shown = run("rules", "check", "--data", folder)
    found = printed("rules", "check", "--data", folder)
    assert (found["ok"], found["rules"]) == (True, 1)
    costs = {each["kind"]: each for each in found["cost"]["kinds"]}
    first, *lines = shown.stdout.splitlines()
    assert (shown.exit_code, first) == (0, "1 rule, no errors, no warnings")
    assert lines[: len(costs)] == [
        f"one {kind}: usually {each['usual_us']:,}, everything asked {each['worst_us']:,}"
        f" millionths of a second; the longest text {each['longest_us'] / 1_000_000:.1f} seconds"
        for kind, each in costs.items()
    ]
    assert lines[len(costs)].startswith("dearest rules: bags (")
    assert 0 < costs["post"]["usual_us"] < costs["post"]["worst_us"] < costs["post"]["longest_us"]
    assert found["cost"]["rules"][0]["rule"] == "bags"


def test_before_a_community_exists_the_samples_are_checked(tmp_path: Path) -> None:
    """Without rules of its own a folder is answered for by the samples, which are not copied."""
    found = printed("rules", "check", "--data", tmp_path / "none")
    assert found["ok"] is True
    assert found["rules"] == len(samples.files("rules"))
    assert not (tmp_path / "none").exists()


def test_a_broken_rule_is_told_with_its_place(folder: Path) -> None:
    """Code and message, file and line, the line with a caret under the place, and the hint."""
    change(folder, "text contains", "txt contains")
    shown = run("rules", "check", "--data", folder)
    assert (shown.exit_code, shown.stdout) == (1, "1 rule (1 left out), 1 error, no warnings\n")
    at = TEXT.splitlines().index('  text contains "cheap bags"') + 1
    first, where, source, caret, hint = shown.stderr.splitlines()
    assert first.startswith('R003  There is no fact called "txt')
    assert where == f"  bags.rule, line {at}"
    assert source == '      txt contains "cheap bags"'
    assert caret == "      ^"
    assert '"text"' in hint
    found = printed("rules", "check", "--data", folder)
    assert (found["ok"], found["rules"], found["left_out"]) == (False, 0, 1)
    (item,) = found["items"]
    assert set(item) == {
        *("code", "severity", "file", "line", "column", "message", "where", "hint"),
    }
    assert (item["code"], item["severity"], item["line"], item["column"]) == (
        "R003",
        "error",
        at,
        3,
    )


def test_a_rule_that_nobody_reads_is_told(folder: Path) -> None:
    """With the name it should have; it is a warning."""
    (folder / "rules" / NAME).rename(folder / "rules" / f"{NAME}.txt")
    shown = run("rules", "check", "--data", folder)
    assert shown.exit_code == 0
    assert "rules/bags.rule.txt" in shown.stderr
    assert "Rename it to bags.rule" in shown.stderr


def test_a_caret_stands_under_the_mistake(folder: Path) -> None:
    """The caret is below the column of the problem, counted as the terminal shows the line."""
    change(folder, "text contains", "not text contain")
    source, caret = run("rules", "check", "--data", folder).stderr.splitlines()[2:4]
    assert source[caret.index("^") :] == '"cheap bags"'


@pytest.mark.parametrize("command", ["list", "check", "test"])
def test_hostile_rule_files_are_shown_harmlessly(folder: Path, command: str) -> None:
    """Rules, policies and lists full of control characters are told without any of them."""
    change(folder, "text contains", HOSTILE.replace("\r", "") + "text contains")
    (folder / "rules" / f"{HOSTILE}.rule").write_text(f"rule {HOSTILE}\nwhen\n  {HOSTILE} < 3\n")
    (folder / "rules" / "x.rule").write_text(TEXT.replace("cheap", HOSTILE[:-1]))
    (folder / "policies" / "x.md").write_text(f"## {HOSTILE}\n{HOSTILE}: {HOSTILE}\n")
    (folder / "lists").mkdir()
    (folder / "lists" / f"{HOSTILE}.txt").write_text(HOSTILE)
    shown = run("rules", command, "--data", folder)
    assert shown.exit_code == 1
    assert "x.rule" in shown.stderr
    assert harmless(shown)


def test_format_brings_the_layout_back(folder: Path) -> None:
    """`--check` names a file and leaves it, ending with 1; without it the file is rewritten."""
    change(folder, "for     post", "for  post")
    loose = (folder / "rules" / NAME).read_text()
    shown = run("rules", "format", "--check", "--data", folder)
    assert (shown.exit_code, shown.stdout) == (1, "would change bags.rule\n")
    assert (folder / "rules" / NAME).read_text() == loose
    found = run("rules", "format", "--check", "--data", folder, "--json")
    assert (found.exit_code, json.loads(found.stdout)) == (1, {"items": ["bags.rule"]})
    shown = run("rules", "format", "--data", folder)
    assert (shown.exit_code, shown.stdout) == (0, "changed bags.rule\n")
    assert (folder / "rules" / NAME).read_text() == TEXT
    shown = run("rules", "format", "--check", "--data", folder)
    assert (shown.exit_code, shown.stdout) == (0, "")


def test_examples_that_hold_are_listed(folder: Path) -> None:
    """`rules test` names each example with what it wants, and ends with 0."""
    shown = run("rules", "test", "--data", folder)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.splitlines() == [
        "ok    bags  catches: the case it is made for",
        "ok    bags  passes: anything else",
        "bags: conditions shown by examples: 1 of 1",
    ]
    for each in printed("rules", "test", "--data", folder)["items"]:
        assert set(each) == {"rule", "title", "catch", "ok", "detail"}


@pytest.mark.parametrize("mode", ["live", "draft"])
def test_a_failing_example_ends_with_1(folder: Path, mode: str) -> None:
    """An example that comes out otherwise fails, in a draft too, with why."""
    (folder / "rules" / NAME).write_text(
        TEXT.replace('"thanks"', '"thanks for cheap bags"').replace(
            "mode    live", f"mode    {mode}"
        )
    )
    shown = run("rules", "test", "--data", folder)
    assert shown.exit_code == 1
    assert shown.stdout.splitlines() == [
        "ok    bags  catches: the case it is made for",
        "FAIL  bags  passes: anything else",
        *(["bags: conditions shown by examples: 1 of 1"] if mode == "draft" else []),
    ]
    assert "hold" in shown.stderr
    good, bad = printed("rules", "test", "--data", folder)["items"]
    assert (good["ok"], good["detail"]) == (True, "")
    assert (bad["ok"], bad["catch"]) == (False, False)
    assert bad["detail"]


def test_a_rule_that_cannot_be_tried_fails_the_test(folder: Path) -> None:
    """Where a rule has an error its examples cannot hold: it is shown, and the code is 1."""
    change(folder, "text contains", "txt contains")
    shown = run("rules", "test", "--data", folder)
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr.startswith("R003")


def test_signals_are_listed_in_both_languages() -> None:
    """Each signal has a line in the language asked for, and as JSON its whole declaration."""
    found = printed("signals", "list")["items"]
    assert {"author.age", "author.posts in last ...", "... with links"} <= {
        each["name"] for each in found
    }
    for lang in ("en", "vi"):
        lines = run("signals", "list", "--lang", lang).stdout.splitlines()
        assert len(lines) == len(found)
        for each, shown in zip(found, lines, strict=True):
            assert shown.startswith(each["name"])
            assert shown.endswith(each["meaning"][lang])
    assert run("signals", "list", "--lang", "xx").exit_code == 2


def test_signals_of_events_are_explained(folder: Path, tmp_path: Path) -> None:
    """Each event is told with its kind, the rules that fired and its facts, and nothing is kept."""
    file = tmp_path / "events"
    posted = event(1, text=f"cheap bags {HOSTILE}", author={"id": "ana", "name": HOSTILE})
    deleted = event(2, 1, type="post.deleted")
    file.write_bytes(line(posted) + b"nothing\n" + line(deleted))
    shown = run("signals", "explain", file, "--data", folder)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert harmless(shown)
    lines = shown.stdout.splitlines()
    assert lines[0] == "e1 (post): bags"
    facts = {each[:48].strip(): each[48:].strip() for each in lines if each.startswith("    ")}
    assert facts["links.count"] == "0 links"
    assert facts["author.age"] == "unknown"
    assert facts["mentions.any"] == "unknown"
    assert facts["author.first seen"]
    assert lines[-2] == "e2 (not judged): no rule fired"
    assert lines[-1].startswith("line 2: E001 This is not JSON")
    first, second, third = printed("signals", "explain", file, "--data", folder)["items"]
    assert set(first) == {"id", "source", "kind", "fired", "unknown", "facts"}
    assert first["facts"]["text"] == posted["data"]["text"]
    assert second == {"id": "e2", "source": "chat/hall", "kind": None}
    assert (third["id"], third["error"]["code"]) == ("line 2", "E001")
    assert (folder / "ombud.db").stat().st_size == 0


def test_explaining_a_file_that_is_too_long_ends_at_once(folder: Path, tmp_path: Path) -> None:
    """Gigabytes of nothing are refused for their size; what unfolds to too much, on the way."""
    sparse, unfolding = tmp_path / "sparse", tmp_path / "unfolding.gz"
    with sparse.open("wb") as file:
        file.truncate(1 << 33)
    with gzip.open(unfolding, "wb", compresslevel=1) as packed:
        packed.write(os.urandom(1 << 16).hex().encode() * 520)
    for path in (sparse, unfolding):
        failed = run("signals", "explain", path, "--data", folder)
        assert failed.exit_code == 1
        assert f"D005  {path} is " in failed.stderr
        assert f"at most {64 << 20} are read" in failed.stderr


def test_explaining_a_file_that_is_not_there_is_wrong_usage(folder: Path) -> None:
    """A missing file ends with 2."""
    assert run("signals", "explain", folder / "none", "--data", folder).exit_code == 2


def test_broken_rules_explain_nothing(folder: Path, tmp_path: Path) -> None:
    """With an error in the rules, list and explain say where it is and end with 1."""
    change(folder, "text contains", "txt contains")
    file = tmp_path / "events"
    file.write_bytes(line(event(1)))
    for words in (("rules", "list"), ("signals", "explain", file)):
        shown = run(*words, "--data", folder)
        assert shown.exit_code == 1
        told = error_of(shown)
        assert told[0].startswith("R003")
        assert any(each.startswith("D013") for each in told)
        found = printed(*words, "--data", folder)
        assert found["code"] == "D013"
        assert [each["code"] for each in found["items"]] == ["R003"]
