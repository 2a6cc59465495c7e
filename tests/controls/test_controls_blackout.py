"""Blacked out: the words can be read nowhere any more, what was decided can, and replay agrees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controls.test_controls_outcome import appeal, settle
from flow.case_desk import DESK_RULES, ask, decide, flag, waiting
from flow.platform_side import CONNECTED, SECOND, Platform, all_holds, connected
from flow.small_community import check, event, rows, rule
from ombud import session
from ombud.app import KEY_FILE
from ombud.config import STORE_FILE
from ombud.errors import BadUse
from ombud.ledger import leaf
from ombud.reading import reading
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

NUMBER = "0901 234 567"
FOUND = (NUMBER, "0901234567", "0.901.234.567")
EXPOSED = rule(
    "exposed",
    'text matches "09[0-9][0-9 -]+"',
    'text "call 0999 888 777"',
    'text "thanks"',
)
RULES = {**DESK_RULES, EXPOSED[0]: EXPOSED[1]}


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community with a rule that matches numbers."""
    with connected(tmp_path, rules=RULES, settings=CONNECTED) as made:
        yield made


def post(number: int, text: str, who: str = "ana") -> dict[str, Any]:
    """A post."""
    return event(number, number, text=text, author={"id": who, "name": who.title()})


def black_out(platform: Platform, record: int, *words: str, **more: Any) -> dict[str, Any]:
    """Somebody has words blacked out."""
    asked = {"record": record, "words": list(words or (NUMBER,)), "by": "mia", **more}
    found: dict[str, Any] = session.perform(platform.engine, "black out", asked)
    return found


def readable(folder: Path) -> bytes:
    """All that can be read in a data folder: every file as it is, and whatever any key opens."""
    files = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    store = Store(folder / STORE_FILE, readonly=True)
    keys = KeyFile(folder / KEY_FILE, readonly=True)
    sealed = [
        *(keys.open_body(*row) for row in rows(folder, "SELECT seq, sealed FROM body")),
        *(
            keys.open_decision(*row)
            for query in (
                "SELECT id, sealed FROM decision",
                "SELECT id, sealed FROM appeal",
                "SELECT message, sealed FROM appeal_message",
                "SELECT note, sealed FROM case_note",
                "SELECT key, sealed FROM proposal",
                "SELECT key, sealed FROM case_subject WHERE key IS NOT NULL",
                "SELECT key, sealed FROM redacted",
            )
            for row in rows(folder, query)
        ),
    ]
    store.close()
    keys.close()
    return b"\n".join([*files, *(each for each in sealed if each is not None)])


def nowhere(platform: Platform) -> None:
    """The words stand in nothing that is kept, the log of the store included."""
    platform.engine.store.forget_log()
    found = readable(platform.folder)
    for words in FOUND:
        assert words.encode() not in found, words


def exposed(platform: Platform) -> tuple[Any, str]:
    """A number in a post that is held, in a reply to it, in notes, appeals and answers."""
    (told, _, _) = platform.stream(
        post(1, f"she lives near the mill, call {NUMBER}"),
        post(2, "is 0.901.234.567 really hers?", "bo"),
        flag(1, "post/e1", "hoa", 3),
    )
    (case,) = waiting(platform, "hold")
    ask(platform, "note", case, text="It is 0901234567, I called.")
    made = appeal(platform, told, text=f"I only said {NUMBER}!")
    request = {"appeal": made, "by": "lou", "text": {"en": f"Why {NUMBER}?"}}
    session.perform(platform.engine, "answer appeal", request)
    return told, made


def test_the_words_are_nowhere_any_more(platform: Platform) -> None:
    """Not in any file, nor in anything that a key still opens; before they were in many."""
    exposed(platform)
    assert readable(platform.folder).count(b"0901") == 5  # post, reason, note, appeal, answer
    sealed = [
        row[0]
        for row in rows(
            platform.folder,
            "SELECT sealed FROM body WHERE seq IN (2, 3) UNION ALL SELECT sealed FROM appeal"
            " UNION ALL SELECT sealed FROM case_note UNION ALL SELECT sealed FROM appeal_message",
        )
    ]
    assert len(sealed) == 5
    done = black_out(platform, 2)
    assert done == {"record": 2, "records": 2}
    nowhere(platform)
    left = readable(platform.folder)
    assert not any(each in left for each in sealed)
    all_holds(platform)


def test_after_a_restart_they_are_as_gone(tmp_path: Path) -> None:
    """And what stands in their place still opens."""
    with connected(tmp_path, rules=RULES, settings=CONNECTED) as platform:
        told, _ = exposed(platform)
        black_out(platform, 2)
    with connected(tmp_path, rules=RULES, settings=CONNECTED) as platform:
        nowhere(platform)
        (item,) = platform.page(told.statement).items
        assert item.facts
        all_holds(platform)


def test_the_person_is_still_told_what_it_was(platform: Platform) -> None:
    """What was decided, by which clause, with the number black; that and when it was blacked out;
    the appeal still stands, with both sides' words.
    """
    told, made = exposed(platform)
    platform.deliver()
    before = platform.page(told.statement).items[0]
    assert before.blacked_out is None
    assert any("0901" in each for fact in before.facts for each in fact.matched)
    black_out(platform, 2)
    item = platform.page(told.statement).items[0]
    assert (item.what, item.why, item.clause, item.rules) == (
        before.what,
        before.why,
        before.clause,
        before.rules,
    )
    assert "██████" in str(item.facts)
    assert item.blacked_out is not None
    assert item.state == "in force"
    assert item.appeals[0].text == "I only said ██████!"
    assert item.appeals[0].messages[0].said == {"en": "Why ██████?"}
    settle(platform, "uphold", made, by="kim")
    platform.clock[0] += 3601 * SECOND
    assert any("the decision stands" in each["text"] for each in platform.deliver())
    all_holds(platform)


def test_people_still_decide_about_it(platform: Platform) -> None:
    """The case shows the text without the number; it can be removed, and that be reversed."""
    exposed(platform)
    black_out(platform, 2)
    (case,) = waiting(platform, "hold")
    with reading(platform.folder) as reader:
        shown = reader.casebook().case(case, platform.clock[0], "en")
    assert next(each["text"] for each in shown["subjects"]) == (
        "she lives near the mill, call ██████"
    )
    assert shown["notes"] == []
    decided = decide(platform, case, "uphold", "remove", everything=True)["decisions"][0]
    (statement,) = rows(
        platform.folder, "SELECT DISTINCT statement FROM notice WHERE decision = ?", decided
    )[0]
    assert "0901" not in str(platform.page(statement))
    nowhere(platform)
    all_holds(platform)


def test_it_can_be_done_again_with_other_words(platform: Platform) -> None:
    """The copy is made anew without them, and the one before dies; what is not there is refused."""
    exposed(platform)
    black_out(platform, 2)
    old = rows(platform.folder, "SELECT key FROM redacted WHERE name = 'record 2'")[0][0]
    with pytest.raises(BadUse, match="U261"):
        black_out(platform, 2)
    assert black_out(platform, 2, "near the mill")["records"] == 1
    assert not platform.engine.keys.has_decision_key(old)
    assert b"near the mill" not in readable(platform.folder)
    assert len(rows(platform.folder, "SELECT 1 FROM blackout WHERE record = 2")) == 2
    nowhere(platform)
    all_holds(platform)


def test_what_was_erased_takes_the_copy_with_it(platform: Platform) -> None:
    """Of whoever wrote it, and of whoever flagged it."""
    exposed(platform)
    platform.stream(
        {**flag(2, "post/e2", "hoa", 5), "data": {
            **flag(2, "post/e2", "hoa", 5)["data"], "reason": f"mine: {NUMBER}"}}
    )  # fmt: skip
    black_out(platform, 2)
    assert len(rows(platform.folder, "SELECT 1 FROM redacted WHERE name LIKE 'record %'")) == 3
    for who in ("ana", "bo", "hoa"):
        platform.engine.erase("chat", who)
    assert rows(platform.folder, "SELECT name FROM redacted") == []
    left = readable(platform.folder)
    assert "██".encode() not in left
    all_holds(platform)


def test_who_did_it_and_when_is_journalled_and_the_words_are_not(platform: Platform) -> None:
    """By a token; a line of the public log says that it was done, and no more."""
    exposed(platform)
    black_out(platform, 2)
    ((payload,),) = rows(platform.folder, "SELECT payload FROM journal WHERE type = '!erasure'")
    assert "mia" not in payload
    assert "0901" not in payload
    assert '"blackout":[2,3]' in payload
    entries = [bytes(row[0]) for row in rows(platform.folder, "SELECT entry FROM leaf")]
    found = [leaf.parse_leaf(each) for each in entries]
    assert [each.outcome for each in found if each.type == "erasure"] == ["blackout"]
    ((person,),) = rows(platform.folder, "SELECT DISTINCT person FROM blackout")
    assert person != 0


def test_what_everybody_writes_cannot_be_blacked_out(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too many records: refused, and nothing is changed. Short words count in one record alone."""
    monkeypatch.setattr("ombud.controls.blackout.FOUND_MAX", 3)
    platform.stream(*(post(n, "everybody says so", f"person{n}") for n in range(5)))
    before = rows(platform.folder, "SELECT max(seq) FROM journal")
    with pytest.raises(BadUse, match="U262"):
        black_out(platform, 2, "everybody")
    assert rows(platform.folder, "SELECT max(seq) FROM journal") == before
    assert black_out(platform, 2, "says")["records"] == 1
    with reading(platform.folder) as reader:
        assert reader.store.one("blackouts_of_record", (3,)) is None


def test_nobody_blacks_out_what_is_not_there(platform: Platform) -> None:
    """No record, a control, no words, other words: refused by their code."""
    exposed(platform)
    for record in (0, 1, 99, -1, 1 << 80):
        with pytest.raises(BadUse, match="U261"):
            black_out(platform, record)
    with pytest.raises(BadUse, match="U261"):
        black_out(platform, 2, "0901 234 568")
    with pytest.raises(BadUse, match="U260"):
        black_out(platform, 2, "a")
    assert check(platform.folder).different == 0


def test_what_comes_again_is_known_and_not_kept(platform: Platform) -> None:
    """The same event sent once more brings nothing back."""
    exposed(platform)
    black_out(platform, 2)
    before = rows(platform.folder, "SELECT count(*) FROM body")
    platform.stream(post(1, f"she lives near the mill, call {NUMBER}"))
    assert rows(platform.folder, "SELECT count(*) FROM body") == before
    nowhere(platform)
