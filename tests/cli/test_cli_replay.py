"""`ombud replay --rules`, `rules watch`, `ledger runs`: what they print, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.command_line import HOSTILE, error_of, harmless, printed, run
from flow.small_community import NOW, RULES, crowd, line, prepare
from ombud.app import Engine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community with a past; busy-room watches."""
    book = {**RULES, "busy-room.rule": RULES["busy-room.rule"].replace("live", "watch")}
    found = prepare(tmp_path_factory.mktemp("cli"), book)
    with Engine(found, now=lambda: NOW) as engine:
        engine.submit([line(each) for each in crowd(5, 150)])
    return found


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A folder with another rule of a known name, and a draft."""
    text = RULES["bags.rule"].replace("cheap bags", "shop.example").replace("thanks", "hello")
    (tmp_path / "bags.rule").write_text(text)
    (tmp_path / "next.rule").write_text(
        text.replace("rule bags", "rule next").replace("mode    live", "mode    draft")
    )
    return tmp_path


def test_a_run_is_told_in_words(folder: Path, other: Path) -> None:
    """Figures on standard output, what they do not say on standard error; it ends with 0."""
    shown = run("replay", "--rules", other, "--data", folder)
    assert shown.exit_code == 0
    assert harmless(shown)
    found = printed("replay", "--rules", other, "--data", folder)
    (item,) = found["items"]
    assert item["new"] > 0
    assert f"  {item['hits']} hits, {item['new']} new, {item['gone']} gone" in shown.stdout
    assert f"people       {found['totals']['people']}, 0 of them established" in shown.stdout
    assert "  precision: no reviewed labels" in shown.stdout
    assert f"line {found['run']['leaf'] - 1} of the public log" in shown.stdout
    assert len([each for each in shown.stdout.splitlines() if "person-" in each]) == len(
        found["sample"]
    )
    for note in found["notes"]:
        assert note in shown.stderr
        assert note not in shown.stdout
    assert "unknown" in found["notes"][0]
    assert "Drafts are tried where --rule names them: next." in shown.stderr


def test_an_unmet_expectation_ends_with_1(folder: Path, other: Path) -> None:
    """Each is told with the value found, in its canonical words; all met ends with 0."""
    words = ("replay", "--rules", other, "--data", folder)
    shown = run(*words, "--expect", "hits of bags=0", "--expect", "people touched <= 1000")
    assert shown.exit_code == 1
    hits = printed(*words)["items"][0]["hits"]
    assert f"UNMET  hits of bags = 0  (found {hits})" in shown.stdout
    assert "met    people touched <= 1000  (found " in shown.stdout
    assert run(*words, "--expect", "people touched <= 1000").exit_code == 0
    shown = run(*words, "--expect", "precision of bags >= 0")
    assert shown.exit_code == 1
    assert "UNMET  precision of bags >= 0  (no reviewed labels)" in shown.stdout


def test_an_empty_run_meets_nothing(folder: Path, other: Path) -> None:
    """Where no event was judged, no number is known, however it is compared; an interval that can
    hold none is refused.
    """
    words = ("replay", "--rules", other, "--data", folder, "--since", "2027-01-01T00:00:00Z")
    for expectation in ("people touched <= 20", "hits of bags = 0", "events >= 0"):
        shown = run(*words, "--expect", expectation)
        assert shown.exit_code == 1
        assert f"UNMET  {expectation}  (nothing was judged)" in shown.stdout
    for until in ("2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"):
        shown = run(*words, "--until", until)
        assert shown.exit_code == 2
        assert shown.stdout == ""
        assert error_of(shown)[0].startswith("U087  No event lies between 2027-01-01T00:00:00")
    assert run(*words, "--until", "2027-01-01T00:00:01Z").exit_code == 0


def test_labels_give_precision(folder: Path, other: Path) -> None:
    """A file of labels is matched; precision stands with its interval, and no id is printed."""
    file = other / "labels.ndjson"
    lines = [
        {"source": each["source"], "id": each["id"], "clause": "spam.links", "breaks": True}
        for each in crowd(5, 150)
    ]
    file.write_text("\n".join(map(json.dumps, lines)))
    words = ("replay", "--rules", other, "--labels", file, "--data", folder)
    shown = run(*words, "--expect", "lower precision of bags >= 0.5")
    assert shown.exit_code == 0
    assert "  precision 1.0 (" in shown.stdout
    assert "  recall 0." in shown.stdout
    assert not any(each["id"] in shown.output.split() for each in lines)
    post = next(
        line
        for each, line in zip(crowd(5, 150), lines, strict=True)
        if each["type"] == "post.created"
    )
    elsewhere = [{**each, "source": "chat/nowhere"} for each in lines]
    file.write_text("\n".join(map(json.dumps, [*elsewhere, post])))
    counts = printed(*words)["labels"]
    assert (counts["reviewed"], counts["used"]) == (1, 1)
    assert counts["not_in_the_past"] == len(elsewhere)
    said = "labels: 1 of the file found, 0 by undone decisions, 1 used, 0 contradicted, "
    assert f"{said}{len(elsewhere)} not in the past" in run(*words).stdout
    file.write_text(f'{{"source": "{HOSTILE}"}}'.replace("\x1b", ""))
    refused = run(*words)
    assert refused.exit_code == 2
    assert error_of(refused)[0].startswith("U064")
    assert harmless(refused)


def test_a_watching_rule_tells_what_it_would_do(folder: Path, other: Path) -> None:
    """Nothing is done or asked on watch; what would be if it were live stands under its clause."""
    file = other / "bags.rule"
    live = printed("replay", "--rules", other, "--data", folder)
    file.write_text(file.read_text().replace("mode    live", "mode    watch"))
    found = printed("replay", "--rules", other, "--data", folder)
    hits = found["items"][0]["hits"]
    would = [{"action": "hold", "target": "this", "does": hits, "asks": 0}]
    told = {"done": {}, "asked": {}, "would": would}
    assert found["totals"]["by_clause"] == {"spam.links": told}
    assert live["totals"]["by_clause"]["spam.links"]["done"] == {"hold": hits}
    assert live["totals"]["by_clause"]["spam.links"]["would"] == would
    shown = run("replay", "--rules", other, "--data", folder)
    said = f"spam.links: live they would hold this: {hits} by itself, 0 asked of a person"
    assert said in shown.stdout.splitlines()


def test_slips_are_wrong_usage(folder: Path, other: Path) -> None:
    """Told in three parts, with 2 at the end, and nothing on standard output."""
    words = ("replay", "--rules", other, "--data", folder)
    shown = run(*words, "--expect", f"hits of {HOSTILE} = 0")
    assert shown.exit_code == 2
    assert harmless(shown)
    shown = run(*words, "--expect", "hits of bag = 0")
    assert shown.exit_code == 2
    assert error_of(shown) == [
        'U062  No rule called "bag" is tried here.',
        "where: --expect 'hits of bag = 0'",
        'Did you mean "bags"?',
    ]
    assert error_of(run(*words, "--rule", "bag"))[0].startswith("U062")
    assert error_of(run(*words, "--since", "yesterday"))[0].startswith("U006")
    assert run("replay", "--check", "--rules", other, "--data", folder).exit_code == 2


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--since", "2026-01-01"),
        ("--until", "2026-01-01"),
        ("--rule", "bags"),
        ("--expect", "events = 0"),
        ("--seed", "1"),
        ("--labels", "x"),
        ("--policies", "."),
        ("--lists", "."),
    ],
)
def test_the_check_cannot_be_narrowed(folder: Path, option: str, value: str) -> None:
    """Its windows need the whole past, so an option that narrows it is refused, not ignored."""
    shown = run("replay", "--check", option, value, "--data", folder)
    assert shown.exit_code == 2
    assert error_of(shown)[0] == f"U068  {option} says nothing for --check."


def test_broken_rules_end_with_1(folder: Path, other: Path) -> None:
    """Each problem with its place; nothing is judged and nothing printed as a result."""
    (other / "bags.rule").write_text("rule bags\n\x1b[31m\n")
    shown = run("replay", "--rules", other, "--data", folder)
    assert shown.exit_code == 1
    assert shown.stdout == ""
    assert "bags.rule, line" in shown.stderr
    found = printed("replay", "--rules", other, "--data", folder)
    assert (found["code"], bool(found["items"])) == ("D013", True)


def test_watching_rules_are_told(folder: Path) -> None:
    """In words and as data the same; a rule that does not watch is wrong usage."""
    found = printed("rules", "watch", "--data", folder)
    (item,) = found["items"]
    assert (item["name"], item["hits"] > 0) == ("busy-room", True)
    shown = run("rules", "watch", "busy-room", "--data", folder)
    assert shown.exit_code == 0
    assert f"busy-room (flood.burst), watching since {item['since']}" in shown.stdout
    assert f"  {item['hits']} hits, {item['beside_acting']} of them beside" in shown.stdout
    assert f"line {found['run']['leaf'] + 1} of the public log" in shown.stdout
    assert run("rules", "watch", "bags", "--data", folder).exit_code == 2
    late = "2999-01-01T00:00:00Z"
    (none,) = printed("rules", "watch", "--since", late, "--data", folder)["items"]
    assert (none["hits"], none["since"], none["recall"]["of"]) == (0, late, None)
    assert "counted from 2999" in run("rules", "watch", "--since", late, "--data", folder).stdout


def test_runs_are_listed(folder: Path, other: Path) -> None:
    """Newest first, alike in both forms, and the list itself is no run."""
    run("replay", "--rules", other, "--data", folder)
    run("rules", "watch", "--data", folder)
    found = printed("ledger", "runs", "--limit", 2, "--data", folder)["items"]
    assert [each["kind"] for each in found] == ["watch", "rules"]
    assert json.loads(found[1]["record"])["records"] > 150
    shown = run("ledger", "runs", "--data", folder)
    lines = shown.stdout.splitlines()
    assert lines[0].endswith(f"line {found[0]['leaf']} of the public log")
    assert len(lines) == len(printed("ledger", "runs", "--data", folder)["items"])
