"""What is asked at daily work reaches the engine, in the name of who asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES
from flow.small_community import event, line, prepare, rows
from ombud import daywork, session, staffing
from ombud.app import Engine
from ombud.errors import BadUse


def test_requests_go_the_way_of_all_requests(tmp_path: Path) -> None:
    """`session` knows them; who asks is who is recorded, and the id leads to the record."""
    assert set(daywork.REQUESTS) <= set(session.REQUESTS)
    with Engine(prepare(tmp_path, DESK_RULES)) as engine:
        staffing.change(engine, "added", "Thu", "admin", roles=["admin", "reviewer"])
        engine.submit([line(event(1))])
        asked = {"kind": "member", "platform": "chat", "name": "ana", "by": "Thu"}
        why = {"reason": "They asked us to look."}
        done = session.perform(engine, "look up", {**asked, **why})
        kept = rows(engine.folder, "SELECT id, person FROM lookup")
        assert kept == [(done["look"], staffing.token(engine, "Thu"))]
        ((post,),) = rows(engine.folder, "SELECT seq FROM journal WHERE kind = 'post'")
        told = {"record": post, "clause": "spam.links", "by": "Thu"}
        session.perform(engine, "look up", {**told, **why, "kind": "post"})
        opened = session.perform(engine, "open case", told)
        holder = rows(engine.folder, "SELECT holder FROM review_case WHERE id = ?", opened["case"])
        assert holder == [(staffing.token(engine, "Thu"),)]
        assert opened["lease"]
        with pytest.raises(BadUse):
            session.perform(engine, "look up", {**asked, "by": "nobody here", **why})
