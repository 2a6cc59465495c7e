"""Synapse limits rates as it does where nobody says otherwise: what it turns away comes, once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ombud.model import Outcome
from platforms.direct import invitations
from platforms.matrix_side import Side, act, ids, side, tell
from platforms.synapse import Person

pytestmark = pytest.mark.xdist_group("rates")

# As Synapse has them where a setting is not there; but people register and write without end here.
DEFAULTS = {
    "rc_room_creation": {"per_second": 0.016, "burst_count": 10},
    "rc_invites": {
        "per_room": {"per_second": 0.3, "burst_count": 10},
        "per_user": {"per_second": 0.003, "burst_count": 5},
        "per_issuer": {"per_second": 0.3, "burst_count": 10},
    },
    "rc_message": {"per_second": 0.2, "burst_count": 10},
    "server_notices": None,  # so everybody is invited into a room of their own
}
AT_ONCE = 10  # as often as everything may be done at once
TRIES = 40


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    """A Synapse with its own limits."""
    with side(tmp_path_factory.mktemp("rates"), **DEFAULTS) as made:
        yield made


def limited(here: Side, *, account: bool) -> None:
    """Whether the registration has Synapse limit Ombud's account too; Synapse starts anew."""
    (path,) = map(Path, here.server.settings["app_service_config_files"])
    path.write_text(json.dumps({**json.loads(path.read_text()), "rate_limited": account}))
    here.server.kill()
    here.server.start()


def people(here: Side, many: int) -> list[Person]:
    """Some who have an account, and are in no room."""
    return [here.server.register(f"rated{next(here.numbers)}") for _ in range(many)]


def test_ombuds_account_is_limited_in_nothing(here: Side) -> None:
    """As `ombud connect matrix` writes its registration: more labels and more rooms of single
    people at once than anybody else might make, and no try is in vain.
    """
    connector = here.connector()
    events = [here.said(here.owner) for _ in range(2)]
    for number in range(AT_ONCE + 2):
        event, text = events[number % 2], f"disputed {number}"
        done = act(connector, "label", f"{here.room}/{event}", params={"text": text})
        assert done.state == "confirmed", done
    everybody = people(here, AT_ONCE + 2)
    assert [told(here, each, ids()).state for each in everybody] == ["sent"] * len(everybody)


def test_what_is_turned_away_comes_later_and_once(here: Side) -> None:
    """Where somebody has set rate_limited: Synapse turns one away, says for how long, and Ombud's
    account comes again after it; then everybody is invited once, and nobody twice.
    """
    limited(here, account=True)
    everybody, waits = people(here, AT_ONCE + 1), []
    for who in everybody:
        key = ids()
        for _ in range(TRIES):
            found = told(here, who, key)
            if found.state != "retry":
                break
            assert found.wait, found
            waits.append(found)
            time.sleep(found.wait)
        assert found.state == "sent", found
        assert told(here, who, key).state == "sent"  # the same message, sent again
    assert waits
    assert all("429" in each.detail for each in waits)
    assert [len(invitations(who)) for who in everybody] == [1] * len(everybody)


def told(here: Side, who: Person, key: str) -> Outcome:
    """A notice to somebody."""
    return tell(here.connector(), who.id, key=key, text="A word.", link="http://127.0.0.1/notice/x")
