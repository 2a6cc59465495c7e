"""A reviewer as a process of its own: takes cases through the socket and decides them, or reaches
for the same cases as everybody else. Prints what it got.

    python deciding_process.py FOLDER NAME next            until nothing waits
    python deciding_process.py FOLDER NAME CASE [CASE ...]  these, without claiming them
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ombud import local_socket
from ombud.errors import BadUse


def decide(folder: Path, name: str, case: str, lease: str | None) -> str:
    """Release one case; what came of it."""
    try:
        local_socket.ask(folder, "decide case", case=case, by=name, outcome="release", lease=lease)
    except BadUse as error:
        return error.code
    return "decided"


def main() -> None:
    """Work until there is nothing left."""
    folder, name, *cases = Path(sys.argv[1]), *sys.argv[2:]
    got: list[tuple[str, str]] = []
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()  # all begin together
    if cases != ["next"]:
        got = [(each, decide(folder, str(name), str(each), None)) for each in cases]
    else:
        while True:
            told = local_socket.ask(folder, "claim case", by=str(name))
            if told["case"] is None:
                break
            got.append((told["case"], decide(folder, str(name), told["case"], told["lease"])))
    sys.stdout.write(json.dumps(got) + "\n")


if __name__ == "__main__":
    main()
