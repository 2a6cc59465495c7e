"""The real server in a process of its own, for the tests of faults; its clock can be moved.

    python serving_process.py FOLDER PORT CLOCK

It is what `ombud serve` runs. CLOCK is a file of 8 bytes: how many microseconds this process's
clock is ahead of the machine's (signed, little-endian). The clock is put in place before anything
of the server is imported: the program knows nothing of it. Its first line of output is its address.
It ends with its input, so that it does not outlive the tests.

`Serving` is the handle by which tests start, steer and kill it.
"""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from ombud import clock

PATIENCE_SECONDS = 60.0  # until a process that does not do its part has failed
OFFSET_BYTES = 8
KILLED = -9


def shifted(path: Path) -> Callable[[], int]:
    """A clock that is ahead of the machine's by what a file says at that moment."""
    real = clock.now
    with path.open("rb") as file:
        ahead = mmap.mmap(file.fileno(), OFFSET_BYTES, prot=mmap.PROT_READ)
    return lambda: real() + int.from_bytes(ahead[:OFFSET_BYTES], "little", signed=True)


def end_with_input() -> None:
    """End when the process that holds the other end of our input is gone."""
    while os.read(0, 1):
        pass
    os._exit(1)


def main() -> None:
    """Serve until told to stop."""
    folder, port, ahead = sys.argv[1:]
    threading.Thread(target=end_with_input, daemon=True).start()
    vars(clock)["now"] = shifted(Path(ahead))
    from ombud.server import of_community

    def listening(address: str) -> None:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()

    of_community(Path(folder), "127.0.0.1", int(port), "warning").run(listening)


class Serving:
    """A server that can be started again and again over one folder, always on the same port.

    What it logs is gathered in `log`, outside of its folder.
    """

    def __init__(self, folder: Path, aside: Path) -> None:
        self.folder = folder
        self.log = aside / "server.log"
        self.port = 0
        self._ahead = aside / "clock"
        self.ahead = 0
        self.shift(0)
        self._process: subprocess.Popen[bytes] | None = None

    # --- its life ---------------------------------------------------------------------------------

    def begin(self, **environment: str) -> None:
        """Start the process, and wait for nothing."""
        named: Mapping[str, str] = {**os.environ, **environment}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, __file__, self.folder, str(self.port), self._ahead],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=named,
            )

    def start(self, **environment: str) -> None:
        """Start the process, and wait until it takes requests."""
        self.begin(**environment)
        assert self._process is not None
        assert self._process.stdout is not None
        address = self._process.stdout.readline().decode().strip()
        assert address, self.told()
        self.port = int(address.rpartition(":")[2])

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> bool:
        """SIGKILL; whether it was running."""
        return self._ended(lambda process: process.kill()) == KILLED

    def wait_for_death(self) -> None:
        """Wait until the process has killed itself, at the place that OMBUD_FAULT names."""
        assert self._ended(lambda process: None) == KILLED, self.told()  # noqa: ARG005

    def stop(self) -> int:
        """SIGTERM, and wait for the end; the exit code."""
        return self._ended(lambda process: process.terminate())

    def _ended(self, end: Callable[[subprocess.Popen[bytes]], None]) -> int:
        if self._process is None:
            return 0
        process, self._process = self._process, None
        end(process)
        try:
            return process.wait(PATIENCE_SECONDS)
        finally:
            process.kill()
            process.communicate()

    def told(self) -> str:
        """What it has logged last."""
        return self.log.read_text(encoding="utf-8")[-4000:]

    # --- its clock --------------------------------------------------------------------------------

    def shift(self, microseconds: int) -> None:
        """Set its clock so far ahead of the machine's, from now on."""
        self.ahead = microseconds
        place = os.open(self._ahead, os.O_CREAT | os.O_WRONLY, 0o600)
        os.pwrite(place, microseconds.to_bytes(OFFSET_BYTES, "little", signed=True), 0)
        os.close(place)

    def now(self) -> int:
        """What its clock says."""
        return clock.now() + self.ahead


if __name__ == "__main__":
    main()
