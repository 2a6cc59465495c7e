"""What people do for a certificate: who may, what a control carries, what the log says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flow.certified_community import Clock, drawn, due, grown
from flow.small_community import DAY, rows
from ombud import certifying, staffing
from ombud.app import Engine
from ombud.controls import labels
from ombud.controls.population import Population
from ombud.errors import BadUse


@pytest.fixture(scope="module")
def grown_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A community with hits enough."""
    folder = tmp_path_factory.mktemp("grown")
    return folder, grown(folder, 6).at


@pytest.fixture
def community(grown_once: tuple[Path, int], tmp_path: Path) -> tuple[Path, Clock]:
    """A copy of it."""
    import shutil

    folder = tmp_path / "data"
    shutil.copytree(grown_once[0], folder)
    return folder, Clock(grown_once[1])


def payload(folder: Path, control: str) -> dict[str, Any]:
    """What the last control of a type carries."""
    query = "SELECT payload FROM journal WHERE type = ? ORDER BY seq DESC LIMIT 1"
    found: dict[str, Any] = json.loads(rows(folder, query, "!" + control)[0][0])
    return found


def test_no_name_and_no_text_stands_in_a_control(community: tuple[Path, Clock]) -> None:
    """People are tokens; hits are records; of a seed there is one, of 32 bytes."""
    folder, clock = community
    with Engine(folder, now=clock) as engine:
        certifying.begin(engine, "bags", ["Ben", "Cy"], "Ana")
        drawn(engine)
        certifying.label(engine, due(engine, "Ben")[0]["item"], "yes", "Ben")
    begun, seed, label = (payload(folder, each) for each in ("population", "draw", "label"))
    assert len(begun["hits"]) == 120
    assert (begun["level"], begun["wanted"], len(begun["labellers"])) == (950, 2, 2)
    assert len(bytes.fromhex(seed["seed"])) == 32
    assert set(label) == {"by", "item", "said"}
    assert label["by"] in begun["labellers"]
    assert all(isinstance(each, int) for each in begun["labellers"])
    whole = json.dumps([begun, seed, label])
    assert not [name for name in ("Ben", "ben", "cy", "ana", "cheap") if name in whole]


def test_the_seed_comes_after_the_population(community: tuple[Path, Clock]) -> None:
    """In the journal and in the public log, so that who drew can be held to what was there."""
    folder, clock = community
    with Engine(folder, now=clock) as engine:
        certifying.begin(engine, "bags", ["Ben"], "Ana")
        drawn(engine)
    types = rows(folder, "SELECT seq, type FROM journal WHERE type IN ('!population', '!draw')")
    assert [type_ for _, type_ in types] == ["!population", "!draw"]
    seqs = [row[0] for row in rows(folder, "SELECT seq FROM leaf ORDER BY position")]
    assert seqs[-2:] == [seq for seq, _ in types]
    entry = json.loads(rows(folder, "SELECT entry FROM leaf ORDER BY position DESC LIMIT 1")[0][0])
    assert (entry["type"], entry["outcome"], entry["rule"]) == ("certificate", "drawn", "bags")
    assert set(entry) == {
        *("clause", "commitment", "day", "id", "outcome", "rule", "type", "version"),
    }


def test_two_starts_draw_from_different_seeds(community: tuple[Path, Clock]) -> None:
    """Nobody can foretell what will be drawn."""
    folder, clock = community
    seeds = set()
    for place in range(2):
        import shutil

        copy = folder.parent / f"copy{place}"
        shutil.copytree(folder, copy)
        with Engine(copy, now=clock) as engine:
            certifying.begin(engine, "bags", ["Ben"], "Ana")
            drawn(engine)
        seeds.add(payload(copy, "draw")["seed"])
    assert len(seeds) == 2


def test_a_population_of_another_version_is_refused(community: tuple[Path, Clock]) -> None:
    """The rule was changed while its hits were read: U084, and nothing is journalled."""
    folder, clock = community
    with Engine(folder, now=clock) as engine:
        old = Population("bags", "0" * 64, 1, ())
        with pytest.raises(BadUse, match="U084"):
            engine.control(labels.asked("bags", ["Ben"], "Ana", None, old))
        with pytest.raises(BadUse, match="U080"):
            engine.control(labels.asked("none", ["Ben"], "Ana", None, old))
    assert rows(folder, "SELECT count(*) FROM journal WHERE type = '!population'") == [(0,)]


def test_a_refused_label_costs_no_rebuilding(community: tuple[Path, Clock]) -> None:
    """The memory is the one from before, and right: what comes after is judged by it."""
    folder, clock = community
    with Engine(folder, now=clock) as engine:
        certifying.begin(engine, "bags", ["Ben"], "Ana")
        drawn(engine)
        before = engine.writer.pipeline
        with pytest.raises(BadUse, match="U185"):
            certifying.label(engine, "itm_none", "yes", "Ben")
        with pytest.raises(BadUse, match="U187"):
            certifying.label(engine, "itm_none", "perhaps", "Ben")
        with pytest.raises(BadUse, match="U186"):
            certifying.stop(engine, "other", "Ana")
        assert engine.writer.pipeline is before
        with pytest.raises(BadUse, match="U080"):  # of others that is not known
            engine.approve("no-such-rule", "Ana")
        engine.set_state("duty", begins=True)  # once the memory was built anew
        assert engine.writer.pipeline is not before
        assert len(due(engine, "Ben")) == 50


def test_an_author_labels_only_where_nobody_else_could(community: tuple[Path, Clock]) -> None:
    """Of two people the other one does; who may decide no cases, or none any more, is nobody."""
    folder, clock = community
    with Engine(folder, now=clock) as engine:
        staffing.change(engine, "added", "Ada", "admin", roles=["admin", "auditor"])
        staffing.change(engine, "added", "Ana", "admin", roles=["author", "reviewer"])
        staffing.change(engine, "added", "Ben", "admin", roles=["reviewer"])
        with pytest.raises(BadUse, match="U443"):
            certifying.begin(engine, "bags", ["Ana"], "Ana")
        certifying.begin(engine, "bags", ["Ben", "Ana"], "Ana")
        begun = payload(folder, "population")
        assert (begun["wanted"], len(begun["labellers"])) == (1, 1)
        certifying.stop(engine, "bags", "Ana")
        staffing.change(engine, "suspended", "Ben", "admin")
        certifying.begin(engine, "bags", ["Ana"], "Ana")
        assert payload(folder, "population")["wanted"] == 1


def test_more_people_may_take_over_what_is_audited(community: tuple[Path, Clock]) -> None:
    """Naming people for a rule that has its certificate changes who labels, and nothing else; as
    many are needed as before.
    """
    from flow.certified_community import certified, earned

    folder, clock = community
    with Engine(folder, now=clock) as engine:
        earned(engine, clock, ("Ben", "Cy"))
        with pytest.raises(BadUse, match="U184"):
            certifying.begin(engine, "bags", ["Ben"], "Ana")
        certifying.begin(engine, "bags", ["Dan", "Eva", "Flo"], "Ana")
        (held,) = certified(engine)
        assert (len(held.labellers), held.wanted) == (3, 2)
        assert payload(folder, "population")["hits"] == []
        clock.at += DAY


def test_levels_are_told_in_percent() -> None:
    """As people write them."""
    assert [labels.percent(each) for each in (950, 980, 995)] == ["95", "98", "99.5"]


def test_where_there_is_a_staff_it_is_they_who_label(community: tuple[Path, Clock]) -> None:
    """Who may write rules begins and stops; labellers are people who are there, not names."""
    folder, clock = community
    with Engine(folder, now=clock) as engine:
        for name, roles in (
            ("Ada", ["admin"]),
            ("Ana", ["author"]),
            ("Rev", ["reviewer"]),
            ("Ben", ["reviewer"]),
        ):
            staffing.change(engine, "added", name, "admin", roles=roles)
        staffing.change(engine, "added", "Sus", "admin", roles=["reviewer"])
        staffing.change(engine, "suspended", "Sus", "admin")
        for by, labellers, code in (
            ("Ada", ["Ben"], "U201"),
            ("Rev", ["Ben"], "U201"),
            ("Nobody", ["Ben"], "U200"),
            ("Ana", ["Ben", "Puppet"], "U200"),
            ("Ana", ["Ben", "Sus"], "U183"),
            ("Ana", ["Ana"], "U443"),
            ("Ana", ["Ana", "Ben"], "U443"),
        ):
            with pytest.raises(BadUse, match=code):
                certifying.begin(engine, "bags", labellers, by)
        certifying.begin(engine, "bags", ["Ben", "Rev"], "Ana")
        drawn(engine)
        with pytest.raises(BadUse, match="U201"):
            certifying.stop(engine, "bags", "Ben")
        item = due(engine, "Ben")[0]["item"]
        for change in ("suspended", "restored"):
            staffing.change(engine, change, "Ben", "admin")
            if change == "suspended":
                with pytest.raises(BadUse, match="U185"):
                    certifying.label(engine, item, "yes", "Ben")
        certifying.label(engine, item, "yes", "Ben")
        staffing.change(engine, "removed", "Rev", "admin")
        with pytest.raises(BadUse, match="U185"):
            certifying.label(engine, item, "yes", "Rev")
        certifying.stop(engine, "bags", "Ana")
