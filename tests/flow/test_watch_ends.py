"""What modes mean over time: drafts are not judged, watching rules end, live ones ask the gate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flow.small_community import (
    DAY,
    START,
    Clock,
    agrees_with_replay,
    check,
    event,
    hold_together,
    line,
    prepare,
    rows,
    rule,
)
from ombud import samples
from ombud.app import Engine

HOLDS, NO_HOLDS = "procedural_holds = true\n", "procedural_holds = false\n"
END = 90 * DAY
BAGS = 'text contains "cheap bags"'


def made(name: str, mode: str, when: str = BAGS, then: str = "hold this") -> dict[str, str]:
    """A rule in a mode, as a file."""
    caught = {BAGS: ('text "cheap bags"', 'text "thanks"')}.get(when)
    catch, passes = caught or ("author.posts in last 200 days  3", "links.count  0")
    if not caught:
        catch, passes = f"{catch}\n  author.age  1 day", f"{passes}\n  author.age  2 years"
    file, text = rule(name, when, catch, passes, then=then)
    return {file: text.replace("mode    live", f"mode    {mode}")}


def say(engine: Engine, clock: Clock, text: str = "cheap bags") -> Any:
    """Somebody posts this now; the answer."""
    at = (clock.at - int(START.timestamp()) * 1_000_000) / 1_000_000
    number = rows(engine.folder, "SELECT max(seq) FROM journal")[0][0]
    return engine.submit([line(event(f"n{number}", at, text=text))])[0]


def ends(engine: Engine, rule_: str) -> int:
    """Until when a rule watches."""
    until = engine.writer.pipeline.community.active.standing[rule_].until
    assert until is not None
    return until


def write(folder: Path, rules: dict[str, str]) -> None:
    """Put rule files beside those that are there."""
    for name, text in rules.items():
        (folder / "rules" / name).write_text(text, encoding="utf-8")


def facts(folder: Path, seq: int) -> Sequence[str]:
    """The names of the facts that were recorded for a record."""
    packed, config = rows(folder, "SELECT facts, config FROM journal WHERE seq = ?", seq)[0]
    payload = rows(folder, "SELECT payload FROM journal WHERE seq = ?", config)[0][0]
    slots = json.loads(payload)["slots"]
    return [slots[each] for each in msgspec.msgpack.decode(packed)] if packed else []


# --- the three modes ------------------------------------------------------------------------------


def test_each_mode_does_what_it_says(tmp_path: Path) -> None:
    """The draft is not judged, the watching rule counts its hit and does nothing, the live one asks
    the gate: with a licence it holds, without one it opens a case.
    """
    rules = {**made("drafted", "draft"), **made("watched", "watch"), **made("lively", "live")}
    for settings, action in ((HOLDS, "hold"), (NO_HOLDS, "allow")):
        folder = prepare(tmp_path / action, rules, settings)
        clock = Clock()
        with Engine(folder, now=clock) as engine:
            answer = say(engine, clock)
            assert answer.fired == ("lively", "watched")
            assert answer.action == action
            deciding = rows(folder, "SELECT DISTINCT rule FROM decision")
            assert deciding == ([("lively",)] if action == "hold" else [])
            reasons = rows(folder, "SELECT rule, reason FROM review_case")
            assert reasons == [("lively", "hold" if action == "hold" else "no licence")]
            agrees_with_replay(engine)


def test_a_draft_reads_nothing(tmp_path: Path) -> None:
    """No fact is looked at for it, and no window kept."""
    counting = made("counted", "draft", "author.age < 3 days\n  author.posts in last 200 days > 2")
    folder = prepare(tmp_path, {**counting, **made("watched", "watch")})
    clock = Clock()
    with Engine(folder, now=clock) as engine:
        assert facts(folder, say(engine, clock).seq) == ['text contains "cheap bags"']
        assert engine.writer.pipeline.community.active.shapes == {}


# --- the end --------------------------------------------------------------------------------------


def test_watching_ends_after_ninety_days(tmp_path: Path) -> None:
    """Up to the last microsecond hits are counted, from the next on the rule is judged no more:
    no hit, no unknown, no fact of its own. Live, after a restart and in replay alike.
    """
    folder = prepare(tmp_path, made("watched", "watch"))
    clock = Clock()
    with Engine(folder, now=clock) as engine:
        until = ends(engine, "watched")
        assert until == rows(folder, "SELECT recv FROM journal WHERE seq = 1")[0][0] + END
        clock.at = until - 1
        assert say(engine, clock).fired == ("watched",)
        agrees_with_replay(engine)
        clock.at = until
        after = say(engine, clock)
        assert (after.fired, after.unknown) == ((), ())
        assert facts(folder, after.seq) == []
        agrees_with_replay(engine)
    clock.at += DAY
    with Engine(folder, now=clock) as engine:
        assert say(engine, clock).fired == ()
        agrees_with_replay(engine)
    hold_together(folder)


def test_the_others_go_on(tmp_path: Path) -> None:
    """Where one rule ends, those beside it are judged by the same facts as before, under the same
    numbers, also by the recorded facts once bodies are gone.
    """
    rules = {**made("a-first", "watch"), **made("m-middle", "live"), **made("z-last", "watch")}
    folder = prepare(tmp_path, rules)
    clock = Clock()
    with Engine(folder, now=clock) as engine:
        clock.at += 50 * DAY
        write(folder, made("z-last", "watch", BAGS, 'alert "later"'))  # another version
        assert engine.reload()
        assert say(engine, clock).fired == ("a-first", "m-middle", "z-last")
        clock.at += 45 * DAY
        answer = say(engine, clock)
        assert (answer.fired, answer.action) == (("m-middle", "z-last"), "hold")
        clock.at += 50 * DAY
        assert say(engine, clock).fired == ("m-middle",)
        agrees_with_replay(engine)
        engine.store.connection.execute("DELETE FROM body")
        agrees_with_replay(engine)
    assert check(folder).from_facts > 0


def test_a_renewal_gives_ninety_days_more(tmp_path: Path) -> None:
    """From its receipt on, before the end or after it; windows went on being filled meanwhile."""
    counting = made(
        "counted", "watch", "author.age < 300 days\n  author.posts in last 200 days > 2"
    )
    text = counting["counted.rule"].replace("hold this", 'alert "busy"')
    folder = prepare(tmp_path, {"counted.rule": text})
    clock = Clock()

    def post(engine: Engine) -> Any:
        at = (clock.at - int(START.timestamp()) * 1_000_000) / 1_000_000
        author = {"id": "ana", "created": "2026-02-28T12:00:00Z"}
        number = rows(folder, "SELECT max(seq) FROM journal")[0][0]
        return engine.submit([line(event(f"n{number}", at, author=author))])[0]

    with Engine(folder, now=clock) as engine:
        for _ in range(3):
            found = post(engine)
        assert found.fired == ("counted",)
        clock.at += 100 * DAY
        assert post(engine).fired == ()  # the fourth
        engine.renew("counted", "admin")
        assert post(engine).fired == ("counted",)
        agrees_with_replay(engine)
        clock.at += 89 * DAY
        engine.renew("counted", "admin")
        clock.at += 89 * DAY
        assert post(engine).fired == ("counted",)
        agrees_with_replay(engine)
    with Engine(folder, now=clock) as engine:
        assert post(engine).fired == ("counted",)
        clock.at += 2 * DAY
        assert post(engine).fired == ()
        agrees_with_replay(engine)


def test_the_end_comes_from_the_last_activation_alone(tmp_path: Path) -> None:
    """Other activations in between neither move it nor lose a renewal."""
    folder = prepare(tmp_path, made("watched", "watch"))
    clock = Clock()
    with Engine(folder, now=clock) as engine:
        clock.at += 40 * DAY
        engine.renew("watched", "admin")
        clock.at += 40 * DAY
        write(folder, made("other", "live"))
        assert engine.reload()
    with Engine(folder, now=clock) as engine:
        clock.at += 49 * DAY
        assert "watched" in say(engine, clock).fired
        clock.at += 2 * DAY
        assert "watched" not in say(engine, clock).fired
        agrees_with_replay(engine)


def test_what_is_no_part_of_a_version_moves_no_end(tmp_path: Path) -> None:
    """Description, comments and examples; back to a draft and on watch again."""
    folder = prepare(tmp_path, made("watched", "watch"))
    clock = Clock()
    with Engine(folder, now=clock) as engine:
        until = ends(engine, "watched")
        clock.at += 30 * DAY
        text = made("watched", "watch")["watched.rule"]
        described = text.replace("A rule of the tests.", "Another sentence.")
        write(folder, {"watched.rule": f"# a remark\n{described}"})
        engine.reload()
        for mode in ("draft", "watch"):
            clock.at += DAY
            write(folder, {"watched.rule": described.replace("mode    watch", f"mode    {mode}")})
            assert engine.reload()
        assert ends(engine, "watched") == until
        clock.at += 60 * DAY
        assert say(engine, clock).fired == ()
        agrees_with_replay(engine)


def test_the_pack_acts_on_and_does_not_end(tmp_path: Path) -> None:
    """A shipped rule that acts because holds are on is no rule on watch. With holds off it is, and
    then its time begins.
    """
    folder = prepare(tmp_path, {}, HOLDS)
    name = "first-post-links.rule"
    (folder / "rules" / name).write_bytes(samples.files("rules")[name])
    clock = Clock()
    with Engine(folder, now=clock) as engine:
        clock.at += 400 * DAY
        assert say(engine, clock, "see https://shop.example/a").action == "hold"
        (folder / "ombud.toml").write_text(NO_HOLDS, encoding="utf-8")
        assert engine.reload()
        clock.at += 89 * DAY
        assert 0 < ends(engine, "first-post-links") - clock.at <= DAY + 1_000_000
        clock.at += 2 * DAY
        (folder / "ombud.toml").write_text(HOLDS, encoding="utf-8")
        assert engine.reload()
        assert "first-post-links" not in say(engine, clock, "hello").fired
        agrees_with_replay(engine)
        active = engine.writer.pipeline.community.active
        assert active.standing["first-post-links"].until is None


@pytest.mark.parametrize("ends_in", [0, 1, 2, 3])
def test_the_end_inside_a_group(tmp_path: Path, ends_in: int) -> None:
    """Of events that are committed together those received from the end on are not judged by the
    rule: the group is no unit of time.
    """
    folder = prepare(tmp_path, made("watched", "watch"))
    clock = Clock()
    with Engine(folder, now=clock) as engine:
        until = ends(engine, "watched")
        clock.at = until - ends_in  # each record is received a microsecond after the one before
        at = (clock.at - int(START.timestamp()) * 1_000_000) / 1_000_000
        lines = [line(event(f"g{n}", at, text="cheap bags")) for n in range(4)]
        fired: list[Any] = [each.fired for each in engine.submit(lines)]  # type: ignore[union-attr]
        assert fired == [("watched",)] * ends_in + [()] * (4 - ends_in)
        agrees_with_replay(engine)
