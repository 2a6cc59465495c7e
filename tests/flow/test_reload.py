"""A reload is one control: every record is judged by the configuration in force at its place.

In the middle of traffic, where a rule is broken, and killed between any two steps of it.
"""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from flow import test_crash as crash
from flow import writing_process
from flow.small_community import (
    NOW,
    RULES,
    agrees_with_replay,
    crowd,
    event,
    hold_together,
    judged,
    line,
    prepare,
    rows,
    rule,
)
from ombud.app import KEY_FILE, Engine
from ombud.errors import BadRules, BadUse

CHANGED = {
    name: text.replace("> 6", "> 3").replace("minutes  6", "minutes  3")
    for name, text in RULES.items()
}
MORE = dict(
    [
        rule(
            "same-site",
            "links.repeat authors in last 2 hours >= 3",
            'text "see http://a.example"\n  links.repeat authors in last 2 hours  3',
            'text "see http://a.example"\n  links.repeat authors in last 2 hours  2',
            clause="spam.repeats",
            then='alert "sites"',
        )
    ]
)
BOOKS: Sequence[dict[str, str]] = (RULES, CHANGED, {**RULES, **MORE})
BROKEN = {"broken.rule": "rule broken\n  when\n"}
THREADS, BATCHES, RELOADS = 3, 60, 25


def write(folder: Path, rules: dict[str, str]) -> None:
    """The rules of the tests in a folder are exactly these."""
    for name in (*MORE, *BROKEN):
        (folder / "rules" / name).unlink(missing_ok=True)
    for name, text in rules.items():
        (folder / "rules" / name).write_text(text, encoding="utf-8")


def by_the_last_activation(folder: Path) -> None:
    """Each record names the last configuration that was activated before it."""
    query = "SELECT seq, type, config FROM journal ORDER BY seq"
    config = 0
    for seq, type_, named in rows(folder, query):
        config = seq if type_ == "!config" else config
        assert named == config, seq


@pytest.mark.parametrize("seed", [1, 2])
def test_in_the_middle_of_traffic(seed: int, tmp_path: Path) -> None:
    """Threads hand events in while the rules change, break and are mended: nothing is refused but
    what is broken, and replay finds each record judged by what was in force at its place.
    """
    folder = prepare(tmp_path)
    chance = random.Random(seed)
    stream = [line(each) for each in crowd(seed, THREADS * BATCHES * 5)]
    refused, failed = 0, []
    with Engine(folder, now=lambda: NOW) as engine:

        def submit(number: int) -> None:
            own = stream[number::THREADS]
            try:
                for at in range(0, len(own), 5):
                    engine.submit(own[at : at + 5])
            except Exception as error:  # noqa: BLE001 -- told by the test
                failed.append(error)

        threads = [threading.Thread(target=submit, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for _ in range(RELOADS):
            write(folder, {**chance.choice(BOOKS), **chance.choice(({}, {}, BROKEN))})
            try:
                engine.reload()
            except BadRules:
                refused += 1
        for thread in threads:
            thread.join()
        assert not failed
        agrees_with_replay(engine)
    assert 0 < refused < RELOADS
    query = "SELECT count(*) FROM journal WHERE type = '!config'"
    assert 1 < rows(folder, query)[0][0] <= RELOADS - refused + 1
    assert len(list(judged(folder))) == len(stream)
    between = "SELECT count(DISTINCT config) FROM journal WHERE type NOT LIKE '!%'"
    assert rows(folder, between)[0][0] > 2  # reloads really fell in between
    by_the_last_activation(folder)
    hold_together(folder)


def test_a_broken_rule_refuses_all_and_what_runs_stays(tmp_path: Path) -> None:
    """With one broken file nothing of the others is taken: no rule, no setting, no record."""
    folder = prepare(tmp_path)
    with Engine(folder, now=lambda: NOW) as engine:
        before = engine.writer.pipeline.community.active
        records = rows(folder, "SELECT max(seq) FROM journal")
        write(folder, {**CHANGED, **MORE, **BROKEN})
        (folder / "ombud.toml").write_text('procedural_holds = true\nname = "Another"\n')
        with pytest.raises(BadRules):
            engine.reload()
        assert engine.writer.pipeline.community.active is before
        assert engine.settings.name == "this community"
        assert rows(folder, "SELECT max(seq) FROM journal") == records
        answer: Any = engine.submit([line(event(1, text="cheap bags"))])[0]
        assert answer.fired == ("bags",)
        (folder / "ombud.toml").write_text("procedural_holds = perhaps\n")
        write(folder, {**CHANGED, **MORE})
        with pytest.raises(BadUse):
            engine.reload()
        assert engine.writer.pipeline.community.active.names == before.names
        agrees_with_replay(engine)


def test_the_same_texts_are_no_reload(tmp_path: Path) -> None:
    """Read again without a change nothing is journalled, whoever asks."""
    folder = prepare(tmp_path)
    with Engine(folder, now=lambda: NOW) as engine:
        assert not engine.reload("somebody")
        assert rows(folder, "SELECT count(*) FROM journal") == [(1,)]


# --- killed around an activation ------------------------------------------------------------------

GROUPS = 1 + -(-len(crash.HAPPENED) // 7) + 1  # the first activation, the batches before, and it
STEPS = (
    "before keys",
    "keys kept",
    "journal written",
    "decisions written",
    "before commit",
    "committed",
    "answered",
)


@pytest.fixture(scope="module")
def reloaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder that was reloaded undisturbed, and the rules it was reloaded to."""
    seed, other = prepare(tmp_path_factory.mktemp("seed")), tmp_path_factory.mktemp("rules")
    for name, text in {**CHANGED, **MORE}.items():
        (other / name).write_text(text, encoding="utf-8")
    with Engine(seed, now=lambda: NOW) as engine:
        crash.send(engine, [*crash.HAPPENED, *crash.LATER])
    folder = crash.begin(tmp_path_factory.mktemp("reloaded"), seed)
    assert crash.write(folder, stream(other)) == 0
    shutil.copy(seed / KEY_FILE, folder / "begun.keys")
    return folder, other


def stream(other: Path) -> list[bytes]:
    """Events, a reload to the rules of another folder, events."""
    return [*crash.HAPPENED, f"!rules {other}\n".encode(), *crash.LATER]


@pytest.mark.parametrize("point", STEPS)
def test_killed_around_an_activation(
    point: str, reloaded: tuple[Path, Path], tmp_path: Path
) -> None:
    """Killed at any step of it, it has happened or it has not; sent everything again, all is as if
    nothing had happened: the same records, judged by the same configurations.
    """
    undisturbed, other = reloaded
    folder = crash.begin(tmp_path, undisturbed)
    assert crash.write(folder, stream(other), f"{point}:{GROUPS}") == crash.KILLED
    told = [each.split()[0] for each in crash.acknowledged(folder)]
    assert told == ["accepted"] * len(crash.HAPPENED)  # it died in the reload, and in no event
    with Engine(folder, now=lambda: NOW) as engine:
        again = crash.send(engine, crash.HAPPENED)
        assert {each.status for each in again} == {"duplicate"}
        assert writing_process.do(engine, ["!rules", str(other)]) == "reloaded False"
        crash.send(engine, crash.LATER)
        agrees_with_replay(engine)
    hold_together(folder)
    by_the_last_activation(folder)
    assert list(judged(folder)) == list(judged(undisturbed))
