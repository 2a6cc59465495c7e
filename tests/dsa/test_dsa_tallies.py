"""What is counted where: each thing once, medians in hours, orders by state, trusted flaggers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.command_line import printed
from dsa.filed_community import change, held
from dsa.report_checker import check
from dsa.test_dsa_statement import NOON
from flow.case_desk import DESK_RULES, decide, waiting
from flow.platform_side import connected
from flow.small_community import event
from ombud.clock import DAY, HOUR
from ombud.config import STORE_FILE, Dsa
from ombud.dsa import report, sheets
from ombud.dsa.tallies import Counting, Period, Row, Tally, median
from ombud.errors import BadUse
from ombud.rules.categories import NOT_SPECIFIED_ORDER, OTHER
from ombud.store.sqlite import Store

SCAM = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
NOW = datetime.now(UTC)
NOTHING = ["0", "0", "", "", "0", "", ""]


def test_a_median_is_in_hours() -> None:
    """To the hundredth; of nothing there is none."""
    assert median([]) is None
    assert median([HOUR]) == 1
    assert median([HOUR, 2 * HOUR]) == 1.5
    assert median([HOUR // 3, HOUR // 3, 9 * HOUR]) == 0.33


def test_a_period_holds_both_its_days() -> None:
    """From the first instant of the one to the last of the other, in UTC."""
    bounds = Period("2025-11-27", "2025-11-28").bounds
    assert bounds["until"] - bounds["since"] == 2 * DAY
    assert bounds["since"] == NOON - DAY // 2
    assert str(Period("2025-11-27", "2025-11-28")) == "2025-11-27/2025-11-28"
    for first, last in (("20251127", "2025-11-28"), ("2025-11-28", "2025-11-27"), ("", "")):
        with pytest.raises(BadUse):
            _ = Period(first, last).bounds


def test_a_thing_counts_in_its_row_its_category_and_the_total() -> None:
    """And nowhere else; other ones by what they are."""
    tally = Tally()
    tally.add(Row(SCAM, OTHER, "Lottery"), 0, 2)
    tally.add(Row(SCAM, "KEYWORD_PHISHING"), 0)
    tally.add(Row(NOT_SPECIFIED_ORDER), 0)
    tally.took(Row(SCAM, OTHER, "Lottery"), 2, HOUR)
    assert tally.count(Row(sheets.TOTAL), 0) == 4
    assert tally.count(Row(SCAM), 0) == 3
    assert tally.count(Row(SCAM, OTHER), 0) == 0
    assert tally.count(Row(SCAM, OTHER, "Lottery"), 0) == 2
    assert tally.count(Row(NOT_SPECIFIED_ORDER), 0) == 1
    assert tally.others(SCAM) == ["Lottery"]
    assert tally.median(Row(sheets.TOTAL), 2) == tally.median(Row(SCAM), 2) == 1
    assert tally.median(Row(SCAM, "KEYWORD_PHISHING"), 2) is None


def _demand(folder: Path, country: str, hours: int, *more: object) -> str:
    received = (NOW - timedelta(hours=hours)).isoformat()
    words = ("--from", "Office", "--kind", "authority", "--words", "Look.", "--received", received)
    about = ("--about", "https://a.example/1", "--about", "https://a.example/2")
    asked = ("demands", "add", *words, *about, "--clause", "scam.hidden-links", *more)
    return str(printed(*asked, "--country", country, "--data", folder)["demand"])


def test_orders_are_counted_by_state(tmp_path: Path) -> None:
    """Of authorities of Member States that bind; with how long receipt and effect took."""
    folder = held(tmp_path / "data", 1)
    first = _demand(folder, "DE", 4, "--order")
    _demand(folder, "DE", 4)  # it only asks
    _demand(folder, "VN", 4, "--order")  # of no Member State
    _demand(folder, "FR", 4, "--order", "--asks", "data")
    printed("demands", "confirm", first, "--data", folder)
    printed(*("demands", "answer", first, "--outcome", "done", "--why", "So."), "--data", folder)
    days = ((NOW - timedelta(days=1)).date().isoformat(), NOW.date().isoformat())
    report.write(folder, tmp_path / "out", Period(*days), "", lambda _: None)
    rows = check(tmp_path / "out")[2].rows
    told = {(row[3], row[5]): row[6:13] for row in rows if row[6:13] != NOTHING}
    phishing = ("KEYWORD_PHISHING", SCAM, sheets.TOTAL)
    assert set(told) == {(code, scope) for code in phishing for scope in (sheets.TOTAL, "DE", "FR")}
    act = told[SCAM, "DE"]
    assert (act[:2], act[4:]) == (["1", "2"], ["0", "", ""])
    waited = (datetime.now(UTC) - NOW).total_seconds() / 3600  # since this file was read
    assert 3.9 <= float(act[2]) <= 4.1 + waited
    assert 3.9 <= float(act[3]) <= 4.1 + waited
    assert told[SCAM, "FR"] == ["0", "0", "", "", "1", "", ""]
    assert told[sheets.TOTAL, sheets.TOTAL][:2] == ["1", "2"]


def test_a_trusted_flaggers_notice_is_one_whatever_the_settings_say(tmp_path: Path) -> None:
    """It is counted in sheet 4, beside all notices, and its measure in no sheet of one's own."""
    told: dict[str, Any] = {
        "type": "flag.created",
        "reported": {"id": "post/9", "author": {"id": "ana"}},
    }
    flag = event(1, reporter={"id": "line", "roles": ["trusted-flagger"]}, **told)
    flag["data"] = {name: flag["data"][name] for name in ("reporter", "reported")}
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(flag)
        (case,) = waiting(platform)
        platform.clock[0] += HOUR
        decide(platform, case, "uphold", "remove")
        platform.clock[0] += HOUR
        platform.deliver()
    store = Store(tmp_path / STORE_FILE, readonly=True)
    found = Counting(store, Period("2026-01-01", "2026-12-31"), Dsa().flags).count()
    store.close()
    total = Row(sheets.TOTAL)
    assert [found.notices.count(total, each) for each in (0, 1, 2, 3, 6, 8, 9)] == [
        1,
        1,
        1,
        1,
        0,
        1,
        1,
    ]
    assert found.notices.median(total, 5) == 1
    assert found.own.count(total, 0) == 0
    assert found.automated[sheets.OF_TRUSTED, False] == 1
    assert found.automated[sheets.NUMBER, False] == 1
    assert found.automated[sheets.OWN, False] == 0


def test_counting_leaves_the_ids_alone(tmp_path: Path) -> None:
    """A report can be made without ever filing a statement."""
    folder = held(tmp_path, 2)
    report.write(folder, tmp_path / "out", Period("2026-01-01", "2026-12-31"), "", lambda _: None)
    store = Store(folder / STORE_FILE, readonly=True)
    assert store.all("filings_by_state") == []
    store.close()


@pytest.mark.parametrize(("binds", "own"), [(True, 0), (False, 1)])
def test_what_an_order_began_is_nobodys_own_initiative(
    tmp_path: Path, binds: bool, own: int
) -> None:
    """Nor has it a statement in the database: Article 9 stands beside Article 17. What was only
    asked for is the community's own decision.
    """
    folder = held(tmp_path / "data", 1)
    _demand(folder, "DE", 4, *(["--order"] if binds else []))
    linked = "INSERT INTO demand_decision SELECT m.id, d.id FROM demand m, decision d"
    change(folder, linked)
    store = Store(folder / STORE_FILE, readonly=True)
    found = Counting(store, Period("2025-01-01", "2035-12-31"), "reports").count()
    store.close()
    assert found.own.count(Row(sheets.TOTAL), 0) == own
    assert found.automated[sheets.NUMBER, True] == 1
    filed = printed("transparency", "dsa", "--data", folder, "--out", tmp_path / "out")
    assert filed["new"] == own
