"""Requests about cases: what comes back, and what becomes of what needs a second person."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, ask, copies, decide, shoes, waiting
from flow.platform_side import all_holds, connected
from flow.small_community import rows
from ombud import casework, desk, session
from ombud.clock import rfc3339
from ombud.errors import BadUse


def test_a_claim_comes_back_with_its_token_and_end(tmp_path: Path) -> None:
    """The token opens the case to whoever has it; another one each time."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(shoes(1))
        (case,) = waiting(platform)
        first, second = ask(platform, "claim"), ask(platform, "claim", case)
        assert first["case"] == second["case"] == case
        assert first["lease"] != second["lease"]
        assert first["until"][:19] == rfc3339(platform.clock[0] + desk.LEASE)[:19]
        decide(platform, case, "release", by="zoe", lease=second["lease"])


def test_what_needs_two_is_kept_and_told_as_such(tmp_path: Path) -> None:
    """Nothing is decided; the proposal is sealed; whoever confirms may have the claim."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(*copies(21))
        (case,) = waiting(platform, "hold")
        words = {"en": "lavendelwort"}
        told = decide(platform, case, "uphold", "remove", everything=True, why=words)
        assert told == {
            "case": case,
            "decisions": [],
            "proposed": True,
            "why": "A second person has to confirm this:"
            " it concerns 21 people, which is more than 20.",
        }
        platform.engine.store.forget_log()
        assert b"lavendelwort" not in (platform.folder / "ombud.db").read_bytes()
        lease = ask(platform, "claim", case, by="lou")["lease"]
        with pytest.raises(BadUse, match="U223"):
            ask(platform, "confirm", case, by="lou", lease="wrong")
        made = ask(platform, "confirm", case, by="lou", lease=lease)
        assert len(made["decisions"]) == 42
        all_holds(platform)


def test_every_request_is_one_of_the_session(tmp_path: Path) -> None:
    """Another process asks them by the socket, under the same names."""
    assert set(casework.REQUESTS) <= set(session.REQUESTS)
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(shoes(1))
        found = session.perform(platform.engine, "claim case", {"by": "mia"})
        assert [found["case"]] == waiting(platform)
        assert rows(platform.folder, "SELECT count(*) FROM case_person") == [(1,)]
