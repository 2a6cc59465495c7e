"""`ombud orders`: given, listed, ended."""

from __future__ import annotations

from pathlib import Path

from cli.command_line import printed, run
from flow.case_desk import DESK_RULES, copies
from flow.small_community import line, prepare, rows
from ombud.app import Engine


def test_an_order_is_given_listed_and_ended(tmp_path: Path) -> None:
    """What `list` says is what was given; a refusal says why in three parts."""
    folder = prepare(tmp_path / "data", DESK_RULES)
    with Engine(folder) as engine:
        engine.submit([line(each) for each in copies(5)])
    assert "no standing order" in run("orders", "list", "--data", folder).output
    ((case,),) = rows(folder, "SELECT id FROM review_case")
    refused = run("orders", "give", case, "--action", "remove", "--data", folder)
    assert "U300" in refused.output
    assert "Decide the case first" in refused.output
    given = printed("orders", "give", case, "--for", "2 hours", "--by", "Mia", "--data", folder)
    (found,) = printed("orders", "list", "--data", folder)["items"]
    assert (found["id"], found["case"], found["action"]) == (given["order"], case, "hold")
    assert (found["state"], found["by"], found["rooms"]) == ("in force", "mia", 1)
    assert given["order"] in run("orders", "list", "--data", folder).output
    ended = printed("orders", "end", given["order"], "--undo", "--data", folder)
    assert ended == {"order": given["order"], "undone": []}
    assert printed("orders", "list", "--data", folder)["items"][0]["state"] == "ended"
