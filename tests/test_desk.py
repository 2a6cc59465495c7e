"""Claims, snoozes, splits, merges, notes: what people do with cases without judging them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, ask, copies, decide, shoes, waiting
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import DAY, rows
from ombud import desk, session
from ombud.errors import BadUse


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community with three cases by three people."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        made.stream(shoes(1, "ana", 1), shoes(2, "bo", 2), shoes(3, "cy", 3))
        yield made


def refused(code: str, platform: Platform, do: str, case: str = "", **more: object) -> None:
    """A request is refused with this code, and says what to do."""
    with pytest.raises(BadUse, match=code) as caught:
        ask(platform, do, case, **more)  # type: ignore[arg-type]
    assert caught.value.hint


def test_the_next_case_is_the_first_that_nobody_has(platform: Platform) -> None:
    """In the order of the queue, each to one person; nothing when nothing waits."""
    first, second, third = waiting(platform)
    assert ask(platform, "claim")["case"] == first
    assert ask(platform, "claim", by="lou")["case"] == second
    assert ask(platform, "claim", by="kim", queue="review")["case"] == third
    told = ask(platform, "claim", by="zoe")
    assert (told["case"], told["lease"]) == (None, None)
    assert ask(platform, "claim", by="zoe", queue="no such queue")["case"] is None
    all_holds(platform)


def test_a_claim_keeps_others_out_until_it_ends(platform: Platform) -> None:
    """Nobody else claims, snoozes or decides; after fifteen minutes anybody does."""
    first, *_ = waiting(platform)
    mine = ask(platform, "claim", first)
    for do, more in (
        ("claim", {}),
        ("snooze", {"until": platform.clock[0] + DAY}),
        ("assign", {"to": "lou"}),
    ):
        refused("U222", platform, do, first, by="lou", **more)
    with pytest.raises(BadUse, match="U222"):
        decide(platform, first, "release", by="lou")
    with pytest.raises(BadUse, match="U223"):
        decide(platform, first, "release", lease="another")
    platform.clock[0] += desk.LEASE + 1000
    with pytest.raises(BadUse, match="U223"):
        decide(platform, first, "release", lease=mine["lease"])
    other = ask(platform, "claim", first, by="lou")
    with pytest.raises(BadUse, match="U223"):
        decide(platform, first, "release", lease=mine["lease"])
    decide(platform, first, "release", by="lou", lease=other["lease"])
    all_holds(platform)


def test_a_claim_is_no_key_for_whoever_reads_the_store(platform: Platform) -> None:
    """Of its token only a digest is kept."""
    first, *_ = waiting(platform)
    lease = ask(platform, "claim", first)["lease"]
    ((kept,),) = rows(platform.folder, "SELECT lease FROM review_case WHERE id = ?", first)
    assert lease.encode() not in kept
    assert len(kept) == 16


def test_nobody_hoards_cases(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound no more is given; what one has can be claimed anew, or given back."""
    monkeypatch.setattr(desk, "CLAIMS_MAX", 2)
    first, second, _ = waiting(platform)
    ask(platform, "claim")
    ask(platform, "claim")
    refused("U228", platform, "claim")
    assert ask(platform, "claim", first)["case"] == first
    assert platform.engine.change(desk.GivenBack(second, "mia"))
    assert ask(platform, "claim")["case"] == second


def test_a_snoozed_case_comes_back(platform: Platform) -> None:
    """Not next until its instant, then in its old place; never further than thirty days."""
    first, second, _ = waiting(platform)
    until = platform.clock[0] + DAY
    ask(platform, "snooze", first, until=until)
    assert ask(platform, "claim", by="lou")["case"] == second
    platform.clock[0] = until
    assert ask(platform, "claim", by="kim")["case"] == first
    for wrong in (platform.clock[0], platform.clock[0] - 1, platform.clock[0] + 31 * DAY):
        refused("U224", platform, "snooze", second, until=wrong)
    ask(platform, "snooze", second, until=platform.clock[0] + DAY)
    ask(platform, "snooze", second, until=None)
    assert ask(platform, "claim", by="zoe", queue="review")["case"] == second
    all_holds(platform)


def test_an_assigned_case_is_theirs(platform: Platform) -> None:
    """Nobody else is given it; they are, whichever queue they ask for; it can be let free."""
    first, second, third = waiting(platform)
    ask(platform, "assign", first, to="kim")
    assert ask(platform, "claim", by="lou")["case"] == second
    assert ask(platform, "claim", by="kim")["case"] == first
    platform.engine.change(desk.GivenBack(first, "kim"))
    assert ask(platform, "claim", by="kim", queue="review")["case"] == first
    ask(platform, "assign", first, by="kim", to="")
    assert ask(platform, "claim", by="zoe")["case"] == first
    assert waiting(platform)[2] == third


def test_somebody_passes_over_what_they_do_not_want_now(platform: Platform) -> None:
    """The next one behind a case, and from the front again behind the last; never the same one."""
    first, second, third = waiting(platform)
    assert ask(platform, "claim", after=first)["case"] == second
    ask_back(platform, second)
    assert ask(platform, "claim", after=second, queue="review")["case"] == third
    assert ask(platform, "claim", after=third)["case"] == first
    assert ask(platform, "claim", after=second)["case"] is None  # only itself is left
    refused("U220", platform, "claim", after="cas_none")


def ask_back(platform: Platform, case: str) -> None:
    """A case is given back."""
    session.perform(platform.engine, "give case back", {"case": case, "by": "mia"})


def test_what_is_urgent_comes_first(platform: Platform) -> None:
    """Also out of a snooze; twice is once; and not what somebody else has."""
    first, _, third = waiting(platform)
    ask(platform, "snooze", third, until=platform.clock[0] + DAY)
    ask(platform, "urge", third)
    assert waiting(platform)[0] == third
    urgent = "SELECT urgent, snoozed, place FROM review_case WHERE id = ?"
    before = rows(platform.folder, urgent, third)
    assert before[0][:2] == (1, None)
    ask(platform, "urge", third)
    assert rows(platform.folder, urgent, third) == before
    ask(platform, "claim", first, by="lou")
    refused("U222", platform, "urge", first)
    decide(platform, third, "release")
    refused("U221", platform, "urge", third)
    all_holds(platform)


def test_a_case_is_split_and_merged(platform: Platform) -> None:
    """Records move with what is known of them; both parts are decided; nothing is lost."""
    platform.stream(*copies(4))
    (case,) = waiting(platform, "hold")
    whole = rows(platform.folder, "SELECT record FROM case_subject WHERE id = ?", case)
    new = ask(platform, "split", case, records=[whole[0][0]])["case"]
    assert len(rows(platform.folder, "SELECT 1 FROM case_subject WHERE id = ?", case)) == 3
    assert len(waiting(platform, "hold")) == 2
    ask(platform, "merge", new, into=case)
    assert rows(platform.folder, "SELECT record FROM case_subject WHERE id = ?", case) == whole
    assert waiting(platform, "hold") == [case]
    decide(platform, case, "release", everything=True)
    assert rows(platform.folder, "SELECT sum(open) FROM case_share") == [(6,)]
    all_holds(platform)


def test_what_cannot_be_split_or_merged_is_refused(platform: Platform) -> None:
    """No empty part, no record from elsewhere, no two questions in one case."""
    first, second, _ = waiting(platform)
    platform.stream(*copies(4))
    (held,) = waiting(platform, "hold")
    whole = rows(platform.folder, "SELECT record FROM case_subject WHERE id = ?", held)
    for wrong in ([], [999], [2], [row[0] for row in whole]):
        refused("U226", platform, "split", held, records=wrong)
    refused("U227", platform, "merge", first, into=first)
    refused("U227", platform, "merge", first, into=held)
    refused("U220", platform, "merge", first, into="nothing")
    ask(platform, "merge", second, into=first)
    refused("U221", platform, "merge", second, into=first)
    assert len(rows(platform.folder, "SELECT 1 FROM case_subject WHERE id = ?", first)) == 2


def test_a_note_is_sealed_and_bounded(platform: Platform) -> None:
    """One to two thousand characters, 180 days at most; any character is taken, none is lost."""
    first, *_ = waiting(platform)
    for text, lasts in (("", None), (" \n", None), ("x" * 2001, None), ("x", 0), ("x", 181 * DAY)):
        refused("U225", platform, "note", first, text=text, lasts=lasts)
    for text in ("x" * 2000, "\x00\x1b[31m\u202e", "half \ud800", "a\u0300" * 2000):
        ask(platform, "note", first, text=text)
    assert len(rows(platform.folder, "SELECT 1 FROM case_note")) == 4
    all_holds(platform)


def test_none_of_it_is_in_the_journal(platform: Platform) -> None:
    """What people do with cases moves neither the journal nor its order, and names nobody."""
    before = rows(platform.folder, "SELECT count(*), max(recv) FROM journal")
    first, second, third = waiting(platform)
    ask(platform, "claim", first, by="Mia Tran")
    ask(platform, "snooze", second, by="Mia Tran", until=platform.clock[0] + DAY)
    ask(platform, "assign", third, by="Mia Tran", to="Kim Le")
    ask(platform, "note", third, by="Mia Tran", text="hello")
    assert rows(platform.folder, "SELECT count(*), max(recv) FROM journal") == before
    platform.engine.store.forget_log()
    assert b"mia tran" not in (platform.folder / "ombud.db").read_bytes().lower()
    all_holds(platform)
