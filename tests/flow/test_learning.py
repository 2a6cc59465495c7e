"""A community learns from its own decisions, rules ask what it learned, the past stays provable."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from flow.learning_community import CLAUSE, RULE, community, labels, lines, posts
from flow.small_community import NOW, agrees_with_replay, check, event, hold_together, line, rows
from ombud import model_folder
from ombud.app import Engine
from ombud.cli import main
from ombud.errors import BadRules
from ombud.learn import run, shown

SAID = posts()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community that has posted, learned, activated what it learned, and posted on."""
    made = community(tmp_path_factory.mktemp("learning"), RULE)
    file = labels(made / "labels.ndjson", SAID)
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(lines(SAID))])
        found = run.learn(made, CLAUSE, file)  # beside the running engine
        assert found.model is not None
        assert engine.reload()
        engine.ingest([b"".join(lines(posts(40, seed=6, first=1000)))])
    return made


def held(folder: Path) -> set[int]:
    """The records that decisions are about."""
    return {row[0] for row in rows(folder, "SELECT about FROM decision")}


def test_what_was_learned_is_asked_from_the_reload_on(folder: Path) -> None:
    """Before there was a model the rule was unknown; afterwards it holds the bad and not the rest.

    What the model says right of posts it has not seen is most of both kinds.
    """
    hold_together(folder)
    found = rows(
        folder, "SELECT seq, config, hits FROM journal WHERE type NOT LIKE '!%' ORDER BY seq"
    )
    before = [row for row in found if row[1] == found[0][1]]
    after = [row for row in found if row[1] != found[0][1]]
    assert (len(before), len(after)) == (len(SAID), 40)
    hits = held(folder)
    assert hits.isdisjoint(row[0] for row in before)
    bad = {row[0] for number, row in enumerate(after) if number % 2 == 0}
    good = {row[0] for row in after} - bad
    assert len(hits & bad) >= 17
    assert len(hits & good) <= 2


def test_the_past_is_judged_by_the_model_of_then(folder: Path) -> None:
    """Replay comes out the same before and after a restart, though the folder has another model."""
    assert check(folder).different == 0
    assert check(folder).from_facts == 0
    with Engine(folder, now=lambda: NOW) as engine:  # a restart
        run_of_it = agrees_with_replay(engine)
        assert run_of_it.outcome.from_facts == 0
    (record,) = rows(
        folder, "SELECT payload FROM journal WHERE type = '!config' ORDER BY seq DESC LIMIT 1"
    )
    trained = json.loads(record[0])["manifest"]["models"]
    assert trained == {CLAUSE: shown.shown(folder, CLAUSE)["model"]}


def test_rules_that_ask_no_model_have_none_in_their_manifest(tmp_path: Path) -> None:
    """A community that reads no model is not touched by one that lies in its folder."""
    made = community(tmp_path)
    with Engine(made, now=lambda: NOW) as engine:
        place = model_folder.FOLDER
        (made / place / CLAUSE).mkdir(parents=True)
        (made / place / CLAUSE / model_folder.MODEL).write_bytes(b"garbage")
        assert not engine.reload()
        manifest = engine.writer.pipeline.community.active.manifest
    assert "models" not in manifest
    assert "learned" not in manifest["program"]


def test_the_same_decisions_give_the_same_model(folder: Path) -> None:
    """Learning again changes nothing, so nothing is activated anew."""
    before = shown.shown(folder, CLAUSE)["model"]
    again = run.learn(folder, CLAUSE, folder / "labels.ndjson")
    assert (again.before, again.model) == (before, before)


def test_another_model_is_another_version_of_the_rule(tmp_path: Path) -> None:
    """What was bound to the rule's version ends with the model that it asked: it is approved and
    watched anew.
    """
    made = community(tmp_path, RULE)
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(lines(SAID))])
        versions = [engine.writer.pipeline.community.active.versions[0]]
        for part in (SAID, SAID[:-30]):
            found = run.learn(made, CLAUSE, labels(made / "labels.ndjson", part))
            assert found.model is not None
            assert engine.reload()
            versions.append(engine.writer.pipeline.community.active.versions[0])
            if len(versions) == 2:
                engine.approve("learned", "Ana")
                engine.approve("learned", "Bao")
                standing = engine.writer.pipeline.community.active.standing["learned"]
                assert len(standing.approved) == 2
        assert engine.writer.pipeline.community.active.standing["learned"].approved == ()
        agrees_with_replay(engine)
    assert len(set(versions)) == 3


def test_an_erasure_takes_a_model_out_of_the_store_once_it_is_replaced(tmp_path: Path) -> None:
    """As long as rules ask it, it stays, and its card says that somebody was erased; once it is
    trained anew nothing of it is left in the store, and its past is judged from facts.
    """
    made = community(tmp_path, RULE)
    file = labels(made / "labels.ndjson", SAID)
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(lines(SAID))])
        first = run.learn(made, CLAUSE, file)
        engine.reload()
        engine.ingest([b"".join(lines(posts(20, seed=7, first=2000)))])
        engine.erase("chat", "p3")
        assert shown.listed(made)[0]["erased_since"]
        kept = "SELECT count(*) FROM content WHERE digest = ?"
        assert rows(made, kept, first.model) == [(1,)]
        assert check(made).different == 0
        second = run.learn(made, CLAUSE, file)
        assert second.model != first.model
        assert second.have == {"breaks": 120, "does_not": 119}
        assert second.left_out["without_text"] == 1
        assert not shown.listed(made)[0]["erased_since"]
        engine.reload()
        engine.ingest([b"".join(lines(posts(20, seed=8, first=3000)))])
        assert rows(made, kept, first.model) == [(0,)]
        assert rows(made, kept, second.model) == [(1,)]
    found = check(made)
    assert (found.different, found.not_recomputable) == (0, 0)
    assert found.from_facts >= 20  # those that the first model judged


def test_a_model_out_of_force_goes_with_the_erasure_itself(tmp_path: Path) -> None:
    """A model that was replaced before anybody was erased goes when somebody is."""
    made = community(tmp_path, RULE)
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(lines(SAID))])
        trained = []
        for part in (SAID, SAID[:-30]):
            trained.append(run.learn(made, CLAUSE, labels(made / "labels.ndjson", part)).model)
            engine.reload()
        query = "SELECT digest FROM content"
        assert set(trained) <= {row[0] for row in rows(made, query)}
        engine.erase("chat", "p3")
        left = {row[0] for row in rows(made, query)}
        assert (trained[0] in left, trained[1] in left) == (False, True)
    assert check(made).different == 0


def test_garbage_in_place_of_a_model_changes_nothing(tmp_path: Path) -> None:
    """What runs stays as it is, whoever starts anew is told what is wrong and what to do."""
    made = community(tmp_path, RULE)
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(lines(SAID))])
        run.learn(made, CLAUSE, labels(made / "labels.ndjson", SAID))
        engine.reload()
        active = engine.writer.pipeline.community.active.digest
        (made / model_folder.FOLDER / CLAUSE / model_folder.MODEL).write_bytes(b"garbage")
        with pytest.raises(BadRules):
            engine.reload()
        assert engine.writer.pipeline.community.active.digest == active
        answer = engine.submit([line(event("after", 9_000, author={"id": "x"}, text="a b c"))])[0]
        assert answer.status == "accepted"  # type: ignore[union-attr]
    with pytest.raises(BadRules), Engine(made, now=lambda: NOW):
        pass
    told = CliRunner().invoke(main, ["rules", "check", "--data", str(made)])
    assert told.exit_code == 1
    assert "R146" in told.output
    assert "ombud learn spam.links" in told.output
    assert check(made).different == 0


def test_few_labels_are_not_enough(tmp_path: Path) -> None:
    """Nothing is written; the command says how many of which are missing, and ends with 1."""
    made = community(tmp_path, RULE)
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(lines(SAID[:90]))])
    file = labels(made / "labels.ndjson", SAID[:90])
    words = ["learn", CLAUSE, "--labels", str(file), "--data", str(made)]
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 1
    assert "90 labels after all that is left out (45 that broke the clause" in told.output
    found = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    assert (found["model"], found["missing"]) == (None, {"breaks": 5, "does_not": 5, "labels": 110})
    assert not (made / model_folder.FOLDER).exists()


def test_another_process_learns_while_the_server_has_the_lock(tmp_path: Path) -> None:
    """The command neither waits for the lock nor holds anything up: events go on meanwhile."""
    made = community(tmp_path, RULE)
    file = labels(made / "labels.ndjson", SAID)
    words = ["-m", "ombud.cli", "learn", CLAUSE, "--labels", file, "--data", made, "--json"]
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(lines(SAID))])
        with subprocess.Popen(
            [sys.executable, *map(str, words)], stdout=subprocess.PIPE, text=True
        ) as learning:
            number = 0
            while learning.poll() is None and number < 2000:
                number += 1
                engine.submit([line(event(f"x{number}", 5000 + number, author={"id": "x"}))])
            printed, _ = learning.communicate()
        assert learning.returncode == 0
        assert json.loads(printed)["model"] == run.learn(made, CLAUSE, file).model
        assert number > 1
        assert engine.reload()


def test_no_word_of_a_text_is_in_the_model_or_its_card(folder: Path) -> None:
    """The files hold numbers; of what people wrote nothing can be read in them."""
    place = folder / model_folder.FOLDER / CLAUSE
    content = b"".join(file.read_bytes() for file in place.iterdir())
    for told, _ in SAID[:50]:
        longest = max(told["data"]["text"].split(), key=len)
        assert longest.encode() not in content
        assert told["data"]["author"]["id"].encode() + b'"' not in content
