"""Who gives a standing order: somebody who may decide about many, in that queue, by that action."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controls.test_controls_entitled import add, refused
from flow.case_desk import COPIED, copies, waiting
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import rows
from ombud import casework

QUEUED = COPIED[1].replace("hold campaign", 'hold campaign for review in queue "copies"')


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A community with a staff, and a campaign that waits."""
    with connected(tmp_path, rules={COPIED[0]: QUEUED}) as made:
        add(made, "Ana", "admin")
        add(made, "Mia", "reviewer")
        add(made, "Lou", "appeals reviewer")
        add(made, "Zoe", "reviewer", queues=["elsewhere"])
        add(made, "Kim", "reviewer", actions=["warn"])
        made.stream(*copies(5))
        yield made


def ask(platform: Platform, do: str, by: str, **more: Any) -> Any:
    """Somebody gives an order from the case, or ends one."""
    asked = {"by": by, "case": waiting(platform)[0], **more}
    return casework.perform(platform.engine, f"{do} order", asked)


@pytest.mark.parametrize(
    ("who", "code"),
    [("Ana", "U201"), ("Lou", "U201"), ("Zoe", "U250"), ("Kim", "U250"), ("Nobody", "U200")],
)
def test_only_who_may_decide_so_in_that_queue_gives_an_order(
    platform: Platform, who: str, code: str
) -> None:
    """Everybody else is refused, and nothing is journalled."""
    refused(code, ask, platform, "give", who)
    assert rows(platform.folder, "SELECT * FROM journal WHERE type = '!standing_order'") == []


def test_by_a_page_it_needs_somebody_who_has_shown_who_they_are(platform: Platform) -> None:
    """As everything that concerns many at once."""
    refused("U251", ask, platform, "give", "Mia", fresh=False)
    assert ask(platform, "give", "Mia", fresh=True)["order"]


def test_the_journal_has_tokens_and_the_log_a_line(platform: Platform) -> None:
    """No name stands in it; others than who gave it may end it, who may not give it may not."""
    order = ask(platform, "give", "Mia", length=3_600_000_000)["order"]
    refused("U201", ask, platform, "end", "Lou", order=order)
    ask(platform, "end", "Mia", order=order)
    payloads = rows(platform.folder, "SELECT payload FROM journal WHERE type = '!standing_order'")
    assert len(payloads) == 2
    assert all("mia" not in payload.lower() for (payload,) in payloads)
    lines = rows(platform.folder, "SELECT entry FROM leaf")
    assert sum(b"standing_order" in bytes(entry) for (entry,) in lines) == 2
    all_holds(platform)
