"""A process that lets go of what has ended, backs up or restores, until it is killed.

    python ending_process.py look FOLDER NOW | backup FOLDER OUT | restore OUT FOLDER KEYS NOW

OMBUD_FAULT names the place where it is to die.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ombud import backup
from ombud.app import Engine, crash_point
from ombud.retention import Retention


def main() -> None:
    """Do what is asked, once."""
    what, first, second, *more = sys.argv[1:]
    if what == "look":
        with Engine(Path(first), now=lambda: int(second), activate=False) as engine:
            Retention(engine).look()
    elif what == "backup":
        backup.make(Path(first), Path(second), crash_point())
    else:
        now = int(more[1])
        backup.restore(
            Path(first), Path(second), Path(more[0]), now=lambda: now, fault=crash_point()
        )


if __name__ == "__main__":
    main()
