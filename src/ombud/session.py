"""How a command reaches the engine: it takes the lock and runs it in process, or asks the one that
has it.

This module must never write without the lock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec

from ombud import (
    blacking,
    casework,
    certifying,
    changes,
    daywork,
    demands,
    events,
    filework,
    homerooms,
    homeserver,
    ids,
    intake,
    local_socket,
    logwork,
    platforms,
    retention,
    rulewriting,
    staffing,
    timekeeping,
)
from ombud.app import BATCH, Engine
from ombud.config import STORE_FILE
from ombud.controls import confirming, state
from ombud.errors import BadData, BadEvent, BadUse, OmbudError, catalogue
from ombud.listwork import change_list
from ombud.model import EVENT_BYTES_MAX
from ombud.reading import reading
from ombud.staff.people import ADMIN
from ombud.summary import Summary
from ombud.transaction import Answer

catalogue(
    U005=(
        "Nothing says which decisions to undo.",
        "Name ids, --rule, --by-role, --account or --since.",
    ),
    U212=(
        "It is some minutes since {name} showed who they are.",
        "Show it again on the page it asks for, then do this once more.",
    ),
    U016=(
        "An account is known by its platform: only one of both is given.",
        "Name --account and --platform together.",
    ),
)


REQUESTS = (
    *("undo", "erase", "reload", "connect", "key", "secret", "revoke", "retry", "run"),
    *state.STATES,  # "duty", "emergency"
    "renew",
    "approve",
    "staff",
    *certifying.REQUESTS,
    *rulewriting.REQUESTS,
    *blacking.REQUESTS,
    *casework.REQUESTS,
    *daywork.REQUESTS,
    *(*retention.REQUESTS, *homeserver.REQUESTS, *homerooms.REQUESTS),
    *demands.REQUESTS,
    *filework.REQUESTS,
    *logwork.REQUESTS,
    *timekeeping.REQUESTS,
)
# Of whoever comes by the pages; a command line has no session to ask.
FRESH_NEEDED = frozenset({"connect", "homeserver", "room", "key", "secret", "revoke", "erase"})
ACTIVATING = ("connect", "homeserver", "key")
UNDO_BY = ("ids", "rule", "by_role", "account", "platform", "licence", "since", "until")
PATIENCE_SECONDS = 30.0
FORWARD_BYTES = 16 << 20  # of lines handed over together

T = TypeVar("T")


@contextmanager
def engine(folder: Path, **how: Any) -> Iterator[Engine]:
    """The engine of a folder, in this process, open to requests of others; `how` is as for Engine.
    Raises BadData D010.
    """
    with Engine(folder, **how) as running:
        if running.activated:
            homerooms.finish(running)
        server = local_socket.Server(folder, handlers(running))
        try:
            yield running
        finally:
            server.close()


def handlers(running: Engine) -> Mapping[str, local_socket.Handler]:
    """What another process may ask of this one."""

    def submit(request: Mapping[str, Any], content: bytes) -> list[dict[str, Any]]:
        lines = [line for line in content.split(b"\n") if line.strip()]
        found = running.submit(lines, str(request.get("timeline", "")))
        return [_told(each) for each in found]

    return {
        "submit": submit,
        "list": lambda request, content: change_list(running, request, content),
        **{name: _handler(running, name) for name in REQUESTS},
    }


def _handler(running: Engine, name: str) -> local_socket.Handler:
    return lambda request, _: perform(running, name, request)


def perform(running: Engine, do: str, request: Mapping[str, Any]) -> Any:
    """Do what a request asks, in the process that holds the lock."""
    by = str(request.get("by") or ADMIN)
    if do in blacking.REQUESTS:
        return blacking.perform(running, request)
    if do in retention.REQUESTS:
        return retention.perform(running)
    if do in timekeeping.REQUESTS:
        return timekeeping.perform(running, by)
    if do in FRESH_NEEDED and request.get("fresh") is False:
        raise BadUse("U212", "by", name=by)
    for part in (casework, rulewriting, daywork, demands, filework, homeserver, homerooms):
        if do in part.REQUESTS:
            return part.perform(running, do, request)
    if do == "undo":
        chosen = {key: request.get(key) for key in UNDO_BY}
        if not any(chosen[key] for key in UNDO_BY if key not in ("platform", "until")):
            raise BadUse("U005", "undo")
        if bool(chosen["account"]) != bool(chosen["platform"]):
            raise BadUse("U016", "undo")
        return running.undo(by, **chosen)
    if do == "connect":
        given = {name: request.get(name) for name in ("name", "url", "allow")}
        return platforms.connect_http(running, by=by, **given)  # type: ignore[arg-type]
    if do == "key":
        given = {name: request.get(name) for name in ("name", "sources", "kinds", "doors")}
        wanted = platforms.grants(**given)  # type: ignore[arg-type]
        return {"name": wanted.name, "key": platforms.make_key(running, wanted, by)}
    if do == "secret":
        name = str(request.get("name"))
        return {"name": name, "secret": platforms.make_secret(running, name, by)}
    if do == "revoke":
        platforms.revoke(running, str(request.get("name")), by)
        return True
    if do == "retry":
        return running.change(changes.Retry(str(request.get("id")), by))
    if do == "run":
        kind, record = str(request.get("kind")), str(request.get("record"))
        made = changes.RunMade(ids.new_id("run"), kind, record, by)
        running.change(made)
        return made.id
    if do == "erase":
        return running.erase(str(request.get("platform")), str(request.get("account")), by)
    if do == "reload":
        staffing.allowed(running, by, "rules")  # whether anything has changed or not
        return running.reload(by)
    if do == "staff":
        return staffing.perform(running, request)
    if do in ("renew", "approve"):
        return _stand_behind(running, do, request)
    if do in state.STATES:
        length, begins = request.get("length"), bool(request.get("begins"))
        lasts = None if length is None else int(length)
        return running.set_state(do, lasts, by, begins=begins)
    if do in logwork.REQUESTS:
        return logwork.perform(running, do, request)
    if do in certifying.REQUESTS:
        return certifying.perform(running, do, request)
    raise BadUse("U004", "do", do=do)


def _stand_behind(running: Engine, do: str, request: Mapping[str, Any]) -> None:
    """Renew or approve a rule, by who is named."""
    rule, by = str(request.get("rule")), str(request.get("by") or ADMIN)
    if do == "renew":
        running.renew(rule, by)
    else:
        running.approve(rule, by, request.get("version"))


def ask_list(folder: Path, content: bytes = b"", **arguments: Any) -> Any:
    """Have a list changed by whoever holds the lock. Raises BadData D004 where no community is."""
    _require(folder)
    msgspec.json.encode(arguments)
    return _either(
        folder,
        lambda running: change_list(running, arguments, content),
        lambda: local_socket.ask(folder, "list", content, **arguments),
        activate=False,
    )


def request(folder: Path, do: str, **arguments: Any) -> Any:
    """Have something done by whoever holds the lock: this process if nobody does. Raises BadData
    D004 where no community is there yet.
    """
    _require(folder)
    return begin(folder, do, **arguments)


def confirm_clock(folder: Path, by: str = ADMIN) -> Any:
    """Say that the machine's clock is right. Raises BadData D004 where no community is, and BadUse
    U085, U200 or U201 where somebody may not: then nothing has started.
    """
    _require(folder)
    with reading(folder) as reader:
        reader.allowed(by, confirming.PERMISSION)
    here = partial(timekeeping.perform, by=by)
    there = partial(local_socket.ask, folder, *timekeeping.REQUESTS, by=by)
    return _either(folder, here, there, activate=False, confirmed=True)


@contextmanager
def asking(folder: Path, **always: Any) -> Iterator[Callable[..., Any]]:
    """Have many things done, one after another, by whoever holds the lock: this process for as long
    as it takes where nobody does. Raises BadData D004 where no community is.
    """
    _require(folder)

    def there(do: str, **arguments: Any) -> Any:
        return local_socket.ask(folder, do, **always, **arguments)

    with ExitStack() as stack:
        try:
            running = stack.enter_context(engine(folder, activate=False))
        except BadData as error:
            if error.code != "D010":
                raise
            yield there
            return
        yield lambda do, **arguments: perform(running, do, {**always, **arguments})


def begin(folder: Path, do: str, **arguments: Any) -> Any:
    """The same, where it may be the first thing that is ever done in a folder.

    Raises UnicodeEncodeError, before anything is begun, for a text that no encoding can hold.
    """
    msgspec.json.encode(arguments)

    def here(running: Engine) -> Any:
        return perform(running, do, arguments)

    def there() -> Any:
        return local_socket.ask(folder, do, **arguments)

    by = str(arguments.get("by") or ADMIN)
    first = not (folder / STORE_FILE).exists()  # a configuration comes before all else
    return _either(folder, here, there, activate=first or do in ACTIVATING, by=by)


def _require(folder: Path) -> None:
    if not (folder / STORE_FILE).exists():
        raise BadData("D004", str(folder), path=folder)


def _either(
    folder: Path,
    here: Callable[[Engine], T],
    there: Callable[[], T],
    **how: Any,
) -> T:
    """Work in this process where nobody holds the lock, else have the holder do it.

    Who has just taken the lock does not listen yet, and who is about to give it back does so no
    more: both are tried in turn, for PATIENCE_SECONDS.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with engine(folder, **how) as running:
                return here(running)
        except BadData as error:
            if error.code != "D010":
                raise
        try:
            return there()
        except local_socket.NobodyThere:
            if time.monotonic() > until:
                raise
        time.sleep(0.05)


def ingest(
    folder: Path,
    file: Path,
    stream: BinaryIO | None,
    timeline: str,
    progress: Callable[[int], None] | None,
    by: str = ADMIN,
) -> tuple[Summary, float]:
    """Take a file of events through the flow; the summary, and how many seconds that took. `by`
    names who activates what is new, where nobody runs yet.
    """
    if stream is None:
        intake.require(file, pipes=True)  # before a folder is made for nothing
    chunks = intake.chunks(file, stream, pipes=True)
    started = time.monotonic()

    made: list[Summary] = []

    def here(running: Engine) -> Summary:
        nonlocal started
        started = time.monotonic()
        made.append(running.ingest(chunks, timeline, progress))
        return made[0]

    try:
        summary = _either(folder, here, lambda: _forward(folder, chunks, timeline, progress), by=by)
    except OmbudError as error:
        if not made:
            raise
        summary = made[0]  # what was taken is taken: only the end went wrong
        summary.keep(0, error.as_json())
    return summary, time.monotonic() - started


def _forward(
    folder: Path, chunks: Iterator[bytes], timeline: str, progress: Callable[[int], None] | None
) -> Summary:
    """Hand the lines to the process that writes, a batch at a time."""
    summary = Summary()
    local_socket.ask(folder, "submit")  # whether somebody is there, before the first byte is read
    for group in summary.until_broken(events.groups(chunks)):
        batch: list[events.Line] = []
        size = 0
        for line in group:
            if line.content is None:
                summary.reject(
                    line.number, BadEvent("E003", "$", size=line.size, limit=EVENT_BYTES_MAX)
                )
                continue
            batch.append(line)
            size += line.size
            if len(batch) >= BATCH or size > FORWARD_BYTES:
                if not _send(folder, batch, timeline, summary, progress):
                    return summary
                batch, size = [], 0
        if batch and not _send(folder, batch, timeline, summary, progress):
            return summary
    return summary


def _send(
    folder: Path,
    batch: list[events.Line],
    timeline: str,
    summary: Summary,
    progress: Callable[[int], None] | None,
) -> bool:
    """Hand over one batch; whether it was taken."""
    content = b"\n".join(line.content for line in batch if line.content is not None)
    try:
        told = local_socket.ask(folder, "submit", content, timeline=timeline)
    except OmbudError as error:
        summary.reject(batch[0].number, error, len(batch))
        return False
    for line, each in zip(batch, told, strict=True):
        _count(summary, line.number, each)
    if progress is not None:
        progress(len(batch))
    return True


def _told(found: Answer | BadEvent) -> dict[str, Any]:
    if isinstance(found, BadEvent):
        return {"error": found.as_json()}
    told: dict[str, Any] = msgspec.to_builtins(found)
    return told


def _count(summary: Summary, line: int, told: Mapping[str, Any]) -> None:
    if "error" in told:
        summary.refuse(line, told["error"])
    else:
        summary.count(msgspec.convert(told, Answer), line)
