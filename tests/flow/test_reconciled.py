"""A platform in another process restricts what nobody decided: it is found, counted, published."""

from __future__ import annotations

import json
from pathlib import Path

from cli.command_line import printed, run
from flow.served_platform import site, spam, wait
from flow.small_community import rows


def test_a_silent_restriction_is_found_beside_a_running_server(tmp_path: Path) -> None:
    """What Ombud did is explained, what the platform did by itself is told, and only the number
    enters the log.
    """
    with site(tmp_path) as made:
        made.serving.start()
        made.asked.until_taken("/v1/events", spam(1), spam(2, 1), lines=True)
        wait(lambda: len(made.chat.did()) >= 2, "the holds are sent")
        wait(lambda: not made.outbox("state = 'sending'"), "and marked")
        data = ("--data", made.folder)
        clean = printed("reconcile", "chat", *data)
        assert (clean["reported"], clean["explained"], clean["items"]) == (2, 2, [])
        made.chat.restrict({"subject": "account/zoe", "action": "suspend", "account": "zoe"})
        shown = run("reconcile", "chat", *data)
        assert shown.exit_code == 1
        assert "suspend on account/zoe: never decided" in shown.stdout
        kept = rows(made.folder, "SELECT record FROM run WHERE kind = 'reconcile' ORDER BY leaf")
        assert "zoe" not in kept[1][0]
        assert json.loads(kept[1][0])["without"] == {"never decided": 1, "over": 0}
        lines = [json.loads(row[0]) for row in rows(made.folder, "SELECT entry FROM leaf")]
        assert [each["outcome"] for each in lines if each["type"] == "replay"] == ["reconcile"] * 2
