"""`docs/reference/json.md` says what the commands print: run on a small community and compared."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flow.commands_outside import answer_outside, connect, take_away_protection
from flow.commands_run import (
    Community,
    Found,
    appeal,
    begin_and_end,
    begin_the_day,
    change_lists,
    change_staff,
    event,
    spoil,
    try_rules,
    use_claims,
    work_on_cases,
    write_rules,
)
from flow.log_proven import prove
from ombud.cli import main

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def documented() -> Iterator[Any]:
    """The module that makes the pages."""
    sys.path.insert(0, str(DOCS))
    yield importlib.import_module("commands")
    sys.path.remove(str(DOCS))


@pytest.fixture(scope="module")
def found(documented: Any, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """All that the commands print, on a community in which a bit of everything has happened."""
    base = tmp_path_factory.mktemp("base")
    folder = base / "community"
    write_rules(folder / "rules")
    file = base / "events.ndjson"
    newcomer = {"id": "binh", "created": "2026-11-20T08:00:00Z", "roles": ["guest"]}
    text = "Cheap bags http://a.example http://b.example"
    chi = {**newcomer, "id": "chi", "roles": []}
    file.write_text(
        event(1, author=newcomer, text=text, media=[], mentions=[])
        + event(2, author=chi, text=text)
        + event(4, author={"id": "dan"}, text="One and the same thing")
        + event(5, author={"id": "eve"}, text="One and the same thing")
        + '{"id": "e3"}\n'
    )
    community = Community(folder, documented.FIELDS)
    run = community.run
    run("ingest", file)
    made = run("decisions list")["items"]
    appeal(folder, made[0]["id"])
    run("decisions show", made[0]["id"])
    run("decisions undo", made[0]["id"])
    run("decisions show", made[0]["id"])
    run("black-out", "2", "bags")
    run("erase", "binh", "--platform", "forum")
    for each in run("decisions list")["items"]:
        run("decisions show", each["id"])
    connect(run)
    begin_and_end(run)
    change_lists(run, base)
    use_claims(run, base)
    answer_outside(community, base)
    work_on_cases(community, base)
    begin_the_day(run, base)
    run("actions list")
    run("actions retry", "act_none")
    run("signals explain", file)
    run("signals list", data=False)
    try_rules(community, base)
    change_staff(run)
    take_away_protection(community, base)
    run("replay", "--check")
    prove(community, base)
    run("demo", "--events", 120, "--data", base / "demo", data=False)
    spoil(folder)
    run("replay", "--check")
    run("ledger verify", folder, data=False)
    for words in ("rules list", "rules test"):
        run(words)
    rule = folder / "rules" / "repeated-text.rule"
    rule.write_text(rule.read_text().replace("for     post", "for  post"))
    run("rules format", "--check")
    rule.write_text("rule repeated-text\n")
    run("rules check")
    return community.found


def test_every_command_with_json_is_described(documented: Any) -> None:
    """The page has a table for each command that takes --json, and for no other."""
    taking = {words for words, command in documented.commands() if documented.takes_json(command)}
    assert taking == set(documented.FIELDS)


def test_no_field_is_printed_that_is_not_described(found: Found, documented: Any) -> None:
    """Every field that a command prints stands in the table, with the type it was printed in."""
    wrong = []
    for words, printed in found.items():
        known = {field.path: set(field.type.split(" or ")) for field in documented.FIELDS[words]}
        for path, types in printed.items():
            outer = any(other.startswith((f"{path}.", f"{path}[")) for other in known)
            if not (outer and types <= {"object", "list"}) and not types <= known.get(path, set()):
                wrong.append(f"{words}: {path} is {sorted(types)}")
    assert not wrong, "\n".join(wrong)


def test_no_field_is_described_that_is_not_printed(found: Found, documented: Any) -> None:
    """Every field of the table is printed, those that `demo` and `ingest` share by either."""
    printed = {words: set(paths) for words, paths in found.items()}
    printed["demo"] |= printed["ingest"]
    absent = [
        f"{words}: {field.path}"
        for words, fields in documented.FIELDS.items()
        for field in fields
        if field.path not in printed[words]
    ]
    assert not absent, "\n".join(absent)


def test_each_option_is_explained(documented: Any) -> None:
    """Every command has a help text."""
    assert all(command.help for _, command in documented.commands())


def test_an_error_has_the_described_shape(tmp_path: Path, documented: Any) -> None:
    """A command that fails prints the error object and nothing else."""
    line = ["decisions", "list", "--data", str(tmp_path / "none"), "--json"]
    done = CliRunner().invoke(main, line)
    assert done.exit_code == 1
    assert set(json.loads(done.stdout)) == {field.path for field in documented.ERROR}
