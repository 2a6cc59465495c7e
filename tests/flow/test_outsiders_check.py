"""An outsider's check: from the public folder of a demo run of 10,000 events and one receipt alone.

The verifier is `outsider.public_folder`: from the specifications, in a process of its own, without
anything of this program. What it is to find, and what it is to refuse, is said here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import apsw
import pytest

from cli.command_line import printed, run
from flow.small_community import rows

TESTS = Path(__file__).parents[1]
EVENTS = 10_000
# Runs the verifier, and fails where anything of `ombud` was loaded for it.
ALONE = (
    "import runpy, sys\n"
    "try:\n    runpy.run_module('outsider.public_folder', run_name='__main__', alter_sys=True)\n"
    "finally:\n    assert not [each for each in sys.modules if each.split('.')[0] == 'ombud']\n"
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A demo run, the folder that it publishes, one receipt, and the log's key."""
    base = tmp_path_factory.mktemp("demo")
    data = base / "data"
    shown = run("demo", "--events", EVENTS, "--once", "--data", data)
    assert shown.exit_code == 0, shown.output
    assert printed("transparency", "public", "--out", base / "public", "--data", data)["size"] > 256
    decision = rows(data, "SELECT id FROM decision ORDER BY leaf DESC LIMIT 1 OFFSET 40")[0][0]
    receipt = base / "one.tlog-proof"
    run("ledger", "receipt", decision, "--out", receipt, "--data", data)
    return base / "public", receipt, printed("ledger", "head", "--data", data)["key"]


def outsider(folder: Path, receipt: Path, key: str) -> subprocess.CompletedProcess[str]:
    """The verifier's own process: it is given the folder, the receipt and the key."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-c", ALONE, str(folder), str(receipt), key],
        cwd=TESTS,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_outsider_verifies_log_and_receipt_and_counts_again(
    published: tuple[Path, Path, str], tmp_path: Path
) -> None:
    """The public folder is taken elsewhere, so that nothing of the community is beside it."""
    folder, receipt, key = published
    data = receipt.parent / "data"
    away = Path(shutil.copytree(folder, tmp_path / "away"))
    done = outsider(away, receipt, key)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    size, decisions = rows(data, "SELECT leaves, (SELECT count(*) FROM decision) FROM head")[0]
    assert found["size"] == size
    assert found["line"]["type"] == "decision"
    told = json.loads((away / "counts.json").read_bytes())
    assert sum(each["count"] for each in told["counts"]) == size
    by_type: Counter[str] = Counter()
    for each in told["counts"]:
        by_type[each["type"]] += each["count"]
    assert by_type["decision"] == decisions > 0
    per_rule = rows(
        data, "SELECT rule, action, count(*) FROM decision WHERE by_role = 'rule' GROUP BY 1, 2"
    )
    assert per_rule
    for rule, action, count in per_rule:
        assert count == sum(
            each["count"]
            for each in told["counts"]
            if (each["type"], each["rule"], each["action"]) == ("decision", rule, action)
            and each["automated"]
        )


def test_the_public_folder_holds_nobody(published: tuple[Path, Path, str]) -> None:
    """No account of the demo, and nothing that anybody wrote."""
    folder, receipt, _ = published
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    keys = apsw.Connection(str(receipt.parent / "data" / "ombud.keys"))
    accounts = [row[0] for row in keys.execute("SELECT id FROM account")]
    keys.close()
    assert len(accounts) > 100
    (rules,) = folder.rglob("rules.json")  # the operator's own words: some are ordinary ones
    ordinary = rules.read_text()
    words = [each.encode() for each in accounts if len(each) > 3 and each not in ordinary]
    assert len(words) > 100
    assert not [each for each in words if each in content]


SPOILED: dict[str, Any] = {
    "checkpoint": lambda content: content.replace(b"\n", b"\n1", 1),
    "tile/0/000": lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    "tile/entries/000": lambda content: re.sub(rb'"day":"(\d)', rb'"day":"3', content, count=1),
    "tile/entries/000 dropped": lambda content: content[:-2],
}


@pytest.mark.parametrize("name", SPOILED)
def test_the_outsider_finds_what_was_changed(
    published: tuple[Path, Path, str], tmp_path: Path, name: str
) -> None:
    """A flipped bit anywhere, an entry cut: refused, and by `ombud ledger verify` too."""
    folder, receipt, key = published
    away = Path(shutil.copytree(folder, tmp_path / "away"))
    path = away / "ledger" / name.split(" ", maxsplit=1)[0]
    before = path.read_bytes()
    path.write_bytes(SPOILED[name](before))
    assert path.read_bytes() != before
    assert outsider(away, receipt, key).returncode != 0
    assert run("ledger", "verify", away, "--key", key).exit_code == 1


@pytest.mark.parametrize("field", ["counts", "days", "size", "root"])
def test_the_outsider_finds_other_counts(
    published: tuple[Path, Path, str], tmp_path: Path, field: str
) -> None:
    """One more or one less of anything, or another head."""
    folder, receipt, key = published
    away = Path(shutil.copytree(folder, tmp_path / "away"))
    told = json.loads((away / "counts.json").read_bytes())
    if field in ("counts", "days"):
        told[field][0]["count"] -= 1
    else:
        told[field] = 7
    (away / "counts.json").write_text(json.dumps(told))
    assert outsider(away, receipt, key).returncode != 0
    shown = run("ledger", "verify", away, "--key", key, "--counts")
    assert shown.exit_code == 1
    assert "L086" in shown.stdout


def test_the_outsider_refuses_another_receipt(
    published: tuple[Path, Path, str], tmp_path: Path
) -> None:
    """Another place in the log, another line, another key."""
    folder, receipt, key = published
    content = receipt.read_bytes()
    index = re.search(rb"\nindex (\d+)\n", content)
    assert index is not None
    moved = content.replace(index[0], b"\nindex %d\n" % (int(index[1]) - 1))
    (tmp_path / "moved").write_bytes(moved)
    assert outsider(folder, tmp_path / "moved", key).returncode != 0
    name, hint, material = key.split("+", 2)
    assert outsider(folder, receipt, f"{name}x+{hint}+{material}").returncode != 0


def test_the_outsider_is_one() -> None:
    """Nothing of this program stands in what it is made of."""
    for path in (TESTS / "outsider").glob("*.py"):
        assert not re.search(r"^\s*(from|import) ombud", path.read_text(), re.MULTILINE), path
