"""Synapse does not load the module: it is said, and everything else goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flow.served_platform import wait
from flow.small_community import rows
from ombud import session
from ombud.clock import SECOND
from platforms.synapse import Person
from platforms.talk import RUMOUR, Talk, talk

pytestmark = pytest.mark.xdist_group("unasked")

UNDO_WINDOW = 11 * SECOND
OPEN = (
    "SELECT c.id FROM review_case c JOIN case_subject s USING (id)"
    " WHERE c.closed IS NULL AND s.record = ?"
)
LABEL = {"action": "label", "text": "disputed"}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """Both servers, and Synapse without the module."""
    with talk(tmp_path_factory.mktemp("unasked")) as made:
        del made.server.settings["modules"]
        made.server.kill()
        made.server.start()
        yield made


def judged(here: Talk, event: str) -> None:
    """A person decides that a label is put below a message."""
    ((case,),) = rows(here.folder, OPEN, *here.seqs(event))
    session.request(here.folder, "decide case", case=case, outcome="uphold", acts=[LABEL])


def said(here: Talk, who: Person) -> str:
    """Somebody says what comes before a person; the event's id."""
    id_: str = who.say(here.room, f"{who.id} says: {RUMOUR}").json["event_id"]
    here.seqs(id_)
    return id_


def test_the_check_says_so_and_what_is_published_is_read(here: Talk) -> None:
    """One thing lacks, with what to do; a message is read after it was published, and judged."""
    (lack,) = [each.lack for each in here.check() if each.lack is not None]
    assert lack.code == "U510"
    assert "Synapse shows no module (404" in lack.message
    assert "talk-module.yaml" in lack.hint
    event = said(here, here.somebody())
    query = "SELECT via FROM journal WHERE seq = ?"
    assert rows(here.folder, query, *here.seqs(event)) != [("check",)]
    judged(here, event)
    here.serving.shift(here.serving.ahead + UNDO_WINDOW)
    wait(lambda: here.labels(event) == ["disputed"], "no label")
