"""What is told to others is what people decided and let stand, told to its person first."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from flow.advising_community import OWN, carried_out, community, decide
from flow.small_community import hold_together, rows
from ombud import advice, notices
from ombud.advice import Given, TakenBack
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.statement_page import StatementPages
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

NOTICES = "SELECT reason FROM notice WHERE decision = ? ORDER BY rowid"


def possible(engine: Engine, *clauses: str, platform: str = "talk") -> list[tuple[str, str]]:
    """Whom it may be about, and under which clause."""
    with (
        closing(Store(engine.folder / STORE_FILE, readonly=True)) as store,
        closing(KeyFile(engine.folder / KEY_FILE, readonly=True)) as keys,
    ):
        found = advice.possible(store, keys, platform, clauses or ("spam.links",))
    return [(each.account, each.clause) for each in found.values()]


def test_what_a_person_decided_and_the_platform_did(tmp_path: Path) -> None:
    """Nothing before it is done, nothing of another platform or clause, nothing once undone."""
    with community(tmp_path / "data") as engine:
        decision = decide(engine, "@spam:hs", done=False)
        assert possible(engine) == []
        carried_out(engine, decision)
        assert possible(engine) == [("@spam:hs", "spam.links")]
        assert possible(engine, "spam.repeats") == []
        assert possible(engine, platform="other") == []
        engine.undo("admin", ids=[decision])
        assert possible(engine) == []
        decide(engine, "@room:far", "ban from room")
        assert possible(engine) == [("@room:far", "spam.links")]


def test_nothing_else_that_is_done_to_an_account(tmp_path: Path) -> None:
    """A limit is no ban; nor is what no account of Matrix is, or what would stand for many."""
    with community(tmp_path / "data") as engine:
        decide(engine, "@limited:hs", "limit")
        decide(engine, "somebody")
        decide(engine, "@*:hs")
        assert possible(engine) == []


def test_nothing_of_who_was_erased(tmp_path: Path) -> None:
    """Their id is not known any more."""
    with community(tmp_path / "data") as engine:
        decide(engine, "@spam:hs")
        engine.erase("talk", "@spam:hs")
        assert possible(engine) == []


def test_a_rule_puts_nobody_there(tmp_path: Path) -> None:
    """Even if the store said that one had decided so."""
    from flow.small_community import change

    folder = tmp_path / "data"
    with community(folder) as engine:
        decide(engine, "@spam:hs")
    for role in ("rule", "time"):
        change(folder, "UPDATE decision SET by_role = ? WHERE action = 'suspend'", role)
        with Engine(folder, activate=False) as engine:
            assert possible(engine) == []


def advised(engine: Engine, decision: str) -> str | None:
    """Since when others are told, as the person's own page says."""
    statement = "SELECT statement FROM notice WHERE decision = ? LIMIT 1"
    ((page,),) = rows(engine.folder, statement, decision)
    with (
        closing(Store(engine.folder / STORE_FILE, readonly=True)) as store,
        closing(KeyFile(engine.folder / KEY_FILE, readonly=True)) as keys,
    ):
        told = StatementPages(store, keys).of_token(
            notices.token(keys.community, page), "Here", ("en",), engine.now()
        )
    assert told is not None
    return next(each.advised for each in told.items if each.decision == decision)


def test_its_person_is_told_once(tmp_path: Path) -> None:
    """When it is about to be told to others; of what does not stand nobody is."""
    folder = tmp_path / "data"
    with community(folder) as engine:
        decision = decide(engine, "@spam:hs")
        assert engine.change(Given(decision, OWN))
        assert engine.change(Given(decision, OWN))
        assert rows(folder, NOTICES, decision) == [("decided",), ("advised",)]
        assert rows(folder, "SELECT room, ended FROM advice") == [(OWN, None)]
        assert advised(engine, decision) is not None
        engine.change(TakenBack(decision))
        assert advised(engine, decision) is None
        ((ended,),) = rows(folder, "SELECT ended FROM advice")
        assert ended is not None
        engine.undo("admin", ids=[decision])
        assert not engine.change(Given(decision, OWN))
        assert not engine.change(Given("dec_nothing", OWN))
    hold_together(folder)
