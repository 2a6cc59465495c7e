"""The yearly report: to the letter of Annex I, and counting what another count finds."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dsa.filed_community import held
from dsa.report_checker import Sheet, check
from flow.case_desk import DESK_RULES, bags, decide, flag, shoes, waiting
from flow.platform_side import CONNECTED, Platform, connected
from flow.small_community import rows
from ombud import casework, notices
from ombud.appeals import AppealMade
from ombud.clock import HOUR, SECOND
from ombud.dsa import report, sheets
from ombud.dsa.tallies import Period
from ombud.errors import BadData, BadUse

YEAR = Period("2026-01-01", "2026-12-31")


def _write(folder: Path, out: Path, period: Period = YEAR, previous: str = "") -> dict[str, Any]:
    return report.write(folder, out, period, previous, lambda _: None)


def _counted(sheet: Sheet, first: int) -> dict[str, list[str]]:
    """The rows in which anything is counted: code and description, and the first values."""
    return {
        " ".join(filter(None, row[3:5])): row[first : first + 16]
        for row in sheet.rows
        if any(value not in ("", "0") for value in row[first : first + 16][:10])
    }


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Posts, flags, what people decided about them, and two appeals."""
    folder = tmp_path_factory.mktemp("lived") / "data"
    settings = CONNECTED + '\n[dsa]\nprovider = "=1+1"\nservice = "Forum"\n'
    with connected(folder, rules=DESK_RULES, settings=settings) as platform:
        for number in range(6):
            platform.stream(bags(number, f"b{number}"))
        platform.stream(shoes("s1", "cid"), shoes("s2", "dan"))
        platform.stream(flag("f1", "post/one", "eve"), flag("f2", "post/other", "eve"))
        platform.deliver()
        for number, case in enumerate(waiting(platform)):
            decide(platform, case, "uphold", "suspend" if number == 0 else "remove")
        platform.clock[0] += 11 * SECOND
        platform.deliver()
        told = rows(
            folder,
            "SELECT n.decision, n.statement FROM notice n JOIN decision d ON d.id = n.decision "
            "WHERE n.statement IS NOT NULL AND n.reason = 'decided' AND d.by_role = 'rule' "
            "ORDER BY d.leaf LIMIT 2",
        )
        for number, (decision, statement) in enumerate(told):
            token = notices.token(platform.engine.keys.community, statement)
            platform.engine.change(AppealMade(token, decision, "No."))
            platform.clock[0] += (number + 1) * HOUR
            (made,) = rows(folder, "SELECT id FROM appeal WHERE state = 'open'")
            outcome = ("reverse", "uphold")[number]
            asked = {"appeals": [made[0]], "outcome": outcome, "by": "kim"}
            casework.perform(platform.engine, "decide appeals", asked)
        platform.clock[0] += 11 * SECOND
        platform.deliver()
        yield platform


def test_a_report_is_to_the_letter(lived_in: Platform, tmp_path: Path) -> None:
    """The checker finds nothing, and the sheets say what happened."""
    found = _write(lived_in.folder, tmp_path, previous="2026-02-01")
    checked = check(tmp_path)
    assert len(found["files"]) == 11
    assert [row[3] for row in checked[0].rows][2:] == ["2026-02-01", "2026-01-01", "2026-12-31"]
    assert {row[1] for row in checked[3].rows} == {"Forum"}
    terms = _counted(checked[5], 5)
    assert next(iter(terms)) == "TOTAL"
    assert terms["TOTAL"][0] == str(found["measures"])
    spam = terms["STATEMENT_CATEGORY_OTHER_VIOLATION_TC"]
    assert spam == terms["KEYWORD_OTHER Several links by newcomers"] == terms["TOTAL"]
    assert _counted(checked[4], 5) == {}
    assert {row[9] for row in checked[5].rows} == {"0"}  # nothing was demoted, though it could be
    assert {row[14] for row in checked[5].rows} == {""}  # nobody's earnings are known here


def test_a_report_stays_what_it_was(lived_in: Platform, tmp_path: Path) -> None:
    """Every row in which anything is told, of the sheets that count, as it was once looked at."""
    _write(lived_in.folder, tmp_path)
    told = {
        name: [
            "|".join(row[3:])
            for row in sheet.rows
            if any(cell not in ("", "0") for cell in row[6 if name < "part-04" else 5 :][:10])
        ]
        for name, sheet in zip(sheets.NAMES, check(tmp_path), strict=True)
        if "part-03" <= name < "part-09"
    }
    golden = Path(__file__).parent / "golden" / "report.json"
    assert told == json.loads(golden.read_text("utf-8"))


def test_the_measures_are_those_of_the_store(lived_in: Platform, tmp_path: Path) -> None:
    """Counted a second way: each decision that took hold, by its action."""
    _write(lived_in.folder, tmp_path)
    total = _counted(check(tmp_path)[5], 5)["TOTAL"]
    done = Counter(
        action
        for action, state in rows(
            lived_in.folder,
            "SELECT d.action, o.state FROM decision d JOIN outbox o ON o.decision = d.id "
            "AND o.kind = 'action' AND NOT o.inverse",
        )
        if state in ("delivered", "confirmed")
    )
    assert done["hold"] == 6
    assert set(done) <= {"hold", "remove", "suspend", "warn"}
    assert total[0] == str(sum(done.values()) - done["warn"])
    assert (total[2], total[3]) == (str(done["remove"]), str(done["hold"]))
    assert total[14] == str(done["suspend"])
    of_flags = rows(lived_in.folder, "SELECT count(*) FROM decision WHERE origin = 'flag'")[0][0]
    assert int(total[1]) == sum(done.values()) - done["warn"] - int(of_flags)


def test_appeals_are_counted_by_what_they_are_about(lived_in: Platform, tmp_path: Path) -> None:
    """Two complaints about what was held: one reversed after an hour, one upheld after two."""
    _write(lived_in.folder, tmp_path)
    of = {(row[4], row[5]): row[6] for row in check(tmp_path)[6].rows}
    for name in (sheets.SUBMITTED, sheets.VISIBILITY):
        assert of[name, "Total number"] == "2"
        assert (of[name, "Decisions upheld"], of[name, "Decisions reversed"]) == ("1", "1")
        assert of[name, "Decisions partially reversed"] == "0"
        assert of[name, "Median time"] == "1.5"
    assert of[sheets.ACCOUNT, "Total number"] == "0"
    assert of[sheets.ACCOUNT, "Median time"] == ""


def test_flags_are_notices_where_the_settings_say_so(lived_in: Platform, tmp_path: Path) -> None:
    """Then they are counted in sheet 4, with how long an action took, and no longer in sheet 6."""
    _write(lived_in.folder, tmp_path / "reports")
    settings = lived_in.folder / "ombud.toml"
    before = settings.read_text()
    settings.write_text(before + 'flags = "notices"\n')
    try:
        found = _write(lived_in.folder, tmp_path / "notices")
    finally:
        settings.write_text(before)
    reports, told = check(tmp_path / "reports"), check(tmp_path / "notices")
    assert _counted(reports[3], 5) == {}
    counted = _counted(told[3], 5)
    assert counted["TOTAL"][:4] == ["2", "0", "2", "0"]
    assert found["notices"] == 2
    actions = int(counted["TOTAL"][8])
    own = [int(_counted(each[5], 5)["TOTAL"][0]) for each in (reports, told)]
    assert own[0] - own[1] == actions > 0
    assert float(counted["TOTAL"][4]) >= 0
    of = {(row[4], row[5]): row[6] for row in told[7].rows}
    assert of[sheets.NOTICES_NOT_BY, "NAM Total"] == "2"


def test_complaints_about_rules_are_told_beside_precision(
    lived_in: Platform, tmp_path: Path
) -> None:
    """Both of those that were decided, one of them reversed; and that they are no error rate."""
    _write(lived_in.folder, tmp_path)
    of = {(row[4], row[5]): row for row in check(tmp_path)[7].rows}
    value, about = of[sheets.PRECISION, sheets.OWN][6:8]
    assert value == ""
    assert "rules alone: 2, 1 of them reversed or in part; that is no error rate" in about


def test_only_what_lies_in_the_period_counts(lived_in: Platform, tmp_path: Path) -> None:
    """Both days are in it; before and after there is nothing, and every count is 0."""
    day = datetime.fromtimestamp(lived_in.clock[0] / 1_000_000, UTC).date().isoformat()
    assert _write(lived_in.folder, tmp_path / "day", Period(day, day))["measures"] > 0
    for name, period in (
        ("before", Period("2025-01-01", "2025-12-31")),
        ("after", Period("2027-01-01", "2027-12-31")),
    ):
        assert _write(lived_in.folder, tmp_path / name, period)["measures"] == 0
        empty = check(tmp_path / name)
        assert all(_counted(empty[number], 5) == {} for number in (3, 4, 5))
        assert {row[6] for row in empty[6].rows} == {"0", ""}


def test_no_cell_is_a_formula(lived_in: Platform, tmp_path: Path) -> None:
    """Whatever the provider is called."""
    _write(lived_in.folder, tmp_path)
    with (tmp_path / "part-01-summary.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1][3] == "'=1+1"


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-12-31", "2026-01-01"), ("2026-1-1", "2026-12-31"), ("2026-01-01", "2026-02-30")],
)
def test_what_is_no_period_is_refused(tmp_path: Path, first: str, last: str) -> None:
    """Before anything is written."""
    held(tmp_path / "data", 1)
    with pytest.raises(BadUse) as caught:
        _write(tmp_path / "data", tmp_path / "out", Period(first, last))
    assert caught.value.code == "U386"
    with pytest.raises(BadUse):
        _write(tmp_path / "data", tmp_path / "out", previous="yesterday")
    assert not (tmp_path / "out").exists()


def test_where_no_community_is_there_is_no_report(tmp_path: Path) -> None:
    """And a folder that cannot be written is told."""
    with pytest.raises(BadData):
        _write(tmp_path / "none", tmp_path / "out")
    held(tmp_path / "data", 1)
    (tmp_path / "file").write_text("")
    with pytest.raises(BadUse) as caught:
        _write(tmp_path / "data", tmp_path / "file")
    assert caught.value.code == "U381"


def test_the_checker_sees_what_it_should(tmp_path: Path) -> None:
    """A changed head, a lost row, a wrong sum, a formula: each is found."""
    held(tmp_path / "data", 3)
    for name, old, new in (
        ("part-06-own-initiative-tc", "Labelled ,", "Labelled,"),
        ("part-06-own-initiative-tc", "TOTAL,,3,", "TOTAL,,4,"),
        ("part-04-notices", "KEYWORD_NUDITY", "KEYWORD_NUDE"),
        ("part-04-notices", "KEYWORD_PHISHING", "KEYWORD_FISHING"),
        ("part-01-summary", "2026-12-31", "31.12.2026"),
        ("part-07-appeals-and-recidivism", "Total number,0,", "Total number,-1,"),
        ("part-11-qualitative", "Holds end", "=Holds end"),
    ):
        out = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        _write(tmp_path / "data", out)
        check(out)
        path = out / f"{name}.csv"
        content = path.read_bytes().decode()
        if old not in content:
            assert old == "KEYWORD_NUDITY"  # of the terms alone: sheet 4 has no such row
            continue
        path.write_bytes(content.replace(old, new, 1).encode())
        with pytest.raises(AssertionError):
            check(out)
