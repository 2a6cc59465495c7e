"""`ombud replay`: the past judged again, by the rules it was judged by or by others.

This module must never print anything of a run over people's past that is not in the public log.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ombud.cli.show import (
    WRONG,
    by_option,
    data_option,
    instant,
    json_option,
    past_progress,
    print_json,
    say,
    talk,
    told,
)
from ombud.errors import BadUse, catalogue

catalogue(
    U068=("{option} says nothing for --check.", "It belongs to --rules DIR."),
)

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_COUNTS = ("hits", "new", "gone", "overlap", "alone", "people", "people_established")
_PAST = ("unknown", "not_comparable")
_SEED = click.IntRange(0, 2**63 - 1)


@click.command()
@click.option("--check", is_flag=True, help="Judge the whole past again and compare.")
@click.option(
    "--rules",
    type=FOLDER,
    help="Run the .rule files of this folder over the same past: what would they have hit?",
)
@click.option("--policies", type=FOLDER, help="With these policies, not the community's.")
@click.option("--lists", type=FOLDER, help="With these lists, not the community's.")
@click.option("--since", help="Count events from this time on; earlier ones fill windows.")
@click.option("--until", help="Count events before this time.")
@click.option("--rule", "names", multiple=True, help="Tell of this rule only, a draft too.")
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    help="A file of labels, one JSON object a line: source, id, clause, breaks.",
)
@click.option(
    "--expect", multiple=True, help='For example "precision of NAME >= 0.95"; else exit 1.'
)
@click.option("--seed", type=_SEED, help="Draw the sample by this number; else it is random.")
@by_option
@data_option
@json_option
def replay(
    check: bool, rules: Path | None, by: str, folder: Path, as_json: bool, **given: Any
) -> None:
    """Run the same pipeline over the past: check it, or try other rules on it."""
    with told(as_json):
        if check == (rules is not None):
            raise BadUse("U007", "replay")
        if rules is not None:
            good = _rules(folder, rules, by, as_json, given)
        else:
            _nothing_more(given)
            good = _check(folder, as_json)
    if not good:
        sys.exit(WRONG)


def _nothing_more(given: Mapping[str, Any]) -> None:
    """The check goes over the whole past: an option that would narrow it is refused."""
    for name, value in given.items():
        if value not in (None, ()):
            option = "--rule" if name == "names" else f"--{name}"
            raise BadUse("U068", option, option=option)


def _check(folder: Path, as_json: bool) -> bool:
    from ombud.reading import reading

    with reading(folder) as reader:
        with past_progress(as_json) as begin:
            outcome = reader.replay_check(begin(reader.records()))
        if as_json:
            print_json(outcome.as_json())
        else:
            for name in ("checked", "same", "different", "from_facts", "not_recomputable"):
                say(f"{name:<16} {getattr(outcome, name)}")
            for each in outcome.differences:
                say(f"  record {each['seq']}: {each['what']}")
    return not outcome.different


def _rules(folder: Path, rules: Path, by: str, as_json: bool, given: Mapping[str, Any]) -> bool:
    from ombud import runs

    asked = runs.Asked(
        rules=rules,
        policies=given["policies"],
        lists=given["lists"],
        since=instant(given["since"]),
        until=instant(given["until"]),
        names=given["names"],
        labels=given["labels"],
        expect=given["expect"],
        seed=given["seed"],
        by=by,
    )
    with past_progress(as_json) as begin:
        found = runs.tried(folder, asked, begin)
    if as_json:
        print_json(found)
    else:
        _show(found)
    return all(each["met"] for each in found["expectations"])


def _show(found: Mapping[str, Any]) -> None:
    """A run as people read it."""
    totals = found["totals"]
    say(f"judged       {found['judged']}")
    say(f"without text {found['without_body']}")
    say(f"events hit   {figure(totals['events'])}")
    established = figure(totals["people_established"])
    say(f"people       {figure(totals['people'])}, {established} of them established")
    for each in found["items"]:
        _show_rule(each)
    for clause, what in totals["by_clause"].items():
        done = [f"{count} {action}" for action, count in what["done"].items()]
        asked = [f"{count} asked ({why})" for why, count in what["asked"].items()]
        if done or asked:
            say(f"{clause}: {', '.join([*done, *asked])}")
        for live in what["would"]:
            said = f"live they would {live['action']} {live['target']}"
            say(f"{clause}: {said}: {_of_hits(live)}")
    show_labels(found["labels"])
    show_sample(found["sample"])
    for each in found["expectations"]:
        mark = "met  " if each["met"] else "UNMET"
        value = each["why"] or f"found {each['found']}"
        say(f"{mark}  {each['expectation']}  ({value})")
    show_run(found)
    say(f"time: {found['seconds']} s, {found['records_per_second']} records a second")
    for each in found["notes"]:
        talk(each)
    if found["drafts"]:
        talk(f"Drafts are tried where --rule names them: {', '.join(found['drafts'])}.")


def _show_rule(each: Mapping[str, Any]) -> None:
    say(f"{each['name']} ({each['clause']})")
    told = {name: figure(each[name]) for name in (*_COUNTS, *_PAST)}
    if each["few"]:
        show_few()
    else:
        hits = f"{told['hits']} hits, {told['new']} new, {told['gone']} gone"
        say(f"  {hits}, {told['overlap']} as then, {told['alone']} by this rule alone")
        say(f"  {told['people']} people, {told['people_established']} of them established")
    if each["unknown"] != 0:
        say(f"  unknown on {told['unknown']} events")
    if each["not_comparable"]:
        said = "hits of then cannot be compared: part of the past is gone"
        say(f"  {told['not_comparable']} {said}")
    show_would(each["would"])
    for name in ("precision", "recall"):
        show_share(name, each[name])


def figure(number: int | None) -> str:
    """A count, or that it is not told since too few people are behind it."""
    return "(not told)" if number is None else str(number)


def show_few() -> None:
    """In place of the figures of a rule that hits too few people to have any told."""
    say("  hits on fewer than 5 people: no figure is told of so few")


def show_labels(labels: Mapping[str, int | None]) -> None:
    """How many labels there are, and how many of them came to anything."""
    if labels["reviewed"] or labels["undone"] or labels["not_in_the_past"]:
        said = f"{labels['reviewed']} of the file found, {labels['undone']} by undone decisions"
        said += f", {figure(labels['used'])} used, {labels['contradictory']} contradicted"
        say(f"labels: {said}, {labels['not_in_the_past']} not in the past")


def show_would(would: list[dict[str, Any]]) -> None:
    """What a rule would do if it were live."""
    for each in would:
        say(f"  live it would {each['action']} {each['target']}: {_of_hits(each)}")


def _of_hits(would: Mapping[str, Any]) -> str:
    return f"{figure(would['does'])} by itself, {figure(would['asks'])} asked of a person"


def show_share(name: str, share: Mapping[str, Any]) -> None:
    """Precision or recall with its interval."""
    if share["value"] is None:
        say(f"  {name}: {share['words']}")
        return
    ends = f"{share['lower']} to {share['upper']} with 95 % confidence"
    say(f"  {name} {share['value']} ({ends}; {share['words']})")


def show_sample(sample: list[dict[str, Any]]) -> None:
    """A few differences, under names of this run alone."""
    for each in sample:
        facts = [f"{fact['condition']}: {fact['about']}" for fact in each["facts"]]
        what = f"{each['rule']}  {each['change']}  {each['kind']}"
        say(f"  {each['person']}  {what}  {'; '.join(facts)}".rstrip())


def show_run(found: Mapping[str, Any]) -> None:
    """Where a run stands in the public log."""
    say(f"this run is line {found['run']['leaf']} of the public log")
