"""The log of a running server, checked by its address alone, as the how-to says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from cli.command_line import run
from flow.demanded import SECRECY, demand
from flow.small_community import event, line
from ombud import clock
from ombud.clock import DAY, rfc3339
from ombud.doors import Doors
from ombud.web.exchange import App
from ombud.web.pages import application
from web.served import serving


def checked(address: str, *more: str) -> dict[str, Any]:
    """What somebody outside finds."""
    command = ("ledger", "verify", address, "--counts", "--allow", "127.0.0.1", "--json", *more)
    shown = run(*command)
    found = json.loads(shown.stdout)
    assert shown.exit_code == (0 if found["ok"] else 1)
    return cast("dict[str, Any]", found)


def test_whoever_has_the_address_checks_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Log, counts and register, also when the log has grown; a demand that is not shown is missed,
    a secret one is not.
    """
    opened: list[Doors] = []

    def pages(doors: Doors) -> App:
        opened.append(doors)
        return cast("App", application(doors))

    with serving(tmp_path / "data", pages=pages) as server:
        engine = opened[0].engine
        engine.submit([line(event(1, 1, text="cheap bags"))])
        engine.publish()
        first = checked(server.address)
        assert first["ok"], first["problems"]
        secret = rfc3339(clock.now() + DAY)
        demand(engine, clause=None, secret_until=secret, secret_why=SECRECY)
        demand(engine, clause=None)
        engine.publish()
        monkeypatch.setattr(opened[0].engine, "now", lambda: clock.now() + clock.MINUTE)
        second = checked(server.address, "--key", opened[0].ledger_head()["key"])
        assert second["ok"], second["problems"]
        assert second["size"] == first["size"] + 2
        whole = opened[0].register
        monkeypatch.setattr(opened[0], "register", lambda: whole()[1:])
        third = checked(server.address)
        assert [each["code"] for each in third["problems"]] == ["L071"]
        assert "tells of 1, the log of 2" in third["problems"][0]["message"]
