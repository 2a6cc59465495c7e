"""`ombud claims`: published fact-checks: import them, look at them, see what they would propose.

This module must never attach anything to a post: a person does, in the console.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from ombud.cli.show import (
    Group,
    data_option,
    json_option,
    limit_option,
    print_json,
    say,
    talk,
    told,
)

SHOWN = 10  # claims that a search shows


@click.group(cls=Group)
def claims() -> None:
    """Published fact-checks: import them, look at them, see what they would propose."""


@claims.command("import")
@click.argument("source")
@click.option("--name", help="What it is called here; else the host or the file's name.")
@data_option
@json_option
def claims_import(source: str, name: str | None, folder: Path, as_json: bool) -> None:
    """Import ClaimReview (JSON, a DataFeed, or one a line) from a file or URL SOURCE. What was
    imported under that name before is replaced, unless nothing can be taken.
    """
    from ombud import clock, factchecks

    with told(as_json):
        settings = _settings(folder)
        named = factchecks.name_of(source, name)
        found = factchecks.bring(folder, source, named, settings, clock.now())
        if as_json:
            print_json(found.as_json())
            return
        for problem in found.problems:
            talk(f"{problem.code}  {problem.where}: {problem.message}")
        if found.refused > len(found.problems):
            talk(f"and {found.refused - len(found.problems):,} more that were refused")
        if found.others:
            talk(f"{found.others:,} of other publishers left out")
        say(f"{named}: {found.claims:,} claims ({found.status}, {found.before:,} before)")
        if found.status != "unchanged":
            talk("Not in force yet: ombud connect reload")


@claims.command("list")
@data_option
@json_option
def claims_list(folder: Path, as_json: bool) -> None:
    """Every import with its publishers, and how the last try to fetch it went."""
    from ombud import factchecks

    with told(as_json):
        found = factchecks.overview(folder)
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            say(f"{each['name']:<24} {each['claims']:>9,} claims  {each['fetched'] or ''}".rstrip())
            for site, count in each["publishers"].items():
                say(f"    {count:,} by {site or 'an unknown site'}")
            if each["broken"]:
                say(f"    {each['broken']:,} lines cannot be read and are left out")
            if each["trouble"]:
                say(f"    last try {each['tried']}: {each['trouble']}")


@claims.command("show")
@click.argument("claim")
@data_option
@json_option
def claims_show(claim: str, folder: Path, as_json: bool) -> None:
    """One claim, by its id: what was checked, by whom, and their rating."""
    from ombud import factchecks

    with told(as_json):
        found = factchecks.as_json(factchecks.one(folder, claim))
        if as_json:
            print_json(found)
        else:
            _show(found)


@claims.command("search")
@click.argument("text")
@data_option
@json_option
def claims_search(text: str, folder: Path, as_json: bool) -> None:
    """What a post of these words would propose, and the claims that are nearest to them."""
    from ombud import factchecks

    with told(as_json):
        settings = _settings(folder)
        found = _found(text, factchecks.every(folder))
        ranking = _by_meaning(settings.model, text, found["items"])
        items = [{**factchecks.as_json(each.pop("it")), **each} for each in found.pop("items")]
        found = {**found, "ranking": ranking, "items": items}
        if as_json:
            print_json(found)
            return
        say(_ANSWERS[found["answer"]])
        talk(ranking["said"])
        for each in items:
            mark = "*" if each["match"] else " "
            say(f"{mark} {each['id']}  {each['likeness'] / 10:.0f} %  {each['claim']}")
            say(f"      {each['publisher']}: {each['rating']}  {each['url']}")


_ANSWERS = {
    "match": "A rule that asks would open a case: the claims with a star are proposed.",
    "debunked": "Nothing would be proposed: the text says itself that the claim is false.",
    "no match": "Nothing would be proposed: no claim is near enough.",
}


def _found(text: str, every: Sequence[Any]) -> dict[str, Any]:
    """What is found for a text, as the facts see it, and the nearest claims beside it."""
    from ombud.signals import links, views
    from ombud.signals.factchecks import matching
    from ombud.signals.factchecks.index import Index
    from ombud.signals.factchecks.words import content_words

    index, normal = Index(every), views.normalise(text)
    sites = [each.domain for each in links.addresses(text)]
    matched = matching.match(index, normal, sites)
    proposed = {each.claim.id: each for each in matched.matches}
    words, items = content_words(normal), []
    for _, number in index.search(words, SHOWN):
        it = index.claims[number]
        near = proposed.get(it.id) or matching.compare(index, number, words)
        likeness = near.likeness if near else 0
        match = it.id in proposed and not matched.debunks
        sure = match and proposed[it.id].sure
        items.append(
            {"it": it, "likeness": likeness, "match": match, "sure": sure, "meaning": None}
        )
    items.sort(key=lambda each: not each["match"])
    answer = "no match" if not proposed else "debunked" if matched.debunks else "match"
    return {"answer": answer, "items": items}


def _by_meaning(named: str, text: str, items: list[dict[str, Any]]) -> Mapping[str, Any]:
    """Rank anew by meaning where a model is named; what was done, or why not."""
    if not named:
        return {"by": "words", "model": None, "said": "Ranked by words: no model is named."}
    from ombud import rerank
    from ombud.errors import BadUse

    try:
        model = rerank.opened(named)
        texts = [f"{each['it'].claim} {each['it'].headline}" for each in items]
        order = model.order(text, texts)
    except BadUse as error:
        return {"by": "words", "model": None, "said": f"Ranked by words. {error.message}"}
    for likeness, number in order:
        items[number]["meaning"] = likeness
    items[:] = [items[number] for _, number in order]
    said = f"Ranked by meaning, by the model {model.model[:12]}; what is proposed goes by words."
    return {"by": "meaning", "model": model.model, "said": said}


@claims.command("proposed")
@limit_option
@data_option
@json_option
def claims_proposed(limit: int, folder: Path, as_json: bool) -> None:
    """The cases in which a source waits to be shown beside a post, until a person decides."""
    from ombud import factchecks
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.contexts(limit)
        for case in found:
            for each in case["proposed"]:
                each["claim"] = factchecks.as_json(each["claim"])
        if as_json:
            print_json({"items": found})
            return
        for case in found:
            gone = "  the post is gone" if case["gone"] else ""
            say(f"{case['case']}  {case['opened']}  {case['rule']}  {case['subject'] or ''}{gone}")
            if case["cluster"] is not None:
                say(
                    f"    texts like that of record {case['cluster']}: {case['cluster_cases']} open"
                )
            for each in case["proposed"]:
                sure = "nearly the same" if each["sure"] else f"{each['likeness'] / 10:.0f} % alike"
                say(f"    {sure}: {each['label']['en']}")


def _show(found: Mapping[str, Any]) -> None:
    say(found["claim"])
    say(f"{found['publisher']}: {found['rating']}")
    say(f"{found['date'] or 'no date'}  {found['lang'] or 'no language'}  {found['url']}")


def _settings(folder: Path) -> Any:
    """The settings about claims of a data folder; the defaults where there is none."""
    from ombud import config

    path = folder / config.SETTINGS_FILE
    if not path.exists():
        return config.Claims()
    return config.parse_settings(config.read_file(path), str(path)).claims
