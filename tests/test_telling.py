"""Who is told what: one page for a person, clause and hour; nobody where nobody is left."""

from __future__ import annotations

from pathlib import Path

from flow.case_desk import DESK_RULES, bags
from flow.platform_side import HOUR, SECOND, connected
from flow.small_community import rows
from ombud import telling
from ombud.transaction import Transaction


def test_a_page_is_open_for_an_hour(tmp_path: Path) -> None:
    """Within it everything of one person and clause stands on one page, then on another."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(bags(1), bags(2))
        platform.clock[0] += HOUR - 10 * SECOND
        platform.stream(bags(3))
        assert rows(tmp_path, "SELECT count(*) FROM statement") == [(1,)]
        platform.clock[0] += 20 * SECOND
        platform.stream(bags(4))
        assert rows(tmp_path, "SELECT count(*) FROM statement") == [(2,)]


def test_of_an_erased_decision_nobody_is_told(tmp_path: Path) -> None:
    """There is no one left whose language and account were known."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(bags(1))
        hands = platform.engine.writer.pipeline
        (row,) = hands.store.all("decisions_about", (2,))
        tx = Transaction(hands.seq, hands.recv, hands.leaves, hands.config)
        telling.again(hands, tx, row, "answer", platform.clock[0])
        assert [each[5] for each in tx.notices] == ["answer"]
        platform.engine.erase("chat", "ana")
        hands = platform.engine.writer.pipeline
        (row,) = hands.store.all("decisions_about", (2,))
        tx = Transaction(hands.seq, hands.recv, hands.leaves, hands.config)
        telling.again(hands, tx, row, "answer", platform.clock[0])
        assert tx.notices == []
