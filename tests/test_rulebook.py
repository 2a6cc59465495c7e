"""Read-only questions about an operator's texts, answered by the samples where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import event, line, rule
from ombud import rulebook, samples
from ombud.activation.compiling import BadRulesFound
from ombud.clock import HOUR
from ombud.errors import BadUse
from ombud.model import EVENT_BYTES_MAX, Value
from ombud.signals.declare import COUNTERS, SIGNALS, WITHS


def written(folder: Path, *rules: tuple[str, str], settings: str = "") -> Path:
    """A folder with these rules, the shipped policies and lists, and settings."""
    for name in ("policies", "lists"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file, content in samples.files(name).items():
            (folder / name / file).write_bytes(content)
    (folder / "rules").mkdir(exist_ok=True)
    for file, text in rules:
        (folder / "rules" / file).write_text(text, encoding="utf-8")
    (folder / "ombud.toml").write_text(settings)
    (folder / "ombud.db").touch()  # as after the first start
    return folder


def made(name: str = "bags", then: str = "hold this", mode: str = "live") -> tuple[str, str]:
    """A rule that catches cheap bags."""
    file, text = rule(
        name, 'text contains "cheap bags"', 'text  "cheap bags"', 'text  "thanks"', then=then
    )
    return file, text.replace("mode    live", f"mode    {mode}")


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_samples_stand_in_where_there_are_no_rules(tmp_path: Path) -> None:
    """A folder without rules is answered for by the samples, under its own settings."""
    (tmp_path / "ombud.toml").write_text('name = "ours"\n')
    found = rulebook.sources(tmp_path)
    assert dict(found.rules) == dict(samples.files("rules"))
    assert dict(found.policies) == dict(samples.files("policies"))
    assert found.settings.name == "ours"
    own = written(tmp_path / "own", made())
    assert list(rulebook.sources(own).rules) == ["bags.rule"]
    (own / "ombud.db").unlink()  # before it, the start will copy what is missing
    assert set(rulebook.sources(own).rules) == {"bags.rule", *samples.files("rules")}
    (tmp_path / "ombud.db").touch()  # a community that has removed all its rules has none
    assert not rulebook.sources(tmp_path).rules


HELD = "procedural_holds = true\n"


@pytest.mark.parametrize(
    ("then", "mode", "settings", "acts"),
    [
        ("hold this", "live", "", "asks a person (hold)"),
        ("hold this", "live", HELD, "hold"),
        ("hold this for 48 hours", "live", HELD, "asks a person (hold)"),
        ("hold this", "watch", HELD, "records hits, does nothing"),
        ("warn this", "live", "", "warn"),
        ('hold this\n  alert "staff"', "live", HELD, "hold, alert"),
        ("remove this", "live", HELD, "asks a person (remove)"),
    ],
)
def test_a_listing_says_what_a_rule_may_do(
    tmp_path: Path, then: str, mode: str, settings: str, acts: str
) -> None:
    """Each action is done, or put before a person, by the mode and the licences there are."""
    folder = written(tmp_path, made(then=then, mode=mode), settings=settings)
    (each,) = rulebook.listing(folder)
    assert each["acts"] == acts
    assert (each["name"], each["clause"], each["harm"]) == ("bags", "spam.links", "spam")
    assert (each["mode"], each["kinds"]) == (mode, ["post", "reply"])


def test_a_listing_says_why_an_edited_rule_does_not_act(tmp_path: Path) -> None:
    """Holds are on, and a shipped rule with another number in it watches: its line says so."""
    texts = {name: text.decode() for name, text in samples.files("rules").items()}
    name, other = "join-raid.rule", "burst-posts.rule"
    changed = texts[name].replace("seen < 1 hour", "seen < 61 minutes")
    assert changed != texts[name]
    folder = written(tmp_path, (name, changed), (other, texts[other]), settings=HELD)
    found = {each["name"]: each["acts"] for each in rulebook.listing(folder)}
    assert "not as shipped" in found["join-raid"]
    assert found["burst-posts"] == "hold"
    (folder / "ombud.toml").write_text("")
    (plain,) = [each for each in rulebook.listing(folder) if each["name"] == "join-raid"]
    assert plain["acts"] == "records hits, does nothing"


def test_drafts_are_listed_last(tmp_path: Path) -> None:
    """A draft does nothing, and says so."""
    found = rulebook.listing(written(tmp_path, made("a", mode="draft"), made("b", mode="watch")))
    assert [(each["name"], each["mode"]) for each in found] == [("b", "watch"), ("a", "draft")]
    assert found[1]["acts"] == "is a draft, and judges nothing"


def test_a_listing_of_broken_rules_raises(tmp_path: Path) -> None:
    """Where a rule has an error nothing is listed: the error has every diagnostic."""
    file, text = made()
    folder = written(tmp_path, (file, text.replace("text contains", "txt contains")))
    with pytest.raises(BadRulesFound) as caught:
        rulebook.listing(folder)
    assert [each.code for each in caught.value.diagnostics] == ["R003"]
    assert not rulebook.loaded(folder).ok


def test_only_loose_layouts_are_rewritten(tmp_path: Path) -> None:
    """Of good, loose and broken files the loose one alone is named, and changed when told to."""
    loose = made("loose")[1].replace("for     post", "for post")
    broken = made("broken")[1].replace("for     post", "for nothing")
    folder = written(tmp_path, made(), ("loose.rule", loose), ("broken.rule", broken))
    before = content(folder)
    assert rulebook.format_all(folder, write=False) == ["loose.rule"]
    assert content(folder) == before
    assert rulebook.format_all(folder, write=True) == ["loose.rule"]
    path = str(folder / "rules" / "loose.rule")
    assert content(folder) == {**before, path: made("loose")[1].encode()}
    assert rulebook.format_all(folder, write=True) == []


def test_the_samples_have_the_canonical_layout(tmp_path: Path) -> None:
    """No shipped rule would be changed, and asking makes no file."""
    assert rulebook.format_all(tmp_path, write=True) == []
    assert list(tmp_path.iterdir()) == []


def test_every_example_of_every_rule_is_tried(tmp_path: Path) -> None:
    """Examples come in the order of their files, each under its own rule and title."""
    found, errors = rulebook.tried(written(tmp_path, made("b"), made("a", mode="draft")))
    assert errors == []
    assert [(each["rule"], each["catch"], each["ok"]) for each in found] == [
        ("a", True, True),
        ("a", False, True),
        ("b", True, True),
        ("b", False, True),
    ]
    assert {each["detail"] for each in found} == {""}


@pytest.mark.parametrize("mode", ["draft", "watch", "live"])
def test_a_failing_example_is_one_of_them(tmp_path: Path, mode: str) -> None:
    """In every mode the one that comes out otherwise fails, with its reason; the others are ok."""
    file, text = made(mode=mode)
    text = text.replace('"cheap bags"\n\nshould pass', '"dear bags"\n\nshould pass')
    found, errors = rulebook.tried(written(tmp_path, (file, text)))
    assert errors == []
    assert [(each["catch"], each["ok"]) for each in found] == [(True, False), (False, True)]
    assert 'text contains "cheap bags"' in found[0]["detail"]


def test_rules_that_cannot_be_tried_are_told_beside(tmp_path: Path) -> None:
    """A rule with another error has no examples to show; its errors come beside the others'."""
    broken = made("broken")[1].replace("text contains", "txt contains")
    found, errors = rulebook.tried(written(tmp_path, made(), ("broken.rule", broken)))
    assert {each["rule"] for each in found} == {"bags"}
    assert [(each.code, each.file) for each in errors] == [("R003", "broken.rule")]


def test_every_declaration_is_listed() -> None:
    """Signals, learned facts, counters and `with` words are all there, with a meaning in both
    languages.
    """
    found = rulebook.signals()
    names = [each["name"] for each in found]
    assert len(names) == len(set(names)) == len(SIGNALS) + 1 + len(COUNTERS) + len(WITHS)
    assert set(names) == {
        *SIGNALS,
        "likely CLAUSE",
        *(f"{name} in last ..." for name in COUNTERS),
        *(f"... with {name}" for name in WITHS),
    }
    for each in found:
        assert set(each["meaning"]) == {"en", "vi"}
        assert all(each["meaning"].values())


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("author.age", 3 * HOUR, "3 hours"),
        ("author.age", None, "unknown"),
        ("links.count", 2, "2 links"),
        ("links.any", True, "yes"),
        ("links", ("a.example", "b.example"), "a.example, b.example"),
        ("links", (), "none"),
        ("text", "hello", "hello"),
        ("author.posts in last 1 hour", 7, "7"),
        ("share of author.posts with links in last 1 day", 125, "12 %"),
        ('author.name resembles list "staff names"', 880, "88 %"),
        ('text contains "bags"', False, "no"),
    ],
)
def test_a_value_is_said_as_people_read_it(name: str, value: Value, words: str) -> None:
    """Times, counts, shares and answers are said in their units."""
    assert rulebook.said(name, value) == words


def test_events_of_a_file_are_explained_and_nothing_is_kept(tmp_path: Path) -> None:
    """Good events come in order, then the lines that are none, each with its number and error."""
    folder = written(tmp_path / "data", made())
    file = tmp_path / "events"
    huge = line(event("huge", text="x" * EVENT_BYTES_MAX))
    good = [line(event(1)), line(event(2, 1, text="cheap bags"))]
    file.write_bytes(b"{}\n" + good[0] + b"\n" + huge + good[1])
    before = content(folder)
    found = rulebook.explained(folder, file)
    assert [each["id"] for each in found] == ["e1", "e2", "line 1", "line 4"]
    assert [each["fired"] for each in found[:2]] == [[], ["bags"]]
    assert [each["error"]["code"] for each in found[2:]] == ["E002", "E003"]
    assert all(set(each) == {"id", "kind", "error"} for each in found[2:])
    assert content(folder) == before


def test_a_file_that_cannot_be_read_is_wrong_usage(tmp_path: Path) -> None:
    """A missing file of events is told as such."""
    with pytest.raises(BadUse, match="U002"):
        rulebook.explained(written(tmp_path, made()), tmp_path / "none")
