"""How fast the pages of cases are with many open ones: over HTTP, and from key to next case in
Chromium, on loopback.

    python -m bench.case_pages [COUNT] [--write]

The flood of `bench.cases` opens COUNT cases (100,000). Measured: the page of the queues, a case, a
decision with the next case's page, each as a client on this machine sees it; and in a real browser,
inside the page, from the key that decides to the focus on the next case's heading. The engine makes
all cases, in groups of 512 events: at 100,000 that takes most of the minutes. With --write the
figures stand in docs/reference/speed.md.
"""

from __future__ import annotations

import argparse
import http.client
import os
import platform
import re
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn

from bench.__main__ import CASES, PAGE, page
from bench.cases import LENGTH, START, event, median, prepare
from ombud import staffing
from ombud.app import Engine
from ombud.doors import Doors
from ombud.entrance import Entrance
from ombud.web.pages import application

ROUNDS = 50
BOUNDS = {  # milliseconds, of issue 6, set before the first measured run
    "page of the queues over HTTP": 200,
    "page of one queue over HTTP": 200,
    "key to next case in Chromium": 100,
}
PASSWORD = "nine herons over the delta"  # noqa: S105 -- of an account that ends with the bench
FORM = "application/x-www-form-urlencoded"
SLOW = 20_000  # milliseconds after which a key that leads nowhere is a fault of the bench
# Inside the page: milliseconds from a key to the focus on another heading. Until the answer is
# whole the page takes no other key: `settled` says when it does.
WATCH = """() => {
  window.settled = false;
  document.addEventListener('htmx:finally:request', () => { window.settled = true; }, {once: true});
  const before = document.getElementById('case');
  window.took = new Promise((done, failed) => {
    setTimeout(failed, SLOW, new Error('the key leads nowhere'));
    addEventListener('keydown', () => {
      const began = performance.now();
      const look = () => {
        const at = document.getElementById('case');
        if (at && at !== before && document.activeElement === at) done(performance.now() - began);
        else requestAnimationFrame(look);
      };
      look();
    }, {once: true, capture: true});
  });
}""".replace("SLOW", str(SLOW))


class Client:
    """Somebody who is in, on one connection."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"cookie": f"ombud={cookie}", "sec-fetch-site": "same-origin"}

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def get(self, path: str) -> str:
        """A page."""
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{path} is answered {answer.status}")
        return body

    def send(self, path: str, fields: dict[str, str]) -> str:
        """A form; where its answer leads."""
        headers = {**self.headers, "content-type": FORM}
        self.connection.request("POST", path, urlencode(fields), headers)
        answer = self.connection.getresponse()
        answer.read()
        return str(answer.headers["location"])


@contextmanager
def flooded(folder: Path, count: int) -> Iterator[tuple[int, str]]:
    """So many open cases behind pages on a port; the port, and the cookie of a reviewer."""
    prepare(folder)
    clock = [int(START.timestamp() * 1_000_000)]
    with Engine(folder, now=lambda: clock[0]) as engine:
        for begin in range(0, count, 512):
            clock[0] = int((START.timestamp() + begin * LENGTH / count) * 1_000_000)
            engine.submit(
                [
                    event(n, n * LENGTH / count, f"cheap shoes {n}", "hall")
                    for n in range(begin, min(begin + 512, count))
                ]
            )
        clock[0] = int((START.timestamp() + LENGTH) * 1_000_000)
        for name, roles in (("Ana", ["admin"]), ("Mia", ["reviewer"])):
            staffing.change(engine, "added", name, "admin", roles=roles)
        entrance = Entrance(engine, now=lambda: clock[0])
        link = staffing.link(engine, "Mia", clock[0])[0].rpartition("/")[2]
        cookie = entrance.use_link(link, PASSWORD, "").cookie
        with closing(Doors(engine, "http://localhost")) as doors:
            app = application(doors, entrance=entrance)
            config = uvicorn.Config(app, port=0, log_config=None, lifespan="off")
            server, sock = uvicorn.Server(config), config.bind_socket()
            thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
            thread.start()
            while not server.started:
                time.sleep(0.01)
            try:
                yield int(sock.getsockname()[1]), cookie
            finally:
                server.should_exit = True
                thread.join()
                sock.close()


def over_http(port: int, cookie: str, rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds in the middle, as a client sees them."""
    with closing(Client(port, cookie)) as client:
        return _asked(client, rounds)


def _asked(client: Client, rounds: int) -> dict[str, float]:
    form = re.findall(r'name="form" value="([^"]*)"', client.get("/cases"))[0]
    at = [client.send("/cases", {"form": form, "queue": "review"})]

    def decide() -> None:
        page = client.get(at[0])
        kept = dict(re.findall(r'name="(record|upto)" value="([^"]*)"', page))
        sent = {"form": form, "do": "decide", "offer": "release", **kept}
        began = time.perf_counter()
        at[0] = client.send(at[0].partition("?")[0], sent)
        client.get(at[0])
        steps.append((time.perf_counter() - began) * 1000)

    steps: list[float] = []
    found = {
        "page of the queues over HTTP": median(lambda: client.get("/cases"), rounds),
        "page of one queue over HTTP": median(lambda: client.get("/cases?queue=review"), rounds),
        "page of a case over HTTP": median(lambda: client.get(at[0]), rounds),
    }
    for _ in range(rounds):
        decide()
    found["decided, and the next case's page"] = statistics.median(steps)
    return found


def in_chromium(port: int, cookie: str, rounds: int = ROUNDS) -> dict[str, float]:
    """From key to next case; nothing where there is no Chromium."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "chromium-headless-shell")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        return {}
    times: list[float] = []
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--no-proxy-server"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        context = browser.new_context(base_url=f"http://127.0.0.1:{port}")
        given: Any = {"name": "ombud", "value": cookie, "url": f"http://127.0.0.1:{port}"}
        context.add_cookies([given])
        page = context.new_page()
        page.goto("/cases")
        page.keyboard.press("n")
        page.wait_for_url("**/cases/cas_*")
        for _ in range(rounds):
            page.evaluate(WATCH)
            page.keyboard.press("1")
            times.append(float(page.evaluate("window.took")))
            page.wait_for_function("() => window.settled")
        browser.close()
    return {
        "key to next case in Chromium": statistics.median(times),
        "key to next case, the slowest": max(times),
    }


def section(found: dict[str, float], count: int, seconds: float, load: float) -> str:
    """The figures as Markdown, each beside its bound where it has one."""
    day, version = datetime.now(UTC).date(), platform.python_version()
    rows = []
    for name, value in found.items():
        bound = BOUNDS.get(name)
        met = "" if bound is None else "yes" if value <= bound else "no"
        rows.append(f"| {name} | {value:.1f} | {bound or ''} | {met} |")
    return "\n".join(
        [
            f"Measured on {day} with Python {version} on {os.cpu_count()} cores,",
            f"under a load average of {load:.1f} when the pages were first asked for.",
            f"{count:,} open cases; the engine had made them in {seconds:.0f} seconds.",
            f"Milliseconds, medians of {ROUNDS} rounds; server and browser share the machine.",
            "`python -m bench.case_pages --write` does it again.",
            "",
            "| what | milliseconds | at most | met |",
            "| --- | ---: | ---: | --- |",
            *rows,
            "",
        ]
    )


def main() -> None:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.case_pages", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=100_000, help="open cases")
    parser.add_argument("--write", action="store_true", help="write docs/reference/speed.md")
    asked = parser.parse_args()
    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="bench-case-pages-") as folder,
        flooded(Path(folder) / "community", asked.count) as (port, cookie),
    ):
        seconds, load = time.perf_counter() - began, os.getloadavg()[0]
        found = over_http(port, cookie)
        found |= in_chromium(port, cookie)
    told = section(found, asked.count, seconds, load)
    print(told)
    if asked.write:
        before = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(page(before, {CASES: told}), encoding="utf-8")


if __name__ == "__main__":
    main()
