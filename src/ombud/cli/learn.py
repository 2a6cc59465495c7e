"""`ombud learn`: a model for one clause from this community's own decisions, and its card.

This module must never print a text, an author or a word that a model knows.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ombud.cli.show import (
    WRONG,
    Group,
    data_option,
    json_option,
    past_progress,
    print_json,
    say,
    talk,
    told,
)

_ANSWERS = {"breaks": "that broke it", "does_not": "that did not"}
_LEFT_OUT = {
    "contradictory": "people answered differently",
    "without_text": "no text, or none that is kept",
    "too_many": "more than a model needs",
    "nearly_alike": "nearly alike",
    "same_author": "of the same author",
}


class _Clauses(Group):
    """A clause in place of a command means to train its model: `ombud learn spam.links`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was meant."""
        if args and "." in args[0] and args[0] not in self.commands:
            return "clause", self.commands["clause"], args
        return super().resolve_command(ctx, args)


@click.group(cls=_Clauses)
def learn() -> None:
    """Models for clauses, trained from what people decided here: `ombud learn spam.links`."""


@learn.command("clause")
@click.argument("clause")
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    help="A file of labels, one JSON object a line: source, id, clause, breaks.",
)
@data_option
@json_option
def learn_clause(clause: str, labels: Path | None, folder: Path, as_json: bool) -> None:
    """Train the model of CLAUSE; `ombud learn CLAUSE` is the same. Exit code 1: not enough."""
    with told(as_json):
        from ombud.learn import run

        with past_progress(as_json) as begin:
            found = run.learn(folder, clause, labels, begin)
        if as_json:
            print_json(found.as_json())
        else:
            _tell(found.as_json())
        if found.model is None:
            sys.exit(WRONG)


def _tell(found: dict[str, Any]) -> None:
    """What came out, in words."""
    have = ", ".join(f"{count:,} {_ANSWERS[answer]}" for answer, count in found["have"].items())
    say(f"{found['clause']}: {have}")
    for why, count in found["left_out"].items():
        if count:
            say(f"    {count:,} left out: {_LEFT_OUT[why]}")
    if found["model"] is None:
        say("Not enough to learn from.")
        say(f"    {found['why']}")
        talk("Nothing was changed.")
        return
    _show_card(found["card"])
    say(f"model {found['model'][:16]}")
    talk("Rules ask it once the configuration is activated anew: `ombud connect reload`.")


def _show_card(card: dict[str, Any]) -> None:
    """The card, line by line."""
    measured = card["measured"]
    made = measured["made"]
    say(f"    {made['rows']:,} texts, {made['harmful']:,} that broke the clause")
    if made["since"]:
        say(f"    written from {made['since']} to {made['until']}")
    say(f"    F1 {_rate(measured['f1'])}, AUROC {_rate(measured['auroc'])}")
    for each in measured["at_recall"]:
        recall, precision = each["recall"] / 10, each["precision"] / 10
        say(f"    finds {recall:g} % at {each['score'] / 10:g} %: {precision:g} % of that is right")
    for note in measured["notes"]:
        say(f"    {note}")


def _rate(rate: dict[str, int]) -> str:
    """A figure with its interval, in percent."""
    return f"{rate['value'] / 10:g} % ({rate['low'] / 10:g} to {rate['high'] / 10:g})"


@learn.command("list")
@data_option
@json_option
def learn_list(folder: Path, as_json: bool) -> None:
    """All models: for which clause, since when, and whether anything is wrong with them."""
    with told(as_json):
        from ombud.learn import shown

        found = shown.listed(folder)
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            state = "asked by rules in force" if each["in_force"] else "asked by no rule in force"
            say(f"{each['clause']:<24} {(each['model'] or '-')[:16]}  {state}{_wrong(each)}")


def _wrong(about: dict[str, Any]) -> str:
    """What is wrong with a model, if anything."""
    said = []
    if about["problem"]:
        said.append(about["problem"])
    if about["clause_now"] != "same":
        said.append(f"the clause is {about['clause_now']}")
    if about["erased_since"]:
        said.append("somebody was erased since: train it anew")
    return "".join(f"; {each}" for each in said)


@learn.command("show")
@click.argument("clause")
@data_option
@json_option
def learn_show(clause: str, folder: Path, as_json: bool) -> None:
    """The card of a clause's model: on what it was trained, and how well it does."""
    with told(as_json):
        from ombud.learn import shown

        found = shown.shown(folder, clause)
        if as_json:
            print_json(found)
            return
        say(f"{clause}  {found['model'][:16]}  trained {found['trained']}{_wrong(found)}")
        _show_card(found)
