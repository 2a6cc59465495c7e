"""What people see of certificates: items without a hint, and weeks in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flow.certified_community import drawn, due, earned, grown, sells
from flow.small_community import change
from gate.told_register import BEN, Told
from ombud import certifying, i18n
from ombud.app import Engine
from ombud.gate import sample
from ombud.gate.evidence import between
from ombud.labelling import Labelling, said
from ombud.reading import reading


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community whose rule has a certificate, and one more that is being labelled."""
    place = tmp_path_factory.mktemp("labelling")
    clock = grown(place, 6)
    with Engine(place, now=clock) as engine:
        earned(engine, clock, ("Ben", "Cy"))
        certifying.begin(engine, "bags", ["Ben", "Cy"], "Ana")
    return place


def test_show_tells_how_things_stand(folder: Path) -> None:
    """Counts, agreement, people by name, and the week's budget; as JSON holds it."""
    with reading(folder) as reader:
        found = reader.labelling().show(reader.labelling().register.week.number * 7 * 86400 * 10**6)
    json.dumps(found)
    (told,), (held,) = found["samples"], found["certificates"]
    assert (told["state"], held["state"]) == ("proved", "in force")
    assert told["labels"] == told["right"] >= 88
    assert told["labelled_by_two"] == told["agreed"] > 100
    assert told["labellers"] == held["labellers"] == ["ben", "cy"]
    assert (told["level"], held["level"], held["one_labeller"]) == (950, 950, False)
    assert (held["labels"], held["right"]) == (told["labels"], told["right"])
    assert held["between"] == [*between(told["labels"], told["labels"])]
    assert 950 <= held["between"][0] < held["between"][1] == 1000
    assert found["week"]["labels"] == 50
    with reading(folder) as reader:
        assert reader.labelling().show(0, "other") == {
            **found,
            "samples": [],
            "certificates": [],
            "week": {"labels": 50, "left": 50, "audits": 15, "audits_left": 50},
        }


def test_everybody_can_read_what_a_certificate_rests_on(folder: Path) -> None:
    """How many labels, how many right, between which shares that lies; and not who labelled."""
    with reading(folder) as reader:
        told = reader.labelling().show(0)["certificates"][0]
        (found,) = reader.openbook().figures(0)["licences"]
    kept = ("labels", "right", "between", "level", "audited", "one_labeller")
    assert {name: found[name] for name in kept} == {name: told[name] for name in kept}
    assert "ben" not in json.dumps(found)


def test_who_nobody_knows_has_nothing_to_label(folder: Path) -> None:
    """And asking makes nobody known."""
    with reading(folder) as reader:
        assert reader.labelling().due("somebody", 0) == {"items": [], "waiting": 0, "left": 50}


def test_a_page_shows_a_part(tmp_path: Path) -> None:
    """At most so many as are asked for, and how many there are."""
    clock = grown(tmp_path, 6)
    with Engine(tmp_path, now=clock) as engine:
        certifying.begin(engine, "bags", ["Ben"], "Ana")
        drawn(engine)
        with reading(tmp_path) as reader:
            told = reader.labelling().due("BEN", clock.at, 7)
        assert (len(told["items"]), told["waiting"], told["left"]) == (7, 50, 50)
        items = due(engine, "Ben")
        with reading(tmp_path) as reader:
            kept = Labelling(reader.store, reader.keys)
            for each in items[:3]:
                certifying.label(engine, each["item"], sells(each), "Ben")
                assert each["item"] not in {i["item"] for i in kept.due("Ben", clock.at)["items"]}
            held = engine.writer.pipeline.community.register
            assert kept.register.samples == held.samples
            assert kept.register.week == held.week
        with reading(tmp_path) as reader:
            assert reader.labelling().due("Ben", clock.at, 7)["left"] == 47
    change(tmp_path, "UPDATE body SET sealed = CAST(x'00' || sealed AS BLOB)")
    with reading(tmp_path) as reader:  # damaged: it cannot be shown, and does not break the page
        shown = reader.labelling().due("Ben", clock.at, 7)["items"]
    assert [each["content"] for each in shown] == [None] * 7


@pytest.mark.parametrize("lang", i18n.SPOKEN)
def test_weeks_are_said_in_words(lang: str) -> None:
    """Proved, so many weeks, only if nothing goes wrong, not any more: each in its own sentence."""
    told = Told()
    told.population(200)
    told.owed()
    of = told.register.samples["s"]
    first = said(of, sample.forecast(of, 35), lang, 35)
    assert "4" in first
    assert "6" in first
    tight = Told()
    tight.population(90)
    tight.owed()
    few = tight.register.samples["s"]
    second = said(few, sample.forecast(few, 35), lang, 35)
    few.label(next(few.upcoming()), BEN, "no")
    third = said(few, sample.forecast(few, 35), lang, 35)
    for item in list(of.upcoming()):
        of.label(item, BEN, "yes")
    fourth = said(of, sample.forecast(of, 35), lang, 35)
    assert len({first, second, third, fourth}) == 4
    assert fourth == i18n.say("gate.proved", lang)
