"""Who may label, what they see, and what is too little to begin with: through the whole program."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.certified_community import (
    BEGUN,
    DAYS,
    WEEK,
    actions,
    again,
    bags,
    drawn,
    due,
    earned,
    grown,
    outcomes,
    post,
    sells,
    sold,
)
from flow.small_community import DAY, agrees_with_replay, rows
from ombud import certifying, journal
from ombud.app import Engine
from ombud.controls import population
from ombud.errors import BadUse
from ombud.reading import reading


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Twenty days of hits, and the clock at their end."""
    folder = tmp_path_factory.mktemp("watched")
    return folder, grown(folder, 8).at


# --- people ---------------------------------------------------------------------------------------


def test_two_who_did_not_write_it_label_each_item(
    watched: tuple[Path, int], tmp_path: Path
) -> None:
    """Each item goes to both; the author, who is named too, is not asked."""
    folder, clock = again(watched, tmp_path)
    with Engine(folder, now=clock) as engine:
        certifying.begin(engine, "bags", ["Ben", "Cy", "Ana"], "Ana")
        drawn(engine)
        assert due(engine, "Ana") == []
        (sample,) = engine.writer.pipeline.community.register.samples.values()
        assert (sample.wanted, sample.level, len(sample.labellers)) == (2, 950, 2)
        item = next(sample.upcoming()).id
        certifying.label(engine, item, "yes", "ben")  # names have no case
        for name in ("Ben", "Dan", "Ana"):
            with pytest.raises(BadUse, match="U185"):
                certifying.label(engine, item, "yes", name)
        certifying.label(engine, item, "no", "Cy")
        with reading(folder) as reader:
            (told,) = reader.labelling().show(clock.at)["samples"]
        assert (told["labelled_by_two"], told["agreed"]) == (1, 0)
        agrees_with_replay(engine)


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ([], "U183"),
        (["Ben", "BEN"], "U183"),
        (["Ben", "B\u0435n"], "U183"),  # a Cyrillic letter: nobody would tell them apart
        (["Ben"], "U184"),
        (["Ana"], "U184"),
        (["Ben", "Ana"], "U184"),
        (["Ben", "\u0391na"], "U184"),  # who looks like the author is the author
    ],
)
def test_who_cannot_prove_98(
    watched: tuple[Path, int], tmp_path: Path, names: list[str], code: str
) -> None:
    """Fewer than two who did not write the rule, whatever they are called."""
    folder, clock = again(watched, tmp_path)
    with Engine(folder, now=clock) as engine, pytest.raises(BadUse, match=code):
        certifying.begin(engine, "bags", names, "Ana", 980)


def test_where_no_author_is_named_everybody_may_be_it(tmp_path: Path) -> None:
    """Two labellers are one, since one of them may have written it."""
    clock = grown(tmp_path, 8)
    file = tmp_path / "rules" / "bags.rule"
    file.write_text(file.read_text().replace('contains "cheap bags"', 'contains "bags"'))
    with Engine(tmp_path, now=clock) as engine:  # activated by "admin"
        with pytest.raises(BadUse, match="U181"):  # and no hit is of this version yet
            certifying.begin(engine, "bags", ["Ben", "Cy"], "Ana")
        with pytest.raises(BadUse, match="U184"):
            certifying.begin(engine, "bags", ["Ben", "Cy"], "Ana", 980)


def test_a_solo_team_holds_and_labels_and_no_more(tmp_path: Path) -> None:
    """Alone: the author labels, the certificate is 95 % and says so; removal asks a person."""
    clock = grown(tmp_path, 8, bags("remove this"))
    with Engine(tmp_path, now=clock) as engine:
        with pytest.raises(BadUse, match="U184"):
            certifying.begin(engine, "bags", ["Ana"], "Ana", 980)
        found = earned(engine, clock, ("Ana",))
        assert (found.level, found.alone) == (950, True)
        assert sold(engine, clock, 60_000, 2) == ["allow"] * 2
        agrees_with_replay(engine)
    assert actions(tmp_path) == []
    assert "granted, one labeller" in outcomes(tmp_path)


# --- what is labelled -----------------------------------------------------------------------------


def test_who_labels_sees_nothing_but_item_and_clause(
    watched: tuple[Path, int], tmp_path: Path
) -> None:
    """Hits and others look alike: the same fields, no rule, no record, no person's id."""
    folder, clock = again(watched, tmp_path)
    with Engine(folder, now=clock) as engine:
        certifying.begin(engine, "bags", ["Ben"], "Ana")
        drawn(engine)
        shown = due(engine, "Ben")
        held = engine.writer.pipeline.community.register
        (sample,) = held.samples.values()
    kinds = [sample.items[each["item"]].hit for each in shown]
    assert 20 < kinds.count(True) < 50
    assert {tuple(each) for each in shown} == {
        ("item", "clause", "title", "text", "kind", "content")
    }
    assert {tuple(each["content"]) for each in shown} == {
        ("name", "text", "links", "media", "before")
    }
    assert {each["clause"] for each in shown} == {"spam.links"}
    assert [each["item"] for each in shown] == sorted(each["item"] for each in shown)
    assert all(each["title"]["vi"] and each["text"]["en"] for each in shown)
    assert all(sells(each) == ("yes" if sample.items[each["item"]].hit else "no") for each in shown)


def test_what_is_erased_before_it_is_labelled_counts_as_wrong(
    watched: tuple[Path, int], tmp_path: Path
) -> None:
    """The body dies all the same, and its item with it."""
    folder, clock = again(watched, tmp_path)
    with Engine(folder, now=clock) as engine:
        certifying.begin(engine, "bags", ["Ben"], "Ana")
        drawn(engine)
        (sample,) = engine.writer.pipeline.community.register.samples.values()
        item = next(each for each in sample.upcoming() if each.hit)
        author = rows(
            folder, "SELECT count(*) FROM journal WHERE author = (SELECT author FROM journal"
            " WHERE seq = ?)", item.seq,
        )  # fmt: skip
        assert author == [(1,)]
        plain = next(each for each in due(engine, "Ben") if each["item"] == item.id)
        assert "cheap bags" in plain["content"]["text"]
        who = _author(engine, item.seq)
        engine.erase("chat", who)
        (after,) = engine.writer.pipeline.community.register.samples.values()
        assert after.items[item.id].missing
        assert not after.items[item.id].right
        assert item.id not in {each["item"] for each in due(engine, "Ben")}
        assert rows(folder, "SELECT count(*) FROM body WHERE seq = ?", item.seq) == [(0,)]
        run = agrees_with_replay(engine)
        assert run.community.register.samples == {after.id: after}


def _author(engine: Engine, seq: int) -> str:
    token = rows(engine.folder, "SELECT author FROM journal WHERE seq = ?", seq)[0][0]
    known = engine.keys.who(token)
    assert known is not None
    return known[1]


@pytest.mark.parametrize("said", ["maybe", "", "YES"])
def test_other_answers_are_refused(watched: tuple[Path, int], tmp_path: Path, said: str) -> None:
    """Three answers there are."""
    folder, clock = again(watched, tmp_path)
    with Engine(folder, now=clock) as engine:
        certifying.begin(engine, "bags", ["Ben"], "Ana")
        drawn(engine)
        item = due(engine, "Ben")[0]["item"]
        with pytest.raises(BadUse, match="U187"):
            certifying.label(engine, item, said, "Ben")
        certifying.label(engine, item, "unclear", "Ben")


def test_too_little_to_prove_anything_is_refused(tmp_path: Path) -> None:
    """Too few hits by different people, too few days, a rule that asks for nothing, none at all."""
    clock = grown(tmp_path, 4)  # 80 hits: 88 are needed
    with Engine(tmp_path, now=clock) as engine:
        with pytest.raises(BadUse, match="U181"):
            certifying.begin(engine, "bags", ["Ben"], "Ana")
        clock.at += DAY
        engine.submit(  # more hits, by one person
            [post(90_000 + at, clock.at, sells=True, author="p2") for at in range(20)]
        )
        with pytest.raises(BadUse, match="U181"):
            certifying.begin(engine, "bags", ["Ben"], "Ana")
        same = "cheap bags for everybody who comes by today and tomorrow"
        engine.submit(  # by different people, all the same text
            [post(91_000 + at, clock.at, sells=True, said=same) for at in range(20)]
        )
        with pytest.raises(BadUse, match="U181"):
            certifying.begin(engine, "bags", ["Ben"], "Ana")
        for rule, code in (("nothing", "U080"), ("first-links", "U080")):
            with pytest.raises(BadUse, match=code):
                certifying.begin(engine, rule, ["Ben"], "Ana")
        with pytest.raises(BadUse, match="U188"):
            certifying.begin(engine, "bags", ["Ben"], "Ana", 900)
        with pytest.raises(BadUse, match="U186"):
            certifying.stop(engine, "bags", "Ana")
    assert outcomes(tmp_path) == []


def test_few_days_are_refused(tmp_path: Path) -> None:
    """However many hits there are: a week is no picture of a community."""
    clock = grown(tmp_path, 1)
    with Engine(tmp_path, now=clock) as engine:
        file = tmp_path / "rules" / "bags.rule"
        file.write_text(file.read_text().replace('contains "cheap bags"', 'contains "bags"'))
        engine.reload("Ana")
        for day in range(7):
            clock.at = BEGUN + (DAYS + day) * DAY
            first = 100_000 + 1000 * day
            engine.submit([post(first + at, clock.at, sells=True) for at in range(20)])
        with pytest.raises(BadUse, match="U182"):
            certifying.begin(engine, "bags", ["Ben"], "Ana")


def test_a_rule_that_only_asks_has_nothing_to_earn(tmp_path: Path) -> None:
    """An alert needs no licence, and what is for people only gets none."""
    clock = grown(tmp_path, 1, bags('alert "spam"'))
    with Engine(tmp_path, now=clock) as engine, pytest.raises(BadUse, match="U180"):
        certifying.begin(engine, "bags", ["Ben"], "Ana")


def test_stopped_and_gone_on_with(watched: tuple[Path, int], tmp_path: Path) -> None:
    """What was labelled stays, and more hits come behind it, by people not drawn before."""
    folder, clock = again(watched, tmp_path)
    with Engine(folder, now=clock) as engine:
        certifying.begin(engine, "bags", ["Ben"], "Ana")
        drawn(engine)
        for item in due(engine, "Ben"):
            certifying.label(engine, item["item"], sells(item), "Ben")
        certifying.stop(engine, "bags", "Ana")
        clock.at += WEEK
        assert due(engine, "Ben") == []
        (sample,) = engine.writer.pipeline.community.register.samples.values()
        labels, before = sample.counted.labels, set(sample.items)
        assert labels > 20
        sold(engine, clock, 80_000, 30)
        known = next(each for each in sample.items.values() if each.hit)
        with reading(folder) as reader:
            record = population.record_of(reader.store, known.seq)
            assert record is not None
            event = journal.opened(reader.keys, record)
        assert event is not None
        same = {"said": event.data.text or "", "author": _author(engine, known.seq)}
        engine.submit(
            [
                post(98_000, clock.at, sells=True, author=same["author"]),
                post(98_001, clock.at, sells=True, said=same["said"]),
            ]
        )
        certifying.begin(engine, "bags", ["Ben"], "Ana")
        drawn(engine)
        (sample,) = engine.writer.pipeline.community.register.samples.values()
        assert sample.counted.labels == labels
        new = [sample.items[name] for name in set(sample.items) - before]
        assert sum(each.hit for each in new) == 30
        agrees_with_replay(engine)
