"""The bench of the public log: figures stand beside fixed targets, over a log that is real."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.measure import Row

from bench import ledger, workload
from ombud import auditing


def test_targets_are_those_of_the_issue() -> None:
    """A tenth of the rest of the path, a minute for a million entries."""
    assert (ledger.ENTRIES, ledger.SECONDS) == (1_000_000, 60.0)
    assert {name: target.ratio for name, target in ledger.TARGETS.items()} == {
        ledger.ADDED.format(language="ascii"): 0.10,
        ledger.ADDED.format(language="vietnamese"): 0.10,
        ledger.VERIFY: 1.0,
    }
    assert not any(target.at_least for target in ledger.TARGETS.values())


def test_the_log_of_the_bench_is_a_log(tmp_path: Path) -> None:
    """It verifies, with every line another one."""
    ledger.write_log(tmp_path, 600)
    report = auditing.check(str(tmp_path), auditing.Trust(ledger.SIGNER.key.encode()))
    assert (report["ok"], report["size"]) == (True, 600)


def test_every_row_has_a_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is measured can be judged; each part is measured on something that is there."""
    some = workload.lines("ascii", 60)
    monkeypatch.setattr(workload, "lines", lambda *_: some)
    monkeypatch.setattr(ledger, "_verified", _row)
    found = [ledger.judged(row) for row in ledger.rows(quick=True)]
    assert [row["name"] for row in found] == list(ledger.TARGETS)
    assert found[0]["ours"] > 0
    assert found[0]["peer"] > 0
    assert found[-1]["met"] is False


def _row(count: int) -> Row:
    assert count < ledger.ENTRIES
    return Row(ledger.VERIFY, 61.0, 60.0, 61 / 60, 1, "seconds", "the target")
