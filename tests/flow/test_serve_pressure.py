"""More than the server can take, and a disk that is full: those who ask are told to come again,
nothing acknowledged is lost, and with room and time it goes on by itself.

The writer is held up by another process's hold on the store, as a long backup would do it; the disk
is a real small file system where mounting one is permitted, else a limit on the size of files.
"""

from __future__ import annotations

import json
import resource
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import apsw

from flow.nothing_silent import delivered_once, judged_once, nothing_silent
from flow.served_platform import Program, Site, Told, site, spam, wait
from flow.small_community import event, rows
from ombud.config import STORE_FILE
from ombud.writer import JOBS_MAX

BALLAST = 13 << 20
LIMIT = 3 << 19
FILLED_MAX = 1000
BATCH = 50
MANY = JOBS_MAX + 36  # requests at a time
CHECKS = 5
HOOKS = '[hooks.open]\ndeadline_ms = 200\n[hooks.closed]\ndeadline_ms = 200\nlate = "refuse"\n'
CHOICES = {"open": "allow", "closed": "refuse"}
DEADLINES = "SELECT payload FROM journal WHERE type = '!deadline'"


@contextmanager
def held_up(folder: Path) -> Iterator[None]:
    """Nobody else can write to the store meanwhile. The writer waits for ten seconds."""
    connection = apsw.Connection(str(folder / STORE_FILE))
    connection.set_busy_timeout(10_000)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def refused(answer: Told) -> bool:
    """Whether an answer tells to come again later, and when."""
    if answer.status == 200:
        return False
    assert answer.status == 503
    assert answer.json["error"]["code"] in ("D011", "D012")
    assert int(answer.headers["retry-after"]) >= 1
    return True


def test_more_than_the_queue_takes(tmp_path: Path) -> None:
    """While the writer is held up, what the queue cannot take is refused at once and checks are
    answered by their hooks' choice; then everything that was taken is there, once, the late answers
    are in the journal, what slipped through is acted on, and everybody is told.
    """
    checked = {hook: [_checked(hook, number) for number in range(CHECKS)] for hook in CHOICES}
    several = [
        [event(f"{number} {each}", each, source=f"chat/room{number}") for each in range(3)]
        for number in range(MANY)
    ]
    everything = [each for told in (*several, *checked.values()) for each in told]
    with site(tmp_path, settings=HOOKS) as made, ThreadPoolExecutor(MANY) as pool:
        made.serving.start()

        def send(told: list[dict[str, Any]]) -> Told:
            with closing(Program(made.serving)) as program:
                return program.post("/v1/events", *told, lines=True)

        with held_up(made.folder):
            asked = [pool.submit(send, each) for each in several]
            wait(lambda: sum(each.done() for each in asked) >= MANY - JOBS_MAX, "it takes them all")
            _answered_by_choice(made, checked)
            assert refused(made.asked.post("/v1/events", event("single", source="chat/single")))
            at_once = [each.result() for each in asked if each.done()]
            assert all(refused(each) for each in at_once)  # whatever is taken waits for its commit
        counts = Counter(refused(each.result()) for each in asked)
        assert counts == {True: len(at_once), False: MANY - len(at_once)}
        statuses = _asked_again(made, several)
        assert statuses == {"duplicate": 3 * counts[False], "accepted": 3 * counts[True]}
        wait(lambda: len(_late(made)) == 2 * CHECKS, "late answers are not journalled")
        wait(lambda: made.due() == 0 and made.chat.did(), "nothing is delivered")
        assert made.serving.stop() == 0
        nothing_silent(made)
        seqs = {source: seq for (source, _), seq in judged_once(made, everything).items()}
        assert _late(made) == {
            seqs[one["source"]]: CHOICES[hook] for hook, told in checked.items() for one in told
        }
        did = [entry["body"] for entry in delivered_once(made)]
        acted_on = [each["subject"] for each in did if each["type"] == "action"]
        assert sorted(acted_on) == [one["subject"] for one in checked["open"]]
        # they are all one person's: one message at once, and one at the hour's end for the rest
        assert len([each for each in did if each["type"] == "notice"]) == 1
        later = [row for row in made.outbox() if (row["kind"], row["state"]) == ("notice", "asked")]
        assert len(later) == 1


def _checked(hook: str, number: int) -> dict[str, Any]:
    """What a hook asks about: it would be held."""
    return spam(f"{hook} {number}", source=f"chat/{hook}{number}") | {"subject": f"{hook}{number}"}


def _answered_by_choice(made: Site, checked: Mapping[str, list[dict[str, Any]]]) -> None:
    """Each check is answered at its deadline, by its hook's choice, and says so."""
    for hook, told in checked.items():
        for one in told:
            answer = made.asked.post(f"/v1/check?hook={hook}", one).json
            assert answer["degraded"], answer
            assert answer["action"] == CHOICES[hook]
            assert (answer["decision"], answer["notice"]) == (None, None)
            assert ("message" in answer) == (hook == "closed")


def _asked_again(made: Site, several: list[list[dict[str, Any]]]) -> Counter[str]:
    """Send everything once more, now that it can be taken; how it was answered."""
    found = Counter[str]()
    for told in several:
        answer = made.asked.until_taken("/v1/events", *told, lines=True)
        found.update(item["status"] for item in answer["items"])
    return found


def _late(made: Site) -> dict[int, str]:
    """The late answers that are in the journal, by the record they are about."""
    found = [json.loads(row[0])["answers"] for row in rows(made.folder, DEADLINES)]
    return {each["record"]: each["answer"] for answers in found for each in answers}


# --- a full disk ----------------------------------------------------------------------------------


def short_of_room(made: Site, small: Path | None) -> Callable[[], None]:
    """Leave the running server little room; what gives it back."""
    if small is not None:
        ballast = small / "ballast"
        ballast.write_bytes(bytes(BALLAST))
        return ballast.unlink
    soft, hard = resource.prlimit(made.serving.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(made.serving.pid, resource.RLIMIT_FSIZE, (LIMIT, hard))

    def give_back() -> None:
        resource.prlimit(made.serving.pid, resource.RLIMIT_FSIZE, (soft, hard))

    return give_back


def test_a_full_disk_while_serving(small: Path | None, tmp_path: Path) -> None:
    """On a full disk requests are refused for the moment, checks answered by the hook's choice, and
    nothing that was acknowledged is lost; with new room the same requests succeed, without a
    restart.
    """
    folder = None if small is None else small / "data"
    with site(tmp_path, folder, settings=HOOKS) as made:
        made.serving.start()
        give_back = short_of_room(made, small)
        several, lost = _until_full(made, lambda at: [_post(f"{at}-{n}", n) for n in range(BATCH)])
        assert len(several) > 2
        assert "full" in lost.json["error"]["message"] or small is None
        singles, _ = _until_full(made, lambda at: [_post(f"single {at}", 1)])  # that fit longer
        checks = [_post(f"check {at}", 0) for at in range(FILLED_MAX)]
        asked = iter(checks)
        while not (late := made.asked.post("/v1/check?hook=closed", next(asked)).json)["degraded"]:
            assert late["action"] == "hold"
        assert late["action"] == "refuse"
        assert refused(made.asked.post("/v1/events", *several[-1], lines=True))  # still full
        give_back()
        *taken, last = [*several, *singles]
        for told in (several[-1], last):
            answer = made.asked.until_taken("/v1/events", *told, lines=True)
            assert answer["accepted"] + answer["duplicate"] == len(told)  # a part may have fitted
        for told in taken:
            answer = made.asked.until_taken("/v1/events", *told, lines=True, busy=False)
            assert answer["duplicate"] == len(told)
        done = checks[: len(checks) - len(list(asked))]
        for one in done:
            checked = made.asked.until_taken("/v1/check?hook=closed", one)
            assert (checked["action"], checked["degraded"]) == ("hold", False)
        wait(lambda: made.due() == 0, "what was to be sent is never sent")
        wait(lambda: len(_late(made)) == 1, "late answers are not journalled")
        assert made.serving.stop() == 0, made.serving.told()
        nothing_silent(made)
        judged_once(made, [*done, *(each for told in (*several, *singles) for each in told)])
        did = Counter(entry["type"] for entry in delivered_once(made))
        assert did["action"] == len(several) * BATCH // 10


Make = Callable[[int], list[dict[str, Any]]]


def _until_full(made: Site, make: Make) -> tuple[list[list[dict[str, Any]]], Told]:
    """Send what is made by number until something is refused; all of it, and the refusal."""
    sent = []
    for number in range(FILLED_MAX):
        sent.append(make(number))
        answer = made.asked.post("/v1/events", *sent[-1], lines=True)
        if refused(answer):
            return sent, answer
    raise AssertionError("the disk did not become full")


def _post(name: str, number: int) -> dict[str, Any]:
    """One of ten is held. No two have one source and subject."""
    make = event if number % 10 else spam
    person = {"id": f"person{number}"}
    return make(name, number, author=person, source=f"chat/{name}") | {"subject": f"post/{name}"}
