"""What the commands about the public log can tell, done on a small community."""

from __future__ import annotations

import shutil
from pathlib import Path

from flow.commands_run import Community
from flow.small_community import rows
from outsider.witnesses_run import vkey_of


def prove(community: Community, base: Path) -> None:
    """A receipt checked alone, a witness that is not there, the log handed over, and in a copy of
    the folder an older store under the newest key file.
    """
    run, folder = community.run, community.folder
    run("ledger head")
    run("ledger verify", folder, data=False)
    key = (folder / "ledger" / "vkey").read_text().strip()
    decision = rows(folder, "SELECT id FROM decision ORDER BY leaf DESC LIMIT 1")[0][0]
    proof, said = base / "one.tlog-proof", base / "one.statement.json"
    run("ledger receipt", decision, "--out", proof, "--statement", said)
    run("ledger verify", proof, "--key", key, "--statement", said, data=False)
    run("transparency public", "--out", base / "out")
    policy = f"witness w1 {vkey_of('w1')} http://127.0.0.1:9/w\nquorum w1\n"
    (folder / "witnesses.policy").write_text(policy)
    run("ledger publish")
    run("ledger witnesses")
    (folder / "witnesses.policy").unlink()
    run("ledger rotate")
    copy = Path(shutil.copytree(folder, base / "older", ignore=shutil.ignore_patterns("*.sock")))
    run("ledger succeed", "log.example/second")
    run("ledger verify", folder, "--key", key, data=False)
    for each in copy.glob("ombud.keys*"):
        each.unlink()
    shutil.copy2(folder / "ombud.keys", copy / "ombud.keys")
    community.folder = copy
    run("ledger head")
    community.folder = folder
