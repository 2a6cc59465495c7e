"""One case as pages show it: bounded, with its context, and named by what somebody has seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, ask, bags, copies, decide, flag, shoes, waiting
from flow.platform_side import SECOND, Platform, connected
from flow.small_community import event, rows, rule
from ombud.casefile import SHOWN, Casefile, Focus
from ombud.clock import DAY
from ombud.reading import reading
from ombud.verdicts.past import Known


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


@contextmanager
def file(platform: Platform, known: Known | None = None) -> Iterator[Casefile]:
    """Its cases, with something known of everybody, or nothing."""
    with reading(platform.folder) as reader:
        yield Casefile(reader.casebook(), lambda timeline, account: known)  # noqa: ARG005


def opened(platform: Platform, case: str, **more: Any) -> dict[str, Any]:
    """A case as it is shown."""
    known = more.pop("known", None)
    with file(platform, known) as found:
        return found.opened(found.case(case), platform.clock[0], "en", **more)


def test_what_is_known_of_somebody_is_told_in_words_only(platform: Platform) -> None:
    """Whole days and accepted posts; nothing where nothing is known."""
    platform.stream(bags(1))
    (case,) = waiting(platform)
    now = platform.clock[0]
    told = opened(platform, case, known=Known(now - 3 * DAY - SECOND, now, 7))["subject"]
    assert (told["member"]["days"], told["member"]["accepted"]) == (3, 7)
    assert opened(platform, case)["subject"]["member"] is None


def test_an_edit_is_shown_with_what_stood_there_before(tmp_path: Path) -> None:
    """What it says now, and what it said."""
    edits = rule("edits", 'text contains "shoes"', 'text "shoes"', 'text "a"', kinds="edit")
    with connected(tmp_path, rules=dict([edits])) as platform:
        said: dict[str, Any] = {"author": {"id": "ana"}, "text": "shoes", "before": {"text": "hi"}}
        platform.stream(event(2, 5, type="post.edited", **said))
        (case,) = waiting(platform)
        shown = opened(platform, case)["subject"]
        assert (shown["text"], shown["context"]["before"]) == ("shoes", "hi")


def test_an_answer_is_shown_with_what_it_answers(platform: Platform) -> None:
    """Where that is known; else what it is called."""
    platform.stream(event("first", 0, text="Who has boots?", author={"id": "kim", "name": "Kim"}))
    reply = event(3, 9, text="cheap shoes", author={"id": "bo"}, in_reply_to={"id": "efirst"})
    away = event(4, 9, text="cheap shoes", author={"id": "cy"}, in_reply_to={"id": "elsewhere"})
    platform.stream(reply, away)
    first, second = (opened(platform, each)["subject"]["context"] for each in waiting(platform))
    assert first["answers"]["text"] == "Who has boots?"
    assert first["answers"]["name"] == "Kim"
    assert second["answers"] == {
        "subject": "elsewhere", "account": None, "name": None, "text": None,
    }  # fmt: skip


def test_a_decision_is_about_what_was_shown(platform: Platform) -> None:
    """All that are alike up to the last one that was there; or the one record that is named."""
    platform.stream(*copies(5), *copies(1, 5, in_reply_to={"id": "x"}))
    (case,) = waiting(platform)
    shown = opened(platform, case)
    assert shown["focus"].bulk
    assert len(shown["focus"].records) == 5
    upto = shown["focus"].records[-1]
    platform.stream(*copies(2, 6))
    with file(platform) as found:
        bare = found.case(case)
        assert found.records(bare, None, upto) == list(shown["focus"].records)
        assert len(found.records(bare, None, upto + 99)) == 7
        (alone,) = (each["record"] for each in shown["others"] if each["apart"])
        assert found.records(bare, alone, 0) == [alone]
        assert found.records(bare, 99_999, 0) == []


def test_what_is_apart_comes_when_all_alike_is_judged(platform: Platform) -> None:
    """One by one, the earliest first; and what is judged is still shown, and decided no more."""
    platform.stream(*copies(4), *copies(2, 4, in_reply_to={"id": "x"}))
    (case,) = waiting(platform)
    decide(platform, case, "uphold", "remove", everything=True)
    shown = opened(platform, case)
    assert shown["focus"] == Focus((shown["subject"]["record"],))
    assert shown["subject"]["apart"] == "reply"
    judged = next(each["record"] for each in shown["others"] if each["judged"])
    assert opened(platform, case, record=judged)["offers"] == []


def test_a_page_is_bounded(platform: Platform) -> None:
    """So many records at a time, each once."""
    platform.stream(*copies(2 * SHOWN + 10))
    (case,) = waiting(platform)
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        shown = opened(platform, case, after=after)
        seen += [each["record"] for each in shown["others"]]
        assert len(shown["others"]) <= SHOWN
        after = shown["others_after"]
    assert len(seen) == len(set(seen)) == 2 * SHOWN + 9


def test_only_whoever_decided_can_take_it_back_and_not_for_long(platform: Platform) -> None:
    """Ten seconds, and nobody else."""
    platform.stream(shoes(1))
    (case,) = waiting(platform)
    decide(platform, case, "release", by="mia")
    ask(platform, "note", case, by="lou", text="seen")
    now = platform.engine.writer.pipeline.recv
    with file(platform) as found:
        mia, lou = (found.book.keys.known_account("\0staff", each) for each in ("mia", "lou"))
        assert mia is not None
        assert lou is not None
        assert found.undoable(case, mia, now)
        assert found.undoable(case, lou, now) is None
        assert found.undoable(case, mia, now + 11 * SECOND) is None
        assert found.undoable("cas_none", mia, now) is None
    ask(platform, "undo", case, by="mia")
    with file(platform) as found:
        assert found.undoable(case, mia, now) is None


def test_of_a_flag_it_is_told_what_came_of_earlier_ones(platform: Platform) -> None:
    """Judged and answered ones of the same person alone, without a name; an undone judgement counts
    no more, and nothing is told where there is none.
    """
    platform.stream(*(event(n, text="Good morning.", author={"id": "ana"}) for n in range(4)))

    def flagged(number: int, by: str, outcome: str = "") -> dict[str, Any]:
        platform.stream(flag(number, f"e{number}", by, 10 + number))
        (case,) = waiting(platform)
        shown: dict[str, Any] = opened(platform, case)["subject"]["context"]
        if outcome:
            acts = ["remove"] if outcome == "uphold" else []
            decide(platform, case, outcome, *acts)
        return shown

    assert flagged(0, "kim", "uphold")["track"] is None
    assert flagged(1, "kim", "release")["track"] == {"judged": 1, "led": 1}
    assert flagged(2, "lou", "release")["track"] is None
    shown = flagged(3, "kim")
    assert shown["track"] == {"judged": 2, "led": 1}
    assert "kim" not in repr(shown)
    (case,) = rows(platform.folder, "SELECT id FROM review ORDER BY seq")[1]
    ask(platform, "undo", case)
    shown = opened(platform, waiting(platform)[-1])["subject"]["context"]
    assert shown["track"] == {"judged": 1, "led": 1}
