"""Populations: which hits there are, by whom and how alike, and what can stand among them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.certified_community import Clock, bags, post
from flow.small_community import DAY, prepare
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.controls import population
from ombud.controls.population import Population
from ombud.reading import Reader, reading

LONG = "this text is long enough that its words can be compared with those of another one "
ENGLISH = "Does anybody here know at what time the market opens on Saturday morning? cheap bags"
VIETNAMESE = "Có ai ở đây biết sáng thứ bảy chợ mở cửa lúc mấy giờ không vậy mọi người? cheap bags"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community with one rule, running."""
    prepare(tmp_path, bags(), "")
    clock = Clock()
    with Engine(tmp_path, now=clock, by="Ana") as running:
        running.submit([post(at, clock.at + at * DAY // 4, sells=at % 2 == 0) for at in range(16)])
        yield running


def version(engine: Engine) -> str:
    """The version in force."""
    return engine.writer.pipeline.community.active.version_of("bags")


def found(engine: Engine, rule: str = "bags", of: str | None = None) -> Population:
    """What is read beside the writer."""
    files = engine.folder / STORE_FILE, engine.folder / KEY_FILE
    return population.beside(*files, rule, version(engine) if of is None else of)


def test_every_hit_and_nothing_else(engine: Engine) -> None:
    """Eight of sixteen posts, in order, each by its author."""
    hits = found(engine).hits
    assert [each.seq for each in hits] == [2, 4, 6, 8, 10, 12, 14, 16]
    assert len({each.author for each in hits}) == len({each.cluster for each in hits}) == 8
    assert found(engine).until == 17


def test_of_another_version_or_rule_there_is_none(engine: Engine) -> None:
    """A hit belongs to the version that was in force when it was judged."""
    assert found(engine, of="0" * 64).hits == ()
    assert found(engine, rule="nothing").hits == ()
    file = engine.folder / "rules" / "bags.rule"
    file.write_text(file.read_text().replace('contains "cheap bags"', 'contains "bags"'))
    before = version(engine)
    engine.reload("Ana")
    engine.submit([post(50, engine.now(), sells=True)])
    assert [each.seq for each in found(engine).hits] == [19]
    assert len(found(engine, of=before).hits) == 8


def test_a_history_beside_is_no_hit(engine: Engine) -> None:
    """What was read in under another timeline was no traffic."""
    engine.submit([post(70, engine.now(), sells=True)], "old")
    assert len(found(engine).hits) == 8


def test_nearly_the_same_texts_are_one_cluster(engine: Engine) -> None:
    """By different people, a few words apart; another text is another cluster."""
    for at, end in enumerate(("today", "tomorrow", "tonight")):
        said = f"{LONG} cheap bags {end}"
        engine.submit([post(80 + at, engine.now(), sells=True, said=said)])
    engine.submit([post(90, engine.now(), sells=True)])
    clusters = Counter(each.cluster for each in found(engine).hits)
    assert sorted(clusters.values())[-2:] == [1, 3]


def test_languages_are_told_where_they_can_be(engine: Engine) -> None:
    """English and Vietnamese; a text of invented words has none."""
    for at, said in enumerate((ENGLISH, VIETNAMESE)):
        engine.submit([post(95 + at, engine.now(), sells=True, said=said)])
    assert [each.lang for each in found(engine).hits][-2:] == ["en", "vi"]


def test_what_was_erased_is_not_in_it(engine: Engine) -> None:
    """It can be shown to nobody; the others stay."""
    engine.erase("chat", "p4")
    assert [each.seq for each in found(engine).hits] == [2, 4, 8, 10, 12, 14, 16]


def test_days_are_whole_days(engine: Engine) -> None:
    """Between the receipt of the first and the last."""
    base = found(engine)
    hits = [each._replace(recv=at) for each, at in zip(base.hits, (0, 3 * DAY - 1), strict=False)]
    assert Population("r", "v", 1, tuple(hits)).days == 2
    assert Population("r", "v", 1, ()).days == 0


def test_nobody_can_be_told_from_the_numbers(engine: Engine) -> None:
    """A control has small numbers in place of people and texts, the same for the same."""
    hits = found(engine).hits
    twice = [hits[0], hits[1]._replace(author=hits[0].author), hits[2]]
    told = population.numbered(twice)
    assert told == {"hits": [[2, 0, 0, 0], [4, 0, 1, 0], [6, 1, 2, 0]], "languages": [""]}


@pytest.fixture
def reader(engine: Engine) -> Iterator[Reader]:
    """The same, read."""
    with reading(engine.folder) as opened:
        yield opened


def drawn(engine: Engine, reader: Reader, seed: int, wanted: int = 4) -> list[int]:
    """Others drawn from the first sixteen records."""
    given = random.Random(seed).randbytes(32)
    kinds = frozenset({"post"})
    return population.others(reader.store, "bags", version(engine), kinds, given, (1, 17), wanted)


def test_others_are_what_the_rule_did_not_hit(engine: Engine, reader: Reader) -> None:
    """Each of them is drawn some time, none of the hits ever, none twice, and the seed decides."""
    each = [drawn(engine, reader, seed) for seed in range(60)]
    assert {seq for found in each for seq in found} == {3, 5, 7, 9, 11, 13, 15, 17}
    assert all(len(set(found)) == len(found) <= 4 for found in each)
    assert drawn(engine, reader, 7) == drawn(engine, reader, 7)
    assert drawn(engine, reader, 7) != drawn(engine, reader, 8)


def test_a_history_beside_is_no_other(engine: Engine) -> None:
    """What was read in under another timeline stands among nothing."""
    engine.submit([post(70 + at, engine.now(), sells=False) for at in range(8)], "old")
    kinds = frozenset({"post"})
    with reading(engine.folder) as reader:
        for seed in range(20):
            given = random.Random(seed).randbytes(32)
            reach = (17, 25)
            of = version(engine)
            assert population.others(reader.store, "bags", of, kinds, given, reach, 4) == []


def test_where_there_are_no_others_there_are_none(engine: Engine, reader: Reader) -> None:
    """Of other kinds, of an empty reach, of a version that judged nothing."""
    given, kinds = b"\1" * 32, frozenset({"post"})
    assert drawn(engine, reader, 1, wanted=0) == []
    for of, which, reach in (
        (version(engine), frozenset({"join"}), (1, 17)),
        (version(engine), kinds, (17, 17)),
        ("0" * 64, kinds, (1, 17)),
    ):
        assert population.others(reader.store, "bags", of, which, given, reach, 4) == []
