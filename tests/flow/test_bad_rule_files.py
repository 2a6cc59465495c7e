"""Files that cannot be taken: each is told as what it is, and the rules that run go on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flow.small_community import NOW, RULES, agrees_with_replay, event, line, prepare
from ombud.activation.compiling import BadRulesFound
from ombud.app import Engine
from ombud.transaction import Answer

GOOD = RULES["bags.rule"].replace("rule bags", "rule zzz").encode()


def _nested(text: bytes) -> bytes:
    groups = b"".join(b" " * (2 + 2 * depth) + b"any of\n" for depth in range(100))
    return text.replace(b"when\n", b"when\n" + groups)


# What is done to a good rule, and the code that explains why it is refused.
BAD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "UTF-16": (lambda text: text.decode().encode("utf-16"), "R001"),
    "Latin-1": (lambda text: text.replace(b'en  "', b'en  "\xe9'), "R001"),
    "a zero byte": (lambda text: text.replace(b"when", b"wh\0en", 1), "R009"),
    "a bidi override": (lambda text: text.replace(b"when", "when \u202e".encode(), 1), "R009"),
    "a space of no width": (lambda text: text.replace(b"when", "wh\u200ben".encode(), 1), "R009"),
    "a line of a megabyte": (lambda text: text + b"# " + b"x" * 2**20, "R002"),
    "a hundred thousand lines": (lambda text: text + b"\n" * 100_000, "R002"),
    "a long line": (lambda text: text + b"#" * 1001, "R004"),
    "a name that is taken": (lambda text: text.replace(b"rule zzz", b"rule bags"), "R080"),
    "deep nesting": (_nested, "R027"),
    "a pattern that explodes": (
        lambda text: text.replace(b"when\n", b'when\n  text matches "(a{1000}){1000}"\n'), "R063"),
    "lines that exclude each other": (
        lambda text: text.replace(b"when\n", b"when\n  links.any\n  not links.any\n"), "R130"),
}  # fmt: skip


def _judged(engine: Engine, round_: int) -> list[str]:
    """What is done about a post that a rule holds and one that none does."""
    lines = [line(event(f"{round_}-{text}", text=text)) for text in ("cheap bags", "thanks")]
    answers = engine.submit(lines)
    return [answer.action for answer in answers if isinstance(answer, Answer)]


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_told_and_what_runs_goes_on(what: str, tmp_path: Path) -> None:
    """The reload is refused with the code that says why; judging goes on as before it."""
    spoil, code = BAD[what]
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        running = engine.writer.pipeline.community.active.digest
        before = _judged(engine, 1)
        assert before == ["hold", "allow"]
        (tmp_path / "rules" / "zzz.rule").write_bytes(spoil(GOOD))
        with pytest.raises(BadRulesFound) as refused:
            engine.reload()
        assert code in {each.code for each in refused.value.diagnostics}
        assert {each.file for each in refused.value.diagnostics} == {"zzz.rule"}
        assert engine.writer.pipeline.community.active.digest == running
        assert _judged(engine, 2) == before
        (tmp_path / "rules" / "zzz.rule").write_bytes(GOOD)
        assert engine.reload()  # it was the spoiling that was refused
        agrees_with_replay(engine)
