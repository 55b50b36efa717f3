"""`carecap compare`: what changes from one scenario to another, and why, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.api import RUNS
from sim.cli import telling
from sim.cli.options import Cluster, Lang, Settings
from sim.cli.wording import rates

if TYPE_CHECKING:
    from sim.decide.compare import Comparison, Progress
    from sim.decide.finding import Change, Finding
    from sim.scenario.resolve import Resolved

SHOWN_INPUTS = 12
"""Differing inputs that are printed; all of them stand in diff_inputs.csv."""


def compare(
    base: Annotated[str, typer.Argument(metavar="BASE", help="What is compared with: a name or a YAML file")],
    alts: Annotated[list[str], typer.Argument(metavar="ALT...", help="The alternatives")],
    *,
    runs: Annotated[int, typer.Option("-n", "--runs", min=1, help="Replications of each scenario")] = RUNS,
    seed: Annotated[int, typer.Option(help="Seed of all runs, from 0 to 2^64 - 1")] = 1,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes (default: all cores)", show_default=False)
    ] = None,
    cluster: Cluster = None,
    out: Annotated[Path, typer.Option(help="Folder below which the folders are made")] = Path("outputs"),
    explain: Annotated[
        bool, typer.Option("--why/--no-why", help="Also run what shows why the gap differs")
    ] = True,
    settings: Settings = None,
    lang: Lang = None,
) -> None:
    """Compare scenarios with the same seeds and draws; --set changes all of them.

    Each alternative has a folder of its own; the last line printed is the path of the last one.
    """
    from sim.decide import compare as decide
    from sim.decide.finding import finding
    from sim.ensemble.cluster import executor
    from sim.messages import say
    from sim.report import diff as chart

    scenarios = _checked([base, *alts], settings or (), seed)
    telling.notices([notice.text(lang) for each in scenarios for notice in each.notices], lang)
    command = ["carecap", "compare", base, *alts, "-n", str(runs), "--seed", str(seed)]
    for setting in settings or ():
        command += ["--set", setting]
    with nullcontext() if cluster is None else executor(cluster) as pool, _progress(lang) as progress:
        running = decide.Running(seed, runs, out, jobs, pool, progress, command=command)
        found = decide.compare(scenarios[0], scenarios[1:], running, explain=explain)
    for one in found:
        drawn = chart.draw(one.path, lang)
        for line in _sentences(one, finding(one), lang):
            typer.echo(line)
        telling.notices([say(message_id, lang) for message_id in drawn], lang)
        typer.echo(str(one.path))


def _checked(files: Sequence[str], settings: Sequence[str], seed: int) -> list[Resolved]:
    """The scenarios, or every fault of them, of the seed, and of their comparison at once."""
    from sim.api import load_scenario
    from sim.decide.compare import faults
    from sim.errors import Fault, InputError

    wrong = telling.wrong_seed(seed)
    notices: list[Fault] = []
    found = []
    for file in files:
        try:
            found.append(load_scenario(file, settings))
        except InputError as error:
            wrong += error.faults
            notices += error.notices
    if len(found) == len(files):
        wrong += faults(found[0], found[1:])
    if wrong:
        raise InputError(wrong, notices)
    return found


@contextmanager
def _progress(lang: str | None) -> Iterator[Progress]:
    """A bar for each scenario that runs."""
    from sim.messages import say

    with telling.bars(lambda: say("compare_resume", lang)) as bar:
        tasks = {}

        def tell(name: str, done: int, runs: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=runs)
            bar.update(tasks[name], completed=done)

        yield tell


def _sentences(one: Comparison, found: Finding | None, lang: str | None) -> Iterator[str]:
    """The finding, why, and which inputs differ."""
    from sim.messages import default_language, say

    lang = lang or default_language()
    names = {"base": one.base.name, "alt": one.alt.name}
    if found is None:
        yield say("compare_no_year", lang, **names)
    elif found.same:
        yield say("compare_same", lang, **names, pairs=found.pairs)
    else:
        money = say(
            "compare_money" if found.first_month else "compare_no_money", lang, first=found.first_month,
            last=found.last_month, yuan=_money(found.yuan, lang), rates=rates(found.yuan_status, lang),
        )  # fmt: skip
        yield say(
            "compare_headline", lang, **names, year=found.year, gap=_banded(found.gap, lang),
            waiting=_banded(found.waiting, lang), vacant=_banded(found.vacant, lang), money=money,
        )  # fmt: skip
        if found.prob_better is not None:
            yield say(
                "compare_better", lang, share=f"{found.prob_better:.0%}", pairs=found.pairs, year=found.year
            )
        if one.base.frame.calendar != one.alt.frame.calendar:
            yield say("notice", lang, text=say("compare_no_why", lang))
        elif one.not_mixed:
            component = say(f"component_{one.not_mixed}", lang)
            yield say("notice", lang, text=say("compare_not_mixed", lang, component=component))
        elif found.why:
            moved = [
                f"{say(f'component_{name}', lang)} {_banded(by, lang)}" for name, by in found.why.items()
            ]
            yield say("compare_why", lang, year=found.year, moved=_listed(moved, lang))
        if any(change.error for change in (found.gap, found.waiting, found.vacant, *found.why.values())):
            yield say("notice", lang, text=say("compare_brackets", lang, pairs=found.pairs))
        yield from _draws(one, lang)
        if found.verdicts:
            yield say("compare_verdicts", lang, clauses=_listed(found.verdicts, lang))
    yield from _inputs(one, lang)


def _draws(one: Comparison, lang: str) -> Iterator[str]:
    """Which inputs one scenario draws and the other does not, what that does to pairs, and the ways out."""
    from sim.decide.components import drawn_in_one, same_draws
    from sim.messages import say

    base, alt = one.base.resolved, one.alt.resolved
    if not same_draws(base, alt):
        yield say("notice", lang, text=say("compare_other_draws", lang))
    if one.base.frame.runs == 1:  # run 0 alone draws nothing
        return
    for side in drawn_in_one(base, alt):
        for code, names in (
            ("compare_pair_range", side.without_range),
            ("compare_pair_named", side.not_named),
        ):
            if names:
                more = [say("compare_and_more", lang, count=len(names) - SHOWN_INPUTS)]
                inputs = _listed([*names[:SHOWN_INPUTS], *(more if len(names) > SHOWN_INPUTS else [])], lang)
                where = {"drawn_in": side.drawn_in, "fixed_in": side.fixed_in}
                told = say("compare_drawn_in_one", lang, **where, inputs=inputs)
                yield say("notice", lang, text=told)
                yield say("notice", lang, text=say(code, lang, **where, key=names[0]))


def _inputs(one: Comparison, lang: str) -> Iterator[str]:
    """The inputs that differ, the first of them, with the clauses that they rest on."""
    from sim.messages import say

    if not one.differences:
        yield say("compare_no_inputs", lang)
        return
    yield say("compare_inputs", lang, count=len(one.differences))
    for each in one.differences[:SHOWN_INPUTS]:
        nothing = say("compare_nothing", lang)
        where = each.alt_origin or each.base_origin
        yield say(
            "compare_input", lang, key=each.key,
            component=say(f"component_{each.component or each.key.split('.')[0]}", lang),
            old=each.base_value or nothing, new=each.alt_value or nothing,
            unit=f" {each.unit}" if each.unit else "",
            clauses=f" [{', '.join(each.clauses)}]" if each.clauses else "",
            where=f" ({where})" if where else "",
        )  # fmt: skip
    if len(one.differences) > SHOWN_INPUTS:
        yield say("compare_more_inputs", lang, count=len(one.differences) - SHOWN_INPUTS)


def _listed(words: Sequence[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(words)


def _signed(value: float, lang: str) -> str:
    """A difference with its sign: whole, or with one decimal where it is small."""
    digits = 0 if abs(value) >= 10 or value == round(value) else 1  # noqa: PLR2004
    text = f"{value:+.{digits}f}" if lang == "zh" else f"{value:+,.{digits}f}"
    return "0" if float(text.replace(",", "")) == 0 else text


def _banded(change: Change, lang: str) -> str:
    """The mean difference, its standard error, and the 10th to 90th percentile, where pairs differ."""
    text = _signed(change.mean, lang)
    if change.error:
        text = f"{text} ± {_short(change.error)}"
    if change.p10 == change.p90:
        return text
    low, high = _signed(change.p10, lang), _signed(change.p90, lang)
    return f"{text}（{low} 至 {high}）" if lang == "zh" else f"{text} ({low} to {high})"


def _short(error: float) -> str:
    """An error in two digits, or whole where it has more."""
    return f"{error:.0f}" if error >= 10 else f"{error:.2g}"  # noqa: PLR2004


def _money(yuan: float, lang: str) -> str:
    if not yuan:
        return "0 元" if lang == "zh" else "0 yuan"
    return f"{yuan / 10_000:+.2f} 万元" if lang == "zh" else f"{yuan:+,.2f} yuan"
