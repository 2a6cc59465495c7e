"""Reading a queue is a walk along an index, however many cases wait: by SQLite's own plans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ombud.store import sqlite
from ombud.store.sqlite import Store

QUERIES = sqlite.named(sqlite.text_of("queries.sql"))
# Each with the index it walks along, and whether that gives the order too.
WALKS = {
    "controls": "journal_controls",
    "page_open": "case_next_of_all",
    "page_of_queue": "case_next",
    "next_case": "case_next",
    "next_case_of_all": "case_next_of_all",
    "next_case_of_harm": "case_next_of_harm",
    "next_case_of_harm_of_all": "case_next_of_harm_of_all",
    "next_assigned": "case_assigned",
    "page_closed": "case_closed",
    "page_assigned_to": "case_assigned",
    "page_held_by": "case_holder",
    "cases_by_queue": "case_counts",
    "wall_opened": "case_opened",
    "wall_closed": "case_ended",
    "wall_queue": "case_counts",
    "wall_oldest": "case_counts",
    "wall_late": "case_next",
    "wall_open": "case_counts",
    "wall_asked": "outbox_seq",
    "wall_failed": "outbox_failed",
    "mark_reached": "statement_person",
    "wall_sending": "outbox_waiting",
    "memories": "outbox_lane",
    "forget_memories": "outbox_decision",
    "wall_decisions": "decision_seq",
    "cases_held": "case_holder",
    "case_of_cluster": "case_cluster",
    "case_of_subject": "case_subject_open",
    "case_of_campaign": "case_campaign",
    "judged_unchanged": "reviewed_subject",
    "rest_about": "rest_subject",
    "unjudged_by_entry": "list_match_entry",
    "advisable": "decision_advisable",
    "rests_of_case": "rest_case",
    "judged_by_a_person": "reviewed_record",
    "latest_decisions_of": "decision_author",
    "decisions_of_member": "decision_author",
    "decisions_of_subject": "decision_subject",
    "decided_on_subject": "decision_subject",
    "open_cases_of_member": "case_subject_author",
    "open_cases_of_post": "case_subject_record",
    "open_cases_of_subject": "case_subject_open",
    "open_on_subject": "case_subject_open",
    "flags_judged": "case_subject_author",
    "notes_about": "case_subject_author",
    "lookups_since": "lookup_person",
    "looked_up": "lookup_person",
    "staff_acts": "journal_staff",
    "staff_acts_of": "journal_person",
    "next_urgent": "case_urgent",
    "next_urgent_in": "case_urgent",
    "next_woken": "case_snoozed",
    "next_woken_in": "case_snoozed",
    "next_assigned_in": "case_assigned",
    "next_late": "case_late",
    "next_late_in": "case_late",
    "cases_of_person": "case_assigned",
    "first_due": "appeal_review",
    "together": "review_of_many",
    "replaced_by": "reviewed_record",
    "in_its_place": "decision_subject",
    "upheld_by": "reviewed_record",
    "wake_cases": "case_snoozed",
    "ended_words": "case_note_until",
    "drop_ended_evidence": "evidence_until",
    "body_needed_for_decisions": "evidence_record",
    "body_needed_for_a_case": "case_subject_record",
    "words_of_record": "case_subject_record",
    "notes_of_case": "case_note_id",
    "messages_of_appeal": "appeal_message_appeal",
    "waiting_appeals": "appeal_due",
    "ended_appeals": "appeal_outcome_time",
    "overdue_appeals": "appeal_due",
    "open_in_case": "appeal_review",
    "appeals_beside": "appeal_review",
    "appeals_of_case": "appeal_of_case",
    "decided_alike": "appeal_of_case",
    "chat_new": "case_opened",
    "chat_new_urgent": "case_urgent",
    "chat_latest": "chat_line_opened",
    "chat_said": "chat_line_said",
    "chat_over": "chat_line_open",
    "chat_again": "chat_line_settled",
    "chat_line_of_event": "chat_line_event",
    "chat_answered": "chat_line_answers",
    "outbox_tried": "outbox_open",
    "left_in_room": "decision_in_room",
}
# What is few: decisions about one subject, or that stand in one room, cases that have come back or
# that one person has, of one cluster or subject, notes of one case, what waits and was noted about
# one member, post or room.
SORTED_AFTERWARDS = frozenset(
    {
        *("next_woken", "next_woken_in", "page_held_by"),
        *("cases_of_person", "in_its_place", "left_in_room"),
        *("case_of_cluster", "case_of_subject", "notes_of_case"),
        *("open_cases_of_member", "open_cases_of_post", "open_cases_of_subject", "notes_about"),
    }
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A new community's store."""
    opened = Store(tmp_path_factory.mktemp("plans") / "ombud.db")
    assert opened.prepare("log.example", b"")
    yield opened
    opened.close()


def plan(store: Store, name: str) -> str:
    """How SQLite goes about a statement, in its words."""
    sql = QUERIES[name]
    named = re.findall(r":([a-z]+)", sql)
    nothing = dict.fromkeys(named) if named else (None,) * sql.count("?")
    found = store.connection.execute("EXPLAIN QUERY PLAN " + sql, nothing).fetchall()
    return "\n".join(str(row[3]) for row in found)


@pytest.mark.parametrize("name", sorted(WALKS))
def test_what_is_asked_of_cases_walks_along_an_index(name: str, store: Store) -> None:
    """No table is read as a whole, and no page is sorted after it was read."""
    said = plan(store, name)
    assert re.search(rf"USING (COVERING )?INDEX {WALKS[name]}\b", said), said
    assert not re.search(r"SCAN (?!\(subquery|.*USING)", said), said
    if name not in SORTED_AFTERWARDS:
        assert "TEMP B-TREE FOR ORDER BY" not in said, said


def test_checks_are_gone_through_from_record_to_record(store: Store) -> None:
    """What was journalled since the last time is read, and nothing before it."""
    assert plan(store, "checks_between") == (
        "SEARCH journal USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
    )


def test_a_whole_table_would_be_seen(store: Store, tmp_path: Path) -> None:
    """Without the index the plan says so: the check can fail."""
    bare = Store(tmp_path / "ombud.db")
    bare.prepare("log.example", b"")
    bare.connection.execute("DROP INDEX case_next_of_all; DROP INDEX case_next;")
    assert "case_next_of_all" not in plan(bare, "page_open")
    assert plan(bare, "page_open") != plan(store, "page_open")
    bare.close()
