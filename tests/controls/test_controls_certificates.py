"""What the register owes, as controls: only what labels prove, and held to in replay."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.told_register import BEN, Told
from ombud.activation.active import EMPTY
from ombud.controls import certificates
from ombud.store.sqlite import Store
from ombud.verdicts.community import Community


def granted(level: int = 950) -> dict[str, object]:
    """What a granting control would carry."""
    return {"is": "granted", "sample": "s", "level": level}


def test_a_grant_must_follow_from_its_labels() -> None:
    """One label short it does not; nor at another level, nor of an unknown sample."""
    told = Told()
    told.population(200)
    told.owed()
    sample = told.register.samples["s"]
    while sample.counted.labels < 87:
        told.label(next(sample.upcoming()).id, BEN, "yes")
    held = told.register
    wrong = "a certificate that its labels do not prove"
    assert certificates.difference(held, "certificate", granted()) == wrong
    told.label(next(sample.upcoming()).id, BEN, "yes")
    assert certificates.difference(held, "certificate", granted()) == ""
    assert certificates.difference(held, "certificate", granted(980)) == wrong
    other = {**granted(), "sample": "t"}
    assert certificates.difference(held, "certificate", other) == wrong


def test_a_demotion_must_have_its_cause() -> None:
    """Neither without an alarm, nor for another reason."""
    told = Told()
    name = told.certified()
    demotion = {"certificate": name, "why": "audit"}
    wrong = "a demotion that nothing gave cause for"
    assert certificates.difference(told.register, "demotion", demotion) == wrong
    told.acts(name, 10)
    told.week(BEN, lambda _: "no")
    assert certificates.difference(told.register, "demotion", demotion) == ""
    other = {**demotion, "why": "overturned"}
    assert certificates.difference(told.register, "demotion", other) == wrong


def test_a_seed_must_have_its_population() -> None:
    """And a population one seed."""
    told = Told()
    told.population()
    seed = {"sample": "s", "seed": "00" * 32, "others": []}
    assert certificates.difference(told.register, "draw", seed) == ""
    told.owed()
    assert certificates.difference(told.register, "draw", seed) != ""
    audit = {"certificate": "k", "others": []}
    assert certificates.difference(told.register, "draw", audit) == ""


@pytest.mark.parametrize("control", ["label", "labelling", "population"])
def test_what_people_do_is_taken_as_it_is(control: str) -> None:
    """There is nothing to hold it against."""
    assert certificates.difference(Told().register, control, {}) == ""


def test_a_community_acts_by_what_its_register_has() -> None:
    """Licences of the configuration stay beside those of certificates, and come back without."""
    told = Told()
    community = Community(b"key", EMPTY, register=told.register)
    assert not community.active.licences
    name = told.certified()
    community.license()
    assert [each.rule for each in community.active.licences] == ["bags"]
    told.apply("demotion", certificate=name, why="audit")
    community.license()
    assert not community.active.licences


def test_nothing_owed_is_no_control() -> None:
    """And something owed is one of its type."""
    told = Told()
    community = Community(b"key", EMPTY, register=told.register)
    assert certificates.owed(community, told.now) is None
    told.population()
    control = certificates.owed(community, told.now)
    assert control is not None
    assert (control.type, control.payload) == ("draw", {})


def test_a_start_reads_by_an_index(tmp_path: Path) -> None:
    """Not through all events: a community has many, and few of these."""
    store = Store(tmp_path / "ombud.db")
    store.prepare("log.example", b"")
    for name in ("certificate_controls", "certified_decisions"):
        plan = store.connection.execute(
            "EXPLAIN QUERY PLAN " + store.queries[name], {"after": 0, "until": 9}
        ).fetchall()
        assert any("USING INDEX" in str(row[3]) for row in plan), (name, plan)
    store.close()


def test_every_public_outcome_is_short_enough() -> None:
    """A line of the public log takes 64 characters."""
    assert max(map(len, certificates.OUTCOMES.values())) <= 64
