"""The witnesses of a running server: asked by itself, again where one did not answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from flow.served_platform import wait
from flow.serving_process import Serving
from flow.small_community import event, line, rows
from ombud import auditing, logwork, witnessing
from ombud.app import Engine
from ombud.doors import Doors
from ombud.witnessing import Witnessing
from test_logwork import now
from witnessed_community import witnessed

ASKED = "SELECT witnesses FROM signed_head WHERE kind = 'latest'"


@contextmanager
def running(folder: Path) -> Iterator[tuple[Engine, Doors]]:
    """An engine with its doors, by the clock's time."""
    with Engine(folder, now=now) as engine, closing(Doors(engine, "https://talk.example")) as doors:
        yield engine, doors


def test_a_server_has_its_log_confirmed(tmp_path: Path) -> None:
    """Nothing is asked of anybody: what an earlier process signed is confirmed soon after the
    start, and the public file has the witness's line.
    """
    with witnessed(tmp_path, ["honest"], 1) as (folder, _):
        serving = Serving(folder, tmp_path)
        serving.start()
        try:
            wait(lambda: rows(folder, ASKED) == [("w1",)], "the witness's line")
            wait(
                lambda: (
                    (folder / "ledger" / "checkpoint").read_bytes().count("\u2014".encode()) == 2
                ),
                "the line in the public file",
            )
            url = f"http://127.0.0.1:{serving.port}/ledger"  # a server gives all that a check needs
            served = auditing.check(url, auditing.Trust(), ("127.0.0.1",))
            assert (served["ok"], served["witnesses"]) == (True, "w1")
        finally:
            assert serving.stop() == 0
        assert auditing.check(str(folder), auditing.Trust())["ok"]


def test_each_new_head_is_confirmed(tmp_path: Path) -> None:
    """Without a start in between."""
    with witnessed(tmp_path, ["honest"], 1) as (folder, _), running(folder) as (engine, doors):
        part = Witnessing(doors)
        part.start()
        wait(lambda: rows(folder, ASKED) == [("w1",)], "the first")
        engine.submit([line(event(900, 900, text="cheap bags"))])
        engine.publish()
        size = rows(folder, "SELECT published FROM head")[0][0]
        wait(
            lambda: rows(folder, "SELECT size, witnesses FROM signed_head") == [(size, "w1")] * 2,
            "the second",
        )
        part.close()


def test_who_did_not_answer_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while; meanwhile the server goes on, and it ends without waiting for that while."""
    monkeypatch.setattr(witnessing, "AGAIN_SECONDS", 0.2)
    with witnessed(tmp_path, ["broken"], 1) as (folder, _), running(folder) as (_, doors):
        part = Witnessing(doors)
        part.start()
        wait(lambda: rows(folder, "SELECT 1 FROM witness"), "the first time")
        first = rows(folder, "SELECT asked FROM witness")
        wait(lambda: rows(folder, "SELECT asked FROM witness") != first, "the second time")
        monkeypatch.setattr(witnessing, "AGAIN_SECONDS", 600)
        part.close()
    assert "witnessing" not in {each.name for each in threading.enumerate()}


def test_no_failure_ends_the_asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong on the way: a folder that cannot be read, a store that is busy."""
    monkeypatch.setattr(witnessing, "AGAIN_SECONDS", 0.05)
    gather, failures = logwork.gather, [OSError("disk"), RuntimeError("no thread"), ValueError()]

    def failing(engine: Engine) -> bool:
        if failures:
            raise failures.pop()
        return gather(engine)

    monkeypatch.setattr(logwork, "gather", failing)
    with witnessed(tmp_path, ["honest"], 1) as (folder, _), running(folder) as (_, doors):
        part = Witnessing(doors)
        part.start()
        wait(lambda: rows(folder, ASKED) == [("w1",)], "the witness's line")
        part.close()


def test_a_policy_that_is_spoilt_meanwhile_ends_nothing(tmp_path: Path) -> None:
    """It is tried again; mended, the witness is asked."""
    with witnessed(tmp_path, ["honest"], 1) as (folder, _), running(folder) as (engine, doors):
        good = (folder / "witnesses.policy").read_bytes()
        (folder / "witnesses.policy").write_text("nonsense\n")
        part = Witnessing(doors)
        part.start()
        (folder / "witnesses.policy").write_bytes(good)
        engine.publish()
        wait(lambda: rows(folder, ASKED) == [("w1",)], "the witness's line")
        part.close()
