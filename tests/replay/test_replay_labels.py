"""Labels: where they come from, what fits a record, and that nothing of a file is told again."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, ask, bags, decide, shoes, waiting
from flow.platform_side import connected
from flow.small_community import NOW, change, event, line, prepare, rows
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.errors import BadData, BadEvent, BadUse
from ombud.replay import labels
from ombud.replay.labels import Label, Labels, gathered
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four posts, three of them held, one of those undone by a person."""
    made = prepare(tmp_path_factory.mktemp("labelled"))
    with Engine(made, now=lambda: NOW) as engine:
        texts = ("cheap bags", "hello", "cheap bags", "cheap bags")
        answers = engine.submit([line(event(n, n, text=text)) for n, text in enumerate(texts)])
        engine.undo("admin", ids=[answers[2].decisions[0]])  # type: ignore[union-attr]
    return made


def label(number: int | str, *, breaks: object, **more: object) -> dict[str, Any]:
    """A line of a label file about an event of `small_community.event`."""
    return {
        "source": "chat/hall",
        "id": f"e{number}",
        "clause": "spam.links",
        "breaks": breaks,
        **more,
    }


def written(place: Path, *told: object) -> Path:
    """A label file."""
    text = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in told)
    file = place / "labels.ndjson"
    file.write_text(text)
    return file


@pytest.fixture
def read(folder: Path) -> Iterator[Any]:
    """Reads labels of the community and a file."""
    store, keys = (
        Store(folder / STORE_FILE, readonly=True),
        KeyFile(folder / KEY_FILE, readonly=True),
    )
    yield lambda file=None, clauses=None: gathered(store, keys.community, file, clauses)
    store.close()
    keys.close()


def test_what_a_person_undid_was_wrong(read: Any) -> None:
    """An undone decision is a label that says no, under its clause."""
    found = read()
    assert found.by_record == {4: {"spam.links": False}}
    assert (found.undone, found.reviewed) == (1, 0)


def test_what_a_person_decided_breaks_its_clause(folder: Path, tmp_path: Path) -> None:
    """A decision that is neither a rule's nor undone is a label that says yes. Nobody decides in
    this version, so the store is made to say so.
    """
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    change(copy, "UPDATE decision SET by_role = 'reviewer'")
    store, keys = Store(copy / STORE_FILE, readonly=True), KeyFile(copy / KEY_FILE, readonly=True)
    try:
        found = gathered(store, keys.community, None)
    finally:
        store.close()
        keys.close()
    held = {row[0] for row in rows(copy, "SELECT about FROM decision WHERE undone_by IS NULL")}
    assert held == {2, 5}
    assert found.by_record == {4: {"spam.links": False}} | {
        seq: {"spam.links": True} for seq in held
    }
    assert (found.decided, found.undone, found.contradictory) == (2, 1, 0)


def test_where_labels_contradict_is_told_by_clause(read: Any, tmp_path: Path) -> None:
    """Which records under which clause are unclear, so that nothing is learned from them."""
    other = label(2, breaks=True, clause="spam.repeats")
    found = read(written(tmp_path, label(2, breaks=True), other))
    assert found.unclear == {(4, "spam.links")}


def test_what_ended_by_itself_says_nothing(tmp_path: Path) -> None:
    """A hold whose time is over was not undone by anybody."""
    made, clock = prepare(tmp_path), [NOW]
    with Engine(made, now=lambda: clock[0]) as engine:
        engine.submit([line(event(1, text="cheap bags"))])
        clock[0] += 2 * 86_400_000_000
        engine.submit([line(event(2, 2 * 86400))])
    assert rows(made, "SELECT count(*) FROM decision WHERE ended IS NOT NULL") == [(1,)]
    store, keys = Store(made / STORE_FILE, readonly=True), KeyFile(made / KEY_FILE, readonly=True)
    assert gathered(store, keys.community, None).by_record == {}
    store.close()
    keys.close()


def test_a_file_is_matched_by_source_and_id(read: Any, tmp_path: Path) -> None:
    """A label fits its record, under its own clause; one that fits none is counted."""
    file = written(
        tmp_path,
        label(0, breaks=True),
        label(1, breaks=False, clause="flood.burst"),
        label(99, breaks=True),
        label(0, breaks=True, source="chat/yard"),
    )
    found = read(file)
    assert found.by_record == {
        2: {"spam.links": True},
        3: {"flood.burst": False},
        4: {"spam.links": False},
    }
    assert (found.reviewed, found.not_in_the_past, found.contradictory) == (2, 2, 0)


def test_what_is_contradicted_counts_as_wrong(read: Any, tmp_path: Path) -> None:
    """Unclear is wrong, in whatever order two labels come, an undoing included."""
    for first, second in ((True, False), (False, True)):
        found = read(written(tmp_path, label(0, breaks=first), label(0, breaks=second)))
        assert found.by_record[2] == {"spam.links": False}
        assert found.contradictory == 1
    found = read(written(tmp_path, label(2, breaks=True)))
    assert found.by_record[4] == {"spam.links": False}
    assert found.contradictory == 1


def test_three_that_disagree_stay_wrong() -> None:
    """A third label does not bring back what two have made unclear."""
    found = Labels()
    found.take([Label(1, "a", True), Label(1, "a", False), Label(1, "a", True)])
    assert found.by_record == {1: {"a": False}}


def test_a_compressed_file_is_read(read: Any, tmp_path: Path) -> None:
    """Files of labels are read as files of events are."""
    file = tmp_path / "labels.ndjson.gz"
    file.write_bytes(gzip.compress(json.dumps(label(0, breaks=True)).encode()))
    assert read(file).reviewed == 1


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        json.dumps({"source": "a", "id": "\ud800", "clause": "c", "breaks": True}) + "x",
        label(0, breaks="yes"),
        label(0, breaks=True, note="see Ana"),
        label(0, breaks=True, id=""),
        label(0, breaks=True, source="x" * 501),
        {"source": "a", "id": "b"},
        "[" * 100_000,
    ],
)
def test_a_line_that_is_none_stops_it(read: Any, tmp_path: Path, bad: object) -> None:
    """It is named by its number, without its content."""
    with pytest.raises(BadUse) as caught:
        read(written(tmp_path, label(0, breaks=True), "", bad))
    assert caught.value.code == "U064"
    assert caught.value.where == "line 3"
    assert "Ana" not in caught.value.message


def test_half_a_character_fits_no_record(read: Any, tmp_path: Path) -> None:
    """An id that no encoding can hold is told as a bad line, or fits nothing; it never crashes."""
    file = written(tmp_path, json.dumps(label("\ud800", breaks=True)))
    with pytest.raises(BadUse, match="U064"):
        read(file)


def test_no_more_than_the_limit_is_read(
    read: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file beyond the bound is refused, not cut."""
    monkeypatch.setattr(labels, "LABELS_MAX", 1)
    assert read(written(tmp_path, label(0, breaks=True))).reviewed == 1
    with pytest.raises(BadUse, match="U064"):
        read(written(tmp_path, label(0, breaks=True), label(1, breaks=True)))


def test_a_clause_that_nobody_has_is_told(read: Any, tmp_path: Path) -> None:
    """With the line and the clause that was meant; what the file says is not told again."""
    known = ("spam.links", "flood.burst")
    for clause, hint in (("spam.linkz", 'Did you mean "spam.links"?'), ("ana", "Policies have:")):
        bad = {**label(1, breaks=True), "clause": clause}
        with pytest.raises(BadUse) as caught:
            read(written(tmp_path, label(0, breaks=True), bad), known)
        error = caught.value
        assert (error.code, error.where) == ("U086", "line 2")
        assert hint in error.hint
        assert clause not in f"{error.message} {error.hint}".replace('"spam.links"', "")
    assert read(written(tmp_path, label(0, breaks=True)), known).reviewed == 1


def test_a_file_that_is_not_there(read: Any, tmp_path: Path) -> None:
    """Said before anything is run."""
    with pytest.raises(BadUse, match="U002"):
        read(tmp_path / "none")
    broken = tmp_path / "labels.gz"
    broken.write_bytes(gzip.compress(b"x" * 1000)[:-9])
    with pytest.raises((BadUse, BadEvent)):
        read(broken)


def test_a_checked_post_is_found_by_its_publication(tmp_path: Path) -> None:
    """A label by the stream's id is about the check it published, or about what was changed."""
    with connected(tmp_path) as platform:
        platform.check(event("same", text="cheap bags"))
        platform.stream(event("same", text="cheap bags"))
        platform.check(event("other", text="hello"))
        platform.stream(event("other", text="cheap bags"))
        store, keys = platform.engine.store, platform.engine.keys
        file = written(tmp_path, label("same", breaks=True), label("other", breaks=True))
        found = gathered(store, keys.community, file)
    kinds = rows(platform.folder, "SELECT seq, via FROM journal WHERE kind IS NOT NULL")
    via = dict(kinds)
    assert sorted(via[seq] for seq in found.by_record) == ["check", "publication"]


def test_a_file_of_labels_that_is_too_long_is_refused_for_its_size(
    read: Any, tmp_path: Path
) -> None:
    """Gigabytes of nothing are not read to their end to find that out."""
    sparse = tmp_path / "labels"
    with sparse.open("wb") as file:
        file.truncate(1 << 33)
    with pytest.raises(BadData, match=rf"D005 .* at most {512 << 20} are read"):
        read(sparse)


def test_judgements_of_cases_are_labels(tmp_path: Path) -> None:
    """Upheld broke the clause, released did not; undone, or undone later, it says nothing more."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(bags(1), shoes(2, "bo"), shoes(3, "cy"))
        first, second, third = waiting(platform)
        store, key = platform.engine.store, platform.engine.keys.community
        decide(platform, first, "uphold", "remove")
        decide(platform, second, "uphold", "remove")
        decide(platform, third, "release")
        ask(platform, "undo", third)
        found = labels.gathered(store, key, None)
        assert (found.judged, found.decided, found.undone, found.contradictory) == (2, 0, 0, 0)
        assert all(said == {"spam.links": True} for said in found.by_record.values())
        made = "SELECT id FROM decision WHERE by_role = 'reviewer' ORDER BY leaf"
        (_, again) = rows(tmp_path, made)
        platform.engine.undo("admin", ids=list(again))
        decide(platform, third, "release")
        found = labels.gathered(store, key, None)
        assert (found.judged, found.undone, found.contradictory) == (2, 1, 0)
        breaks = [said["spam.links"] for _, said in sorted(found.by_record.items())]
        assert sorted(breaks) == [False, False, True]
