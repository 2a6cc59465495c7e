"""Watching rules, read from the rows: the same figures as counting by hand, since they watch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import NOW, RULES, change, crowd, event, line, prepare, rows, rule
from ombud import clock
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.replay import labels, records
from ombud.replay.sample import Sample
from ombud.replay.watching import Watching
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

WATCHING = {name: text.replace("mode    live", "mode    watch") for name, text in RULES.items()}
BOOK = {**RULES, "busy-room.rule": WATCHING["busy-room.rule"]}


@contextmanager
def watching(folder: Path) -> Iterator[Watching]:
    """A reading of a folder's rows, not yet begun."""
    store = Store(folder / STORE_FILE, readonly=True)
    keys = KeyFile(folder / KEY_FILE, readonly=True)
    try:
        yield Watching(
            store, keys, labels.gathered(store, keys.community, None), Sample(1), b"k" * 32
        )
    finally:
        store.close()
        keys.close()


def report(folder: Path) -> dict[str, dict[str, Any]]:
    """The report by rule, with what was counted where it is not told."""
    with watching(folder) as found:
        found.run(list(found.rules), records.last(found.store))
        counted = {
            name: {
                "hits": of.hits,
                "people": len(of.people),
                "beside_acting": of.beside,
                "unknown": of.unknown,
            }
            for name, of in found.rules.items()
        }
        return {
            each["name"]: {**each, **counted[each["name"]]} for each in found.as_json()["items"]
        }


def lived(answers: list[Any]) -> tuple[int, int, int]:
    """Hits, hits beside another rule, unknown, of busy-room, as the answers said at once."""
    fired = [each.fired for each in answers if "busy-room" in each.fired]
    unknown = sum("busy-room" in each.unknown for each in answers)
    return len(fired), sum(len(each) > 1 for each in fired), unknown


def test_it_says_what_was_answered_live(tmp_path: Path) -> None:
    """Hits, hits beside a rule that acts, and unknown, over all kinds of events."""
    folder = prepare(tmp_path, BOOK)
    with Engine(folder, now=lambda: NOW) as engine:
        answers: list[Any] = engine.submit([line(each) for each in crowd(9, 300)])
    found = report(folder)
    assert set(found) == {"busy-room"}
    busy = found["busy-room"]
    hits, beside, unknown = lived(answers)
    assert hits > beside > 0
    assert (busy["hits"], busy["beside_acting"], busy["unknown"]) == (hits, beside, unknown)
    authors = rows(
        folder,
        "SELECT count(DISTINCT author) FROM journal WHERE seq IN (SELECT value FROM json_each(?))",
        str([each.seq for each in answers if "busy-room" in each.fired]),
    )
    assert busy["people"] == authors[0][0]
    assert sum(busy["by_kind"].values()) == hits
    assert busy["would"] == [{"action": "hold", "target": "this", "does": hits, "asks": 0}]
    assert busy["precision"]["words"] == "no reviewed labels"


def test_it_counts_from_when_the_version_went_into_watch(tmp_path: Path) -> None:
    """Not while it was live, not another version, and across reloads that leave it alone."""
    folder, at = prepare(tmp_path, RULES), [NOW]

    def reload(text: str) -> None:
        (folder / "rules" / "busy-room.rule").write_text(text)
        assert engine.reload()

    posts = iter(range(10_000))

    def send(count: int) -> int:
        numbers = [next(posts) for _ in range(count)]
        made = [line(event(n, n * 0.1, author={"id": f"p{n % 4}"})) for n in numbers]
        return lived(list(engine.submit(made)))[0]

    with Engine(folder, now=lambda: at[0]) as engine:
        assert send(10) > 0
        other = WATCHING["busy-room.rule"].replace("> 6", "> 3").replace("minutes  6", "minutes  3")
        reload(other)
        assert send(10) > 0
        at[0] += clock.DAY
        reload(WATCHING["busy-room.rule"])
        since = rows(folder, "SELECT max(recv) FROM journal")[0][0]
        counted = send(10)
        (folder / "ombud.toml").write_text('procedural_holds = true\nname = "b"\n')
        assert engine.reload()
        counted += send(5)
    busy = report(folder)["busy-room"]
    assert busy["hits"] == counted > 10
    assert busy["since"] == clock.rfc3339(since)


def test_each_rule_is_counted_from_its_own_beginning(tmp_path: Path) -> None:
    """Of two that watch, the younger gets none of the hits it had while it was live."""
    folder = prepare(tmp_path, {**BOOK, "bags.rule": RULES["bags.rule"]})
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(n, n, text="cheap bags")) for n in range(8)])
        (folder / "rules" / "bags.rule").write_text(WATCHING["bags.rule"])
        assert engine.reload()
        engine.submit([line(event(n, n, text="cheap bags")) for n in range(8, 11)])
    found = report(folder)
    assert found["bags"]["hits"] == 3
    assert found["busy-room"]["hits"] == 5
    assert found["busy-room"]["beside_acting"] == 2


def test_what_was_unknown_before_it_watched_is_not_counted(tmp_path: Path) -> None:
    """Beside a rule that watches longer: nothing is counted from before its own beginning."""
    name, text = rule(
        "young",
        "author.age < 1 day",
        'text "hello"\n  author.age  1 hour',
        'text "hello"\n  author.age  2 days',
    )
    folder = prepare(tmp_path, {**BOOK, name: text})
    who = {"id": "somebody"}
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(n, n, author=who)) for n in range(4)])
        (folder / "rules" / name).write_text(text.replace("mode    live", "mode    watch"))
        assert engine.reload()
        answers: list[Any] = engine.submit([line(event(n, n, author=who)) for n in range(4, 6)])
    assert all("young" in each.unknown for each in answers)
    assert report(folder)["young"]["unknown"] == 2


def test_what_acted_under_holds_watches_from_when_it_did_no_more(tmp_path: Path) -> None:
    """A shipped rule says "watch" all along; it is counted from when holds were switched off."""
    folder = prepare(tmp_path, {})
    shipped = folder / "rules" / "new-member-links.rule"
    shipped.write_text(shipped.read_text().replace("mode    draft", "mode    watch"))
    who = {"id": "new", "created": "2026-03-01T11:00:00Z"}
    text = "see http://a.example and http://b.example"
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(n, n, author=who, text=text)) for n in range(3)])
        assert report(folder) == {}
        (folder / "ombud.toml").write_text("procedural_holds = false\n")
        assert engine.reload()
        engine.submit([line(event(n, n, author=who, text=text)) for n in range(5, 7)])
    assert report(folder)["new-member-links"]["hits"] == 2


def test_without_watching_rules_nothing_is_told(tmp_path: Path) -> None:
    """Live rules and drafts have no such report; nor a shipped rule that acts under holds."""
    folder = prepare(tmp_path, RULES)
    with Engine(folder, now=lambda: NOW):
        pass
    assert report(folder) == {}


def test_a_flag_concerns_who_wrote_what_was_flagged(tmp_path: Path) -> None:
    """The reported are counted, not the reporters; without a body nobody is."""
    name, text = rule(
        "any-flag",
        "reporter.flags in last 1 day > 0",
        "reporter.flags in last 1 day  1",
        "reporter.flags in last 1 day  0",
        kinds="flag",
        clause="flood.burst",
        then='alert "flags"',
    )
    folder = prepare(tmp_path, {name: text.replace("mode    live", "mode    watch")})
    with Engine(folder, now=lambda: NOW) as engine:
        for number, (reporter, reported) in enumerate(zip("abca", "xxxy", strict=True)):
            flag = event(
                number,
                number,
                type="flag.created",
                author=None,
                reporter={"id": reporter},
                reported={"id": "post/1", "author": {"id": reported}},
            )
            flag["data"] = {k: v for k, v in flag["data"].items() if k.startswith("report")}
            (answer,) = engine.submit([line(flag)])
            assert answer.fired == ("any-flag",)  # type: ignore[union-attr]
    found = report(folder)["any-flag"]
    assert (found["hits"], found["people"]) == (4, 2)
    assert found["few"]
    change(folder, "DELETE FROM body")
    found = report(folder)["any-flag"]
    assert (found["hits"], found["people"]) == (4, 0)


@pytest.mark.parametrize("step", [3, 50, 5000])
def test_steps_do_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """However the rows are read, the last part is told to be the last record."""
    folder = prepare(tmp_path, BOOK)
    with Engine(folder, now=lambda: NOW) as engine:
        answers = engine.submit([line(each) for each in crowd(9, 120)])
    monkeypatch.setattr(records, "STEP", step)
    done: list[int] = []
    with watching(folder) as found:
        found.run(["busy-room"], records.last(found.store), done.append)
        assert found.rules["busy-room"].hits == lived(list(answers))[0] > 0
    assert done[-1] == 121
    assert done == sorted(done)


def test_an_instant_can_be_named_from_which_on_is_counted(tmp_path: Path) -> None:
    """By receipt: what came before it counts for nothing; an instant before the watch changes
    nothing.
    """
    folder, at = prepare(tmp_path, BOOK), [NOW]
    with Engine(folder, now=lambda: at[0]) as engine:
        before = lived(list(engine.submit([line(event(n, n * 0.1)) for n in range(12)])))[0]
        at[0] += clock.DAY
        later = [line(event(n, 86_400 + n * 0.1)) for n in range(12, 30)]
        after = lived(list(engine.submit(later)))[0]
    assert before > 0 < after != before

    def counted(instant: int) -> tuple[int, int]:
        with watching(folder) as found:
            found.count_from(instant)
            found.run(["busy-room"], records.last(found.store))
            return found.rules["busy-room"].hits, found.rules["busy-room"].received

    assert counted(NOW + clock.DAY) == (after, NOW + clock.DAY)
    assert counted(NOW + 2 * clock.DAY)[0] == 0
    begun = clock.rfc3339(counted(NOW - clock.DAY)[1])
    assert counted(NOW - clock.DAY)[0] == before + after
    assert begun == report(folder)["busy-room"]["since"]


def test_recall_is_told_where_what_it_missed_is_labelled(tmp_path: Path) -> None:
    """Of the records that break its clause: those it hit; not those from before it watched."""
    folder = prepare(tmp_path, BOOK)
    with Engine(folder, now=lambda: NOW) as engine:
        answers: list[Any] = engine.submit([line(each) for each in crowd(9, 300)])
    hit = [each.seq for each in answers if "busy-room" in each.fired]
    rest = [each.seq for each in answers if "busy-room" not in each.fired and each.seq]
    with watching(folder) as found:
        found.labels.by_record.update({seq: {"flood.burst": True} for seq in hit})
        found.labels.by_record.update({seq: {"flood.burst": True} for seq in rest[:7]})
        found.labels.by_record.update({seq: {"flood.burst": False} for seq in rest[7:9]})
        found.labels.by_record.update({seq: {"spam.links": True} for seq in rest[9:12]})
        found.labels.by_record[found.rules["busy-room"].since] = {"flood.burst": True}
        found.run(["busy-room"], records.last(found.store))
        assert found.rules["busy-room"].missed == 7
        (told,) = found.as_json()["items"]
        assert told["recall"]["of"] == len(hit) + 7
        assert told["recall"]["words"] == f"{len(hit)} of {len(hit) + 7} labelled"
