"""A rule earns its licence, acts under it, is audited and loses it: through the whole program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flow.certified_community import (
    DAYS,
    WEEK,
    Clock,
    actions,
    again,
    certified,
    drawn,
    due,
    earned,
    grown,
    label_all,
    outcomes,
    post,
    sold,
)
from flow.small_community import (
    DAY,
    agrees_with_replay,
    change,
    check,
    hold_together,
    rows,
    tallies,
)
from ombud import certifying
from ombud.app import Engine
from ombud.config import STORE_FILE
from ombud.errors import BadUse
from ombud.reading import reading

KILLED = -9
LABEL = """
import sys
from pathlib import Path
from ombud import certifying
from ombud.app import Engine
folder, now, item, by = sys.argv[1:]
with Engine(Path(folder), now=lambda: int(now)) as engine:
    certifying.label(engine, item, "yes", by)
"""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Twenty days of hits, and the clock at their end."""
    folder = tmp_path_factory.mktemp("watched")
    return folder, grown(folder, 8).at


@pytest.fixture(scope="module")
def proven(watched: tuple[Path, int], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The same, with a certificate that one labeller's answers proved."""
    folder = tmp_path_factory.mktemp("proven") / "data"
    shutil.copytree(watched[0], folder)
    clock = Clock(watched[1])
    with Engine(folder, now=clock) as engine:
        earned(engine, clock)
        agrees_with_replay(engine)
    clock.at += WEEK - clock.at % WEEK
    return folder, clock.at


# --- the story ------------------------------------------------------------------------------------


def test_a_rule_earns_acts_and_is_demoted(watched: tuple[Path, int], tmp_path: Path) -> None:
    """Before: cases. With a certificate: it holds for 48 hours. After an audit that says no: cases
    again, and what it holds stays. Everything is in the public log, and replay agrees.
    """
    folder, clock = again(watched, tmp_path)
    with Engine(folder, now=clock) as engine:
        assert sold(engine, clock, 50_000, 3) == ["allow"] * 3
        found = earned(engine, clock)
        assert (found.level, found.counted.labels) == (950, 0)
        clock.at += WEEK - clock.at % WEEK
        # so many that a draw which leaves fewer than two of them to be audited does not happen
        assert sold(engine, clock, 60_000, 30) == ["hold"] * 30
        assert {licence for _, licence in actions(folder)} == {found.licence.id}
        lasts = rows(folder, "SELECT DISTINCT (until - time) / 3600000000 FROM decision")
        assert lasts == [(48,)]
        agrees_with_replay(engine)
        drawn(engine)
        label_all(engine, clock, ["Ben"], lambda _: "no", stop=lambda: not certified(engine))
        assert sold(engine, clock, 70_000, 3) == ["allow"] * 3
        agrees_with_replay(engine)
    assert rows(folder, "SELECT count(*) FROM decision WHERE undone_by IS NOT NULL") == [(0,)]
    cases = dict(rows(folder, "SELECT reason, count(*) FROM review_case GROUP BY 1"))
    assert cases["demoted"] == 1
    assert cases["no licence"] == DAYS * 8 + 6
    said = outcomes(folder)
    assert [each for each in dict.fromkeys(said) if each != "labelled"] == [
        "population",
        "drawn",
        "granted, one labeller",
        "audit",
    ]
    assert tallies(folder)["demotion", "spam.links", None, None] == 1
    hold_together(folder)
    kept = rows(folder, "SELECT kind, rule, level, ended IS NOT NULL FROM licence")
    assert kept == [("certificate", "bags", 950, 1)]


def test_a_restart_holds_what_replay_holds(proven: tuple[Path, int], tmp_path: Path) -> None:
    """Certificate, audits drawn and labels given are the same after each restart."""
    folder, clock = again(proven, tmp_path)
    with Engine(folder, now=clock) as engine:
        assert sold(engine, clock, 60_000, 30) == ["hold"] * 30
        engine.submit([post(65_000 + at, clock.at, sells=True) for at in range(5)], "old")
        assert certified(engine)[0].acted == 30  # a history beside is nothing to audit
        first = due(engine, "Ben")
        certifying.label(engine, first[0]["item"], "yes", "Ben")
        before = engine.writer.pipeline.community.register
        before.due(clock.at)
    for _ in range(2):
        with Engine(folder, now=clock) as engine:
            run = agrees_with_replay(engine)
            held = engine.writer.pipeline.community.register
            assert held.certificates == before.certificates == run.community.register.certificates
            assert held.samples == before.samples == run.community.register.samples
            assert held.week == before.week


def test_a_changed_rule_asks_people_again(proven: tuple[Path, int], tmp_path: Path) -> None:
    """Any other version ends the certificate, and the old one does not bring it back."""
    folder, clock = again(proven, tmp_path)
    file = folder / "rules" / "bags.rule"
    old = file.read_text()
    with Engine(folder, now=clock) as engine:
        assert sold(engine, clock, 60_000, 1) == ["hold"]
        file.write_text(old.replace('contains "cheap bags"', 'contains "bags"'))
        assert engine.reload("Ana")
        assert sold(engine, clock, 61_000, 1) == ["allow"]
        file.write_text(old)
        assert engine.reload("Ana")
        assert sold(engine, clock, 62_000, 1) == ["allow"]
        agrees_with_replay(engine)
        with pytest.raises(BadUse, match="U181"):  # what was labelled before proves nothing now
            certifying.begin(engine, "bags", ["Ben"], "Ana")
    assert outcomes(folder)[-1] == "ended: changed"
    assert rows(folder, "SELECT ended IS NOT NULL FROM licence") == [(1,)]


def test_other_words_to_the_person_change_nothing(proven: tuple[Path, int], tmp_path: Path) -> None:
    """Mode and examples are no part of a version: pausing a rule costs it nothing."""
    folder, clock = again(proven, tmp_path)
    file = folder / "rules" / "bags.rule"
    old = file.read_text()
    with Engine(folder, now=clock) as engine:
        file.write_text(old.replace("mode    live", "mode    draft"))
        assert engine.reload("Ana")
        assert sold(engine, clock, 60_000, 1) == ["allow"]
        file.write_text(old)
        assert engine.reload("Ana")
        assert sold(engine, clock, 61_000, 1) == ["hold"]
        agrees_with_replay(engine)


def test_the_label_budget_is_what_the_settings_say(
    watched: tuple[Path, int], tmp_path: Path
) -> None:
    """From the activation on, for whoever looks and for whoever labels; replay agrees."""
    folder, clock = again(watched, tmp_path)
    toml = folder / "ombud.toml"
    with Engine(folder, now=clock) as engine:
        certifying.begin(engine, "bags", ["Ben"], "Ana")
        drawn(engine)
        assert len(due(engine, "Ben")) == 50
        before = [each["item"] for each in due(engine, "Ben")]
        toml.write_text("label_budget = 12\n" + toml.read_text())
        assert engine.reload("Ana")
        with reading(folder) as reader:
            week = reader.labelling().show(engine.now())["week"]
        assert week == {"labels": 12, "left": 12, "audits": 3, "audits_left": 3}
        waits = due(engine, "Ben")
        assert len(waits) == 12
        last = next(each for each in before if each not in {one["item"] for one in waits})
        with pytest.raises(BadUse, match="U185"):
            certifying.label(engine, last, "yes", "Ben")
        for each in waits:
            certifying.label(engine, each["item"], "unclear", "Ben")
        assert due(engine, "Ben") == []
        agrees_with_replay(engine)


def test_undone_holds_revoke_it(proven: tuple[Path, int], tmp_path: Path) -> None:
    """Where people take back more than a twentieth of what it did, for sure, it is gone at once."""
    folder, clock = again(proven, tmp_path)
    with Engine(folder, now=clock) as engine:
        sold(engine, clock, 60_000, 20)
        made = [row[0] for row in rows(folder, "SELECT id FROM decision ORDER BY leaf")]
        engine.undo("admin", ids=made[:2])
        assert certified(engine)
        engine.undo("admin", ids=made[2:6])
        assert sold(engine, clock, 61_000, 1) == ["allow"]
        agrees_with_replay(engine)
    assert outcomes(folder)[-1] == "overturned"


def test_it_ends_after_90_days(proven: tuple[Path, int], tmp_path: Path) -> None:
    """Without audits that hold it up; the first event after its time is not acted on."""
    folder, clock = again(proven, tmp_path)
    with Engine(folder, now=clock) as engine:
        clock.at += 91 * DAY
        assert sold(engine, clock, 60_000, 1) == ["allow"]
        agrees_with_replay(engine)
    assert outcomes(folder)[-1] == "ended: its time"


# --- killed in between ----------------------------------------------------------------------------


def test_killed_between_the_last_label_and_its_certificate(
    watched: tuple[Path, int], tmp_path: Path
) -> None:
    """The next start grants what the labels in the journal prove, before anything is judged."""
    folder, clock = again(watched, tmp_path)
    with Engine(folder, now=clock) as engine:
        certifying.begin(engine, "bags", ["Ben"], "Ana")
        drawn(engine)
        held = engine.writer.pipeline.community.register
        (sample,) = held.samples.values()
        # in the order of the sample, up to the 88th hit: its label proves the level
        while not (sample.counted.labels == 87 and (item := next(sample.upcoming())).hit):
            item = next(sample.upcoming())
            if item.id not in {each["item"] for each in due(engine, "Ben")}:
                clock.at += WEEK
            certifying.label(engine, item.id, "yes" if item.hit else "no", "Ben")
        clock.at += WEEK
        last_item = next(sample.upcoming()).id
    env = {**os.environ, "OMBUD_FAULT": "committed:1"}
    asked = [sys.executable, "-c", LABEL, str(folder), str(clock.at), last_item, "Ben"]
    done = subprocess.run(asked, check=False, env=env, capture_output=True)
    assert done.returncode == KILLED, done.stderr
    last = rows(folder, "SELECT type FROM journal ORDER BY seq DESC LIMIT 1")
    assert last == [("!label",)]
    clock.at += DAY
    with Engine(folder, now=clock) as engine:
        assert sold(engine, clock, 60_000, 2) == ["hold"] * 2
        agrees_with_replay(engine)
    types = [row[0] for row in rows(folder, "SELECT type FROM journal ORDER BY seq")]
    assert types[types.index("post.created", types.index("!population")) - 1] == "!certificate"


def test_killed_between_the_alarm_and_the_demotion(
    proven: tuple[Path, int], tmp_path: Path
) -> None:
    """The label that raises the alarm is committed and nothing more: the next start takes the
    certificate away before anything is judged, once, and a person is asked to look.
    """
    folder, clock = again(proven, tmp_path)
    with Engine(folder, now=clock) as engine:
        assert sold(engine, clock, 60_000, 30) == ["hold"] * 30
        (found,) = certified(engine)
        drawn_hits = [each.item.id for each in found.open.values() if each.asked]
        certifying.label(engine, drawn_hits[0], "no", "Ben")  # one alone proves nothing
        assert certified(engine)
    env = {**os.environ, "OMBUD_FAULT": "committed:1"}
    asked = [sys.executable, "-c", LABEL.replace('"yes"', '"no"'), str(folder), str(clock.at)]
    done = subprocess.run([*asked, drawn_hits[1], "Ben"], check=False, env=env, capture_output=True)
    assert done.returncode == KILLED, done.stderr
    assert rows(folder, "SELECT type FROM journal ORDER BY seq DESC LIMIT 1") == [("!label",)]
    for at in range(2):
        clock.at += DAY
        with Engine(folder, now=clock) as engine:
            assert sold(engine, clock, 70_000 + at * 1000, 1) == ["allow"]
            agrees_with_replay(engine)
    types = [row[0] for row in rows(folder, "SELECT type FROM journal ORDER BY seq")]
    assert types.count("!demotion") == 1
    assert types[types.index("!demotion") - 1] == "!label"
    assert rows(folder, "SELECT count(*) FROM review_case WHERE reason = 'demoted'") == [(1,)]
    assert rows(folder, "SELECT count(*) FROM decision WHERE undone_by IS NOT NULL") == [(0,)]


def test_killed_between_population_and_seed(watched: tuple[Path, int], tmp_path: Path) -> None:
    """The seed is drawn at the next start, once, and from the population that was journalled."""
    folder, clock = again(watched, tmp_path)
    begin = LABEL.replace(
        'certifying.label(engine, item, "yes", by)', 'certifying.begin(engine, "bags", [by], "Ana")'
    )
    env = {**os.environ, "OMBUD_FAULT": "committed:1"}
    asked = [sys.executable, "-c", begin, str(folder), str(clock.at), "-", "Ben"]
    done = subprocess.run(asked, check=False, env=env, capture_output=True)
    assert done.returncode == KILLED, done.stderr
    for _ in range(2):
        clock.at += DAY
        with Engine(folder, now=clock) as engine:
            drawn(engine)
            assert len(due(engine, "Ben")) == 50
            agrees_with_replay(engine)
    controls = rows(folder, "SELECT type FROM journal WHERE type IN ('!population', '!draw')")
    assert controls == [("!population",), ("!draw",)]
    leaves = outcomes(folder)
    assert leaves == ["population", "drawn"]


def test_a_forged_label_is_seen(proven: tuple[Path, int], tmp_path: Path) -> None:
    """Who changes an answer behind the program's back makes a certificate that does not follow."""
    folder, _ = again(proven, tmp_path)
    seq = rows(folder, 'SELECT min(seq) FROM journal WHERE payload LIKE \'%"said":"yes"%\'')[0][0]
    forged = "UPDATE journal SET payload = replace(payload, '\"yes\"', '\"no\"') WHERE seq = ?"
    change(folder, forged, seq)
    assert (folder / STORE_FILE).exists()
    outcome = check(folder)
    assert outcome.different == 2
    assert "do not prove" in str(outcome.differences)
