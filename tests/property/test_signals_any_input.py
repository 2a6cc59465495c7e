"""Whatever an event says, every signal has an answer, and the same one in every process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import hostile
from flow.small_community import event, line
from ombud.activation.active import Active
from ombud.model import KIND_OF_TYPE, TEXT_LENGTH_MAX
from ombud.signals.declare import COUNTERS, SIGNALS
from property import every_signal

SIGNS = (
    *("\u0301\u0316\u0489\u20dd", "\u202e\u2066\u2069\u200f\u061c", "\u200b\u200d\u2060\ufeff"),
    *("\0\x85\x1b[2J\t\r\n", "\U000e0041\U000e007f", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    *(
        "\u0130\u0131\u1e9e\ufb03\u0345\u1f80",
        "\u0634\u0633 \u05d0\u05d1",
        "\u00e2\u0301\u0323d\u0111",
    ),
    *(
        "http://xn--",
        "@",
        "://",
        "[::1]",
        "%00",
        ".",
        "\u3002",
        "0912345678",
        "4111 1111 1111 1111",
    ),
    *("cheap bags ", "kiem tien ", "https://bit.ly/a ", "\u0410dmin", "matrix.to/#/#a:b.example"),
)
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(SIGNS), st.text(max_size=12), st.characters(exclude_categories=["Cs"])
    ),
    max_size=40,
).map("".join)
BORN = ["2026-02-27T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
PICTURE = {"id": "m", "type": "image/png", "sha256": "0" * 64}
PEOPLE = st.fixed_dictionaries(
    {"id": st.sampled_from(["ana", "bo", "cy"])},
    optional={
        "name": TEXTS,
        "created": st.sampled_from(
            ["2026-02-27T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
        ),
    },
)
DATA = st.fixed_dictionaries(
    {"author": PEOPLE},
    optional={
        "text": TEXTS,
        "room": st.fixed_dictionaries({"id": st.sampled_from(["r", "s"])}),
        "server": st.just({"id": "S.example", "created": "2026-02-01T00:00:00Z"}),
        "mentions": st.lists(PEOPLE, max_size=4),
        "links": st.lists(
            st.fixed_dictionaries({"url": TEXTS}, optional={"shown": TEXTS}), max_size=4
        ),
        "media": st.lists(
            st.just({"id": "m", "type": "image/png", "sha256": "0" * 64}), max_size=2
        ),
        "before": st.fixed_dictionaries({}, optional={"text": TEXTS}),
        "in_reply_to": st.fixed_dictionaries({"id": st.just("p")}, optional={"author": PEOPLE}),
        "reporter": PEOPLE,
        "reported": st.just({"id": "p", "author": {"id": "bo"}}),
        "reason": TEXTS,
    },
)
STREAMS = st.lists(st.tuples(st.sampled_from(sorted(KIND_OF_TYPE)), DATA), min_size=1, max_size=12)


def lines(told: list[tuple[str, dict[str, Any]]]) -> list[bytes]:
    """The events on the wire, a minute apart; half of what is no Unicode is escaped there."""
    return [
        line({**event(number, 60 * number, type=kind), "data": data})
        for number, (kind, data) in enumerate(told)
    ]


@pytest.fixture(scope="module")
def active() -> Active:
    """Everything there is to read."""
    return every_signal.active()


@pytest.fixture(scope="module")
def others() -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes of other hash seeds that explain what they are told."""
    path = os.pathsep.join(sys.path)
    program = [sys.executable, str(Path(every_signal.__file__))]
    started = [
        subprocess.Popen(
            program,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed},
        )
        for seed in ("1", "4242")
    ]
    yield started
    for each in started:
        each.communicate(timeout=60)
        assert each.returncode == 0


def asked(process: subprocess.Popen[str], told: list[bytes]) -> list[Any]:
    """What another process finds."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps([each.decode() for each in told]) + "\n")
    process.stdin.flush()
    found: list[Any] = json.loads(process.stdout.readline())
    return found


def test_the_configuration_reads_what_there_is(active: Active) -> None:
    """Every counter stands in some rule, beside the whole pack: none is left out of the tests."""
    said = [content.decode() for content in every_signal.counters().values()]
    for name in COUNTERS:
        assert any(f"  {name} in last" in text for text in said), name
    assert len(active.rules) > len(COUNTERS)
    assert SIGNALS


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STREAMS)
def test_every_signal_answers_and_alike_everywhere(
    active: Active, others: list[subprocess.Popen[str]], told: list[tuple[str, dict[str, Any]]]
) -> None:
    """Nothing raises; a fact is a whole number, yes or no, a text, several of them, or unknown; two
    processes with other hash seeds find the same.
    """
    made = lines(told)
    found = every_signal.explained(active, made)
    for each in found:
        if isinstance(each, dict):
            for name, value in each.get("facts", {}).items():
                assert value is None or type(value) in (bool, int, str, tuple), name
    plain = json.loads(json.dumps(found))
    for process in others:
        assert asked(process, made) == plain


LONG = dict(hostile.longest())


@pytest.mark.parametrize("name", LONG)
def test_the_longest_texts_are_answered(
    name: str, active: Active, others: list[subprocess.Popen[str]]
) -> None:
    """At the bound every signal answers, and alike in every process; one sign more is refused with
    its code.
    """
    text = LONG[name]
    good, bad = line(event(1, text=text)), line(event(2, text=f"{text}aaaa"[: TEXT_LENGTH_MAX + 1]))
    found = every_signal.explained(active, [good, bad])
    assert isinstance(found[0], dict)
    assert found[1] == "E004" if len(text) == TEXT_LENGTH_MAX else isinstance(found[1], dict)
    plain = json.loads(json.dumps(found))
    for process in others:
        assert asked(process, [good, bad]) == plain
