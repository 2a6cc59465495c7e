"""Sheet 8: how right a rule was, by blind labels alone; nothing is put together or guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsa.filed_community import held
from dsa.report_checker import check
from flow.certified_community import (
    WEEK,
    Clock,
    certified,
    due,
    earned,
    grown,
    sells,
    sold,
)
from flow.small_community import DAY, rows
from ombud import certifying
from ombud.app import Engine
from ombud.config import STORE_FILE
from ombud.dsa import accuracy, report, sheets
from ombud.dsa.accuracy import Complaints, System
from ombud.dsa.tallies import Period
from ombud.gate import evidence
from ombud.store.sqlite import Store

WHOLE = 0, 1 << 62
WRONG = 1  # of the audited actions, by what people say


@pytest.fixture(scope="module")
def proven(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, int]:
    """A rule that earned its certificate and acted; until when nothing was audited; and the end,
    when it was, with some of it found wrong.
    """
    folder = tmp_path_factory.mktemp("proven") / "data"
    clock: Clock = grown(folder, 8)
    with Engine(folder, now=clock) as engine:
        earned(engine, clock)
        clock.at += WEEK - clock.at % WEEK
        assert set(sold(engine, clock, 90_000, 30)) == {"hold"}
        before = clock.at + DAY
        clock.at = before + DAY
        (certificate,) = certified(engine)
        drawn = dict(certificate.open)
        audited = 0
        while asked := due(engine, "Ben"):  # a label may answer for others
            item = asked[0]
            audited += item["item"] in drawn
            wrong = item["item"] in drawn and 1 < audited <= 1 + WRONG  # not first: one is right
            certifying.label(engine, item["item"], "no" if wrong else sells(item), "Ben")
    return folder, before, clock.at


def found(folder: Path, since: int, until: int) -> list[System]:
    store = Store(folder / STORE_FILE, readonly=True)
    try:
        return accuracy.systems(store, since, until)
    finally:
        store.close()


def test_before_any_audit_its_sample_tells(proven: tuple[Path, int, int]) -> None:
    """As things stood at the end of the period, whatever came later."""
    folder, before, _ = proven
    (system,) = found(folder, 0, before)
    assert (system.rule, system.measures, system.acted) == ("bags", 30, 30)
    assert (system.audited, system.sampled) == (0, system.sampled_right)
    assert system.precision == 1.0
    bound = evidence.lower_bound(system.sampled, system.sampled)
    assert bound - 0.001 < system.at_least <= bound < 1.0
    assert system.alone


def test_audits_tell_more_than_the_sample(proven: tuple[Path, int, int]) -> None:
    """Counted a second way: by the labels in the journal."""
    folder, before, _ = proven
    (system,) = found(folder, *WHOLE)
    assert system.audited - system.audited_right == WRONG
    assert system.precision == round(system.audited_right / system.audited, 3)
    assert system.at_least < system.precision < 1.0
    labels = rows(
        folder,
        "SELECT sum(json_extract(payload, '$.said') = 'yes') FROM journal "
        "WHERE type = '!label' AND recv > ?",
        before,
    )
    assert labels[0][0] >= system.audited_right


def test_outside_of_its_time_a_rule_has_no_row(proven: tuple[Path, int, int]) -> None:
    """Nothing acted before and after."""
    folder, before, last = proven
    assert found(folder, 0, before - 2 * DAY) == []
    assert found(folder, last, WHOLE[1]) == []


def test_the_sheet_says_what_is_known_and_what_is_not(
    proven: tuple[Path, int, int], tmp_path: Path
) -> None:
    """A row of the rule's own with its precision; blanks with a word for all the rest."""
    folder = proven[0]
    report.write(folder, tmp_path, Period("2026-01-01", "2026-12-31"), "", lambda _: None)
    told = {(row[4], row[5]): row[6:8] for row in check(tmp_path)[7].rows}
    (system,) = found(folder, *WHOLE)
    scope = f"Rule bags, certified since {system.since}"
    assert told[sheets.TAKEN_BY, scope] == ["30", ""]
    value, about = told[sheets.PRECISION, scope]
    assert float(value) == system.precision
    assert f"{system.audited_right} of {system.audited} actions" in about
    assert "One person labelled." in about
    for indicator in sheets.RIGHT:
        assert told[indicator, sheets.NUMBER][0] == ""
        assert told[indicator, sheets.NUMBER][1]
    assert "30 of the 30 measures" in told[sheets.PRECISION, sheets.NUMBER][1]


def test_where_no_rule_is_certified_nothing_is_told(tmp_path: Path) -> None:
    """Procedural holds have no precision: nobody labelled them."""
    held(tmp_path, 3)
    assert found(tmp_path, *WHOLE) == []
    store = Store(tmp_path / STORE_FILE, readonly=True)
    assert accuracy.complaints(store, *WHOLE) == Complaints(0, 0)
    store.close()
