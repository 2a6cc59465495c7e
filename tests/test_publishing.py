"""The log of a running engine: signed between groups, as often as the settings say."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import NOW, change, event, line, prepare, rows
from ombud import publishing
from ombud.app import Engine
from ombud.clock import MINUTE
from ombud.config import Log, Settings
from ombud.errors import BadLedger


def test_a_head_is_signed_once_an_hour_by_default() -> None:
    """And as often as the setting says."""
    assert publishing.every(Settings()) == 60 * MINUTE
    assert publishing.every(Settings(ledger=Log(publish_minutes=5))) == 5 * MINUTE


def test_a_running_engine_signs_when_it_is_time(tmp_path: Path) -> None:
    """Not before; the clock is ours."""
    moment = [NOW]
    folder = prepare(tmp_path / "data", settings="[ledger]\npublish_minutes = 7\n")
    with Engine(folder, now=lambda: moment[0]) as engine:
        signed: list[int] = []
        engine.log.signed = lambda: signed.append(moment[0])
        for minute in (1, 6, 7, 8, 13, 14):
            moment[0] = NOW + minute * MINUTE
            engine.submit([line(event(minute, minute))])
            engine.writer.between(lambda: None).result()
        assert [(each - NOW) // MINUTE for each in signed] == [7, 14]


def test_signing_when_asked(tmp_path: Path) -> None:
    """At once, and whoever asked is told why not."""
    folder = prepare(tmp_path / "data")
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(1, 1, text="cheap bags"))])
        assert rows(folder, "SELECT published FROM head") == [(0,)]
        engine.publish()
        size, published = rows(folder, "SELECT leaves, published FROM head")[0]
        assert size == published > 0
        before = (folder / "ledger" / "checkpoint").read_bytes()
        (folder / "ledger" / "checkpoint").unlink()
        engine.show_head()
        assert (folder / "ledger" / "checkpoint").read_bytes() == before
        change(folder, "UPDATE head SET root = zeroblob(32)")
        with pytest.raises(BadLedger, match="L080"):
            engine.publish()
        change(folder, "UPDATE head SET root = NULL")
