"""What became of a stream of events: counts by answer, by rule and by action, and the first errors.

This module must never keep more of an event than its line number and what was wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from ombud.errors import BadEvent, OmbudError
from ombud.transaction import Answer

ERRORS_SHOWN = 20

T = TypeVar("T")


@dataclass(slots=True)
class Summary:
    """What became of a stream of events."""

    accepted: int = 0
    duplicate: int = 0
    conflict: int = 0
    rejected: int = 0
    hits_by_rule: dict[str, int] = field(default_factory=dict)
    unknown_by_rule: dict[str, int] = field(default_factory=dict)
    by_action: dict[str, int] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def count(self, answer: Answer, line: int) -> None:
        """Count the answer to an event that stood on a line."""
        if answer.status == "duplicate":
            self.duplicate += 1
        elif answer.status == "conflict":
            self.conflict += 1
            self.keep(line, BadEvent("E008", "$.id").as_json())
        else:
            self.accepted += 1
            _add(self.by_action, answer.action)
            for rule in answer.fired:
                _add(self.hits_by_rule, rule)
            for rule in answer.unknown:
                _add(self.unknown_by_rule, rule)

    def reject(self, line: int, error: OmbudError, count: int = 1) -> None:
        """Count `count` events, from a line on, that were not taken; the first errors are kept."""
        self.refuse(line, error.as_json(), count)

    def refuse(self, line: int, error: dict[str, Any], count: int = 1) -> None:
        """The same, for an error that another process told."""
        self.rejected += count
        self.keep(line, error)

    def keep(self, line: int, error: dict[str, Any]) -> None:
        """Keep one of the first errors, with its line; 0 for the stream as a whole."""
        if len(self.errors) < ERRORS_SHOWN:
            self.errors.append({"line": line, **error})

    def collect(
        self,
        numbers: Sequence[int],
        future: Future[list[Answer]],
        progress: Callable[[int], None] | None,
    ) -> bool:
        """Count the answers of a batch of numbered lines; whether it was taken."""
        try:
            answers = future.result()
        except OmbudError as error:
            self.reject(numbers[0], error, len(numbers))
            return False
        for number, answer in zip(numbers, answers, strict=True):
            self.count(answer, number)
        if progress is not None:
            progress(len(answers))
        return True

    def until_broken(self, stream: Iterable[T]) -> Iterator[T]:
        """A stream as far as it goes; where it breaks, that is one error, at line 0."""
        try:
            yield from stream
        except OmbudError as error:
            self.reject(0, error)

    def as_json(self) -> dict[str, Any]:
        """The summary as data."""
        return asdict(self)


def _add(counts: dict[str, int], key: str) -> None:
    counts[key] = counts.get(key, 0) + 1
