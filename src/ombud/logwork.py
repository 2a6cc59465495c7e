"""What is done about the public log of a running engine: signing now, asking witnesses, handing it
over to another key or another log.

This module must never keep the writer waiting for a witness.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

from ombud import config, egress, staffing, transparency, witnesses
from ombud.app import KEY_FILE, Engine
from ombud.attestations import Cosigned
from ombud.config import STORE_FILE, Settings
from ombud.errors import BadUse, catalogue
from ombud.ledger import policy
from ombud.ledgerbook import LedgerBook
from ombud.staff.people import ADMIN
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

catalogue(
    U364=(
        "ombud.toml calls the log {origin}.",
        "Take the setting out, or write the new name there first.",
    ),
)

REQUESTS = ("publish log", "rotate log", "succeed log")


def perform(running: Engine, do: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Do what a request asks; where the log stands then."""
    by = str(request.get("by") or ADMIN)
    if do == "publish log":
        staffing.allowed(running, by, "keys")
        running.publish()
        gather(running)
        return head(running)
    origin = str(request.get("origin") or "")
    if do == "rotate log":
        running.hand_over("", by)
        return head(running)
    if not origin:
        raise BadUse("U361", "origin", origin="''")
    named = settings(running).origin
    if named not in ("", origin):
        raise BadUse("U364", config.SETTINGS_FILE, origin=named)
    running.hand_over(origin, by)
    return head(running)


def settings(running: Engine) -> Settings:
    """What ombud.toml says now: an engine that only does one thing has not read it."""
    path = running.folder / config.SETTINGS_FILE
    if not path.exists():
        return Settings()
    return config.parse_settings(config.read_file(path), str(path))


def head(running: Engine) -> dict[str, Any]:
    """Where the log stands, read beside the writer."""
    with (
        closing(Store(running.folder / STORE_FILE, readonly=True)) as store,
        closing(KeyFile(running.folder / KEY_FILE, readonly=True)) as keys,
    ):
        return LedgerBook(store, keys, running.folder).head()


def gather(running: Engine) -> bool:
    """Ask the witnesses who have not confirmed the latest head, and keep what they answer. Whether
    none is left that could.
    """
    text = transparency.policy_of(running.folder)
    if not text:
        return True
    trust = policy.parse(text)
    with closing(Store(running.folder / STORE_FILE, readonly=True)) as store:
        row, known = store.one("signed_head"), store.all("witnesses")
    if row is None:
        return True
    done = trust.attested(row[1]).names
    waiting = [each for each in trust.witnesses.values() if each.name not in done and each.url]
    if not waiting:
        return True
    asked = settings(running).ledger
    with closing(egress.Egress(asked.allow, where="ledger.allow")) as out:
        told = witnesses.ask_all(
            running.folder / transparency.FOLDER,
            row[1],
            waiting,
            {each[0]: each[1] for each in known},
            out,
            asked.timeout_seconds,
            running.now(),
        )
    running.change(Cosigned(row[1], text, told))
    running.show_head()
    return all(each.line for each in told)
