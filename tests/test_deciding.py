"""What rules decide is settled by the pipeline, once for the event and once for each member."""

from __future__ import annotations

from pathlib import Path

from flow.case_desk import DESK_RULES, bags, copies
from flow.platform_side import all_holds, connected
from flow.small_community import rows


def test_the_event_and_each_member_have_their_own_decision(tmp_path: Path) -> None:
    """One about each record, led to by the record that completed the campaign."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        (held,) = platform.stream(bags(1, "zoe"))
        answers = platform.stream(*copies(3))
        assert held.decisions
        assert answers[2].members == (answers[0].seq, answers[1].seq)
        found = rows(platform.folder, "SELECT about, seq FROM decision ORDER BY about")
        last = answers[2].seq
        assert found == [(held.seq, held.seq), *((answer.seq, last) for answer in answers)]
        all_holds(platform)


def test_a_member_that_quotes_is_noted_as_such(tmp_path: Path) -> None:
    """Why it stands apart is known when its case is made."""
    quoting = copies(2)
    quoting[0]["data"]["text"] = "> " + quoting[0]["data"]["text"]
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(*quoting, *copies(2, 2))
        found = rows(platform.folder, "SELECT apart FROM case_subject ORDER BY record")
        assert found[0] == ("quote",)
        all_holds(platform)
