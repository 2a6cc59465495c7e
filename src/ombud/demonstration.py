"""`ombud demo`: the simulated community through the real flow, holds switched on, truth held
against it; at once, or step by step for a page that watches.

Beside the planned run there is a spammer who reads notices: it gets the statements of decisions
about its accounts, and nothing else, before it posts again.

Works in a folder of its own, marked as a demonstration and made anew at each run. This module must
never touch a folder without that mark.
"""

from __future__ import annotations

import shutil
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from ombud import clock, config, decisions, reading, samples, simulate
from ombud.app import KEY_FILE
from ombud.errors import BadData, BadEvent, BadUse, catalogue
from ombud.rules.vocabulary import ACTIONS
from ombud.session import engine
from ombud.simulate import adaptive, tally
from ombud.store.keyfile import KeyFile
from ombud.summary import Summary
from ombud.transaction import Answer

catalogue(
    U009=(
        "{path} is not a demonstration's folder.",
        "A demo starts from nothing: name a folder that does not exist yet with --data.",
    ),
)

MARK = "this-is-a-demonstration"
SETTINGS = 'name = "the demo community"\nprocedural_holds = true\n'
DECISIONS_MAX = 4  # about one event: its content, its author and its room, and as of a campaign
KEY = bytes(32)  # no secret: nobody lives in a demonstration, and one seed tells one story
START = 1_767_225_600 * clock.SECOND  # 2026-01-01, so that every run is the same
SPAMMER_BEGINS = START + 30 * clock.HOUR  # on the second day, as the honest twins
RECENT = 50  # events that `state` shows
BATCH = 512


class Running(Protocol):
    """What a demonstration needs of the engine that it runs through."""

    folder: Path

    def submit(self, lines: Sequence[bytes], timeline: str = "") -> list[Answer | BadEvent]:
        """Judge lines; an answer or an error for each, in order."""


class Demonstration:
    """A community that happens step by step.

    One thread calls `step`, any thread `state`. Plans the whole run in memory, at about a kilobyte
    an event, and keeps the events that were left alone: a later one may complete their campaign.
    """

    def __init__(
        self,
        running: Running,
        events: int,
        seed: int,
        link: Callable[[str], str] | None = None,
    ) -> None:
        """A run of `events` planned events in an engine whose folder comes from `prepare`.

        `link` makes the address of a statement's page from its id; without it none are shown.
        """
        self.summary = Summary()
        self._running = running
        self._link = link
        self._seed = seed
        self._planned = simulate.generate(seed, events, START)
        self._upcoming = next(self._planned, None)
        self._spammer = adaptive.Spammer.of_run(seed, events, START)
        self._spam = self._spammer.next(SPAMMER_BEGINS)
        self._last_number = events
        self._stages: list[dict[str, Any]] = [{"changed": {}, "posts": 0, "caught": 0}]
        self._tally = tally.Tally(START)
        self._waiting: tuple[list[simulate.Simulated], bool] | None = None
        self._held = self._decisions = self._at = 0
        self._left: dict[int, tuple[simulate.Simulated, dict[str, Any] | None]] = {}
        self._recent: deque[dict[str, Any]] = deque(maxlen=RECENT)
        self._counting = threading.Lock()

    def step(self, most: int = BATCH) -> bool:
        """Let at most `most` events happen; False when there are no more.

        The spammer's post ends a step, so that it reads its notice before it writes the next one.
        Where the engine takes nothing just now, the same events happen in the next step.
        """
        batch, spam = self._waiting or self._next(most)
        if not batch:
            return False
        self._waiting = batch, spam
        answers = self._running.submit([msgspec.json.encode(each.event) for each in batch])
        with self._counting:
            self._waiting = None
            for happened, answer in zip(batch, answers, strict=True):
                own = spam and happened is batch[-1]
                self._count(happened, answer, self._stages[-1] if own else None)
        if spam:
            notice = self._notice(batch[-1], answers[-1])
            with self._counting:
                self._answered(batch[-1], notice)
        return True

    def _next(self, most: int) -> tuple[list[simulate.Simulated], bool]:
        """The next events in the order of their times, and whether the last is the spammer's."""
        batch: list[simulate.Simulated] = []
        while len(batch) < most:
            spam, upcoming = self._spam, self._upcoming
            if spam is not None and (upcoming is None or spam.at < upcoming.at):
                self._last_number += 1
                batch.append(simulate.on_the_wire(spam, self._seed, self._last_number, spam.at))
                return batch, True
            if upcoming is None:
                break
            batch.append(upcoming)
            self._upcoming = next(self._planned, None)
        return batch, False

    def _count(
        self,
        happened: simulate.Simulated,
        answer: Answer | BadEvent,
        stage: dict[str, Any] | None,
    ) -> None:
        """Count an event, and those before it that were acted on as of one campaign with it;
        `stage` where it is the spammer's.
        """
        number = self._tally.events + 1
        if isinstance(answer, BadEvent):
            self.summary.reject(number, answer)
            return
        self.summary.count(answer, number)
        acted = answer.action != "allow" and "this" in ACTIONS[answer.action].targets
        self._tally.count(happened, acted=acted)
        self._decisions += len(answer.decisions) + len(answer.members)
        self._held += (answer.action == "hold") * (1 + len(answer.members))
        self._at = happened.at
        if not acted:
            self._left[answer.seq] = happened, stage
        for seq in answer.members:
            earlier, wrote = self._left.pop(seq)
            self._tally.count_late(earlier, happened.at)
            if wrote is not None and earlier.truth != "benign":
                wrote["caught"] += 1
        data = happened.event["data"]
        self._recent.append(
            {
                "time": happened.event["time"],
                "type": happened.event["type"],
                "room": data["room"]["name"],
                "author": data["author"]["name"],
                "lang": data["author"]["lang"],
                "text": data.get("text"),
                "truth": happened.truth,
                "campaign": happened.campaign,
                "action": answer.action,
                "decision": answer.decisions[0] if answer.decisions else None,
                "link": self._link(answer.statement) if self._link and answer.statement else None,
            }
        )

    # --- the spammer ------------------------------------------------------------------------------

    def _notice(self, posted: simulate.Simulated, answer: Answer | BadEvent) -> str:
        """What its account is told about the post; "" where nothing was done."""
        if isinstance(answer, BadEvent) or not answer.decisions:
            return ""
        lang = posted.event["data"]["author"]["lang"]
        with reading.reading(self._running.folder) as reader:
            lines = [line for each in answer.decisions for line in reader.statement(each, lang)]
        return "\n".join(lines)

    def _answered(self, posted: simulate.Simulated, notice: str) -> None:
        """Count the spammer's post, let it read its notice, and have it think of the next one."""
        stage = self._stages[-1]
        if posted.truth != "benign":
            stage["posts"] += 1
            stage["caught"] += bool(notice)
        if notice:
            self._spammer.told(notice)
            learned = self._spammer.learned[-1]
            if learned:
                self._stages.append({"changed": learned, "posts": 0, "caught": 0})
        self._spam = self._spammer.next(posted.at)

    def _adaptive(self) -> dict[str, Any]:
        """How the spammer fared before its first change, and from then on."""
        first, *later = self._stages
        after = {name: sum(each[name] for each in later) for name in ("posts", "caught")}
        posts = first["posts"] + after["posts"]
        return {
            "posts": posts,
            "through": posts - first["caught"] - after["caught"],
            "before": {name: first[name] for name in ("posts", "caught")},
            "after": after,
            "stages": [dict(each) for each in self._stages],
            "finished": self._spam is None,
        }

    # --- out --------------------------------------------------------------------------------------

    def found(self) -> dict[str, Any]:
        """What truth says so far: of all events, by campaign, by twin, and of the spammer."""
        with self._counting:
            return {**self._against_truth(), **self._by_kind()}

    def state(self) -> dict[str, Any]:
        """Everything a page shows, as plain JSON. Texts and names are as they were written."""
        with self._counting:
            return {
                "seed": self._seed,
                "done": not (self._waiting or self._spam or self._upcoming),
                "time": clock.rfc3339(self._at or START),
                "totals": {
                    "events": self._tally.events,
                    "decisions": self._decisions,
                    "held": self._held,
                    **self._against_truth(),
                },
                **self._by_kind(),
                "recent": list(reversed(self._recent)),
                "hours": self._tally.hours(),
            }

    def _against_truth(self) -> dict[str, int]:
        counts = self._tally
        return {
            "caught": counts.caught,
            "harmful": counts.harmful,
            "touched": counts.touched,
            "benign": counts.benign,
        }

    def _by_kind(self) -> dict[str, Any]:
        return {
            "campaigns": self._tally.campaigns(),
            "twins": self._tally.twins(),
            "adaptive": self._adaptive(),
        }


def run(folder: Path, events: int, seed: int) -> dict[str, Any]:
    """Run a simulated community; the summary, each decision's statement, and what truth says of
    it.
    """
    prepare(folder)
    with engine(folder) as running:
        community = Demonstration(running, events, seed)
        while community.step():
            pass
    summary = community.summary
    with reading.reading(folder) as reader:
        made = reader.decisions(limit=summary.accepted * DECISIONS_MAX)
        head = reader.ledger_head()
        titles = reader.clause_titles()
        made.sort(key=lambda each: each["receipt"]["leaf"])  # in the order they were made
        told = [_told(each, titles) for each in made]
    return {**summary.as_json(), "decisions": told, **community.found(), "ledger": head}


def _told(made: dict[str, Any], titles: dict[str, dict[str, str]]) -> dict[str, Any]:
    """A decision as it is told to its person, in their language."""
    record = msgspec.convert(
        {key: value for key, value in made.items() if key in decisions.Decision.__struct_fields__},
        decisions.Decision,
    )
    statement = decisions.statement(record, titles.get(record.clause, {}), record.lang)
    return {"id": record.id, "subject": record.subject, "lang": record.lang, "statement": statement}


def prepare(folder: Path) -> None:
    """An empty folder with the mark, the settings and the lists of a demonstration.

    An earlier demonstration is removed, anything else refused: BadUse U009. Raises BadData D003
    where the folder cannot be made.
    """
    try:
        _prepare(folder)
    except OSError as error:
        raise BadData("D003", str(folder), detail=error.strerror or error) from None


def _prepare(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise BadUse("U009", str(folder), path=folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    (folder / "ombud.toml").write_text(SETTINGS, encoding="utf-8")
    # what an operator does first: say who the staff is, and which bot is allowed
    lists = {**samples.files("lists")}
    lists["staff.txt"] += f"{simulate.ADMIN_ID}\n".encode()
    lists["staff-names.txt"] += f"{simulate.ADMIN_NAME}\n".encode()
    lists["trusted-helpers.txt"] += f"{simulate.BOT_ID}\n".encode()
    config.copy_samples(folder, {"lists": lists})
    # likenesses are looked for with the key: with another one a borderline text is found or missed
    keys = KeyFile(folder / KEY_FILE)
    keys.keep("community", KEY)
    keys.close()
