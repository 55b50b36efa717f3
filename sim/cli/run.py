"""`carecap run`: replications of a scenario, its tables and its chart, and the finding in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Lang, Settings
from sim.cli.wording import appropriations, rates

if TYPE_CHECKING:
    from sim.ensemble.findings import Band, Findings
    from sim.ensemble.runner import Progress
    from sim.policy.book import PolicyBook
    from sim.scenario.quantity import Text
    from sim.scenario.resolve import Resolved


def run(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A shipped name or a YAML file")],
    *,
    runs: Annotated[int, typer.Option("-n", "--runs", min=1, help="Number of replications")] = 20,
    seed: Annotated[int, typer.Option(help="Seed of the run, from 0 to 2^64 - 1")] = 1,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes (default: all cores)", show_default=False)
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder in which the run's folder is made")] = Path("outputs"),
    settings: Settings = None,
    lang: Lang = None,
) -> None:
    """Run a scenario; what is there already is kept. The last line printed is the folder's path."""
    from sim import store
    from sim.accounts import service_account
    from sim.ensemble.findings import findings
    from sim.ensemble.run import run_scenario
    from sim.messages import say
    from sim.policy.book import PolicyBook
    from sim.report import gap

    resolved = _checked(file, settings or (), seed)
    for notice in resolved.notices:
        typer.echo(say("notice", lang, text=notice.text(lang)), err=True)
    command = ["carecap", "run", file, "-n", str(runs), "--seed", str(seed)]
    for setting in settings or ():
        command += ["--set", setting]
    with _progress(runs, lang) as progress:
        result = run_scenario(
            resolved, seed=seed, runs=runs, out=out, command=command, jobs=jobs, progress=progress
        )
    folder = result.folder
    notices = gap.draw(folder.path, lang)
    book = PolicyBook.load(resolved.scenario.policy)
    found = findings(result.tables, store.read_part(folder.part(0)), book)
    services = {service_account(row.id): row.title for row in resolved.scenario.services}
    for line in _sentences(found, book, services, lang) if found else []:
        typer.echo(line)
    for line in appropriations(result.tables["budget"], lang):
        typer.echo(line)
    for message_id in notices:
        typer.echo(say("notice", lang, text=say(message_id, lang)), err=True)
    typer.echo(str(folder.path))


def _checked(file: str, settings: Sequence[str], seed: int) -> Resolved:
    """The scenario, or every fault of it and of the seed at once."""
    from sim.api import LARGEST_SEED, load_scenario
    from sim.errors import COMMAND_LINE, Fault, InputError

    wrong = []
    if not 0 <= seed <= LARGEST_SEED:
        allowed = f"0 .. {LARGEST_SEED} (2^64 - 1)"
        wrong = [Fault(COMMAND_LINE, key="--seed", code="out_of_bounds", found=str(seed), allowed=allowed)]
    try:
        resolved = load_scenario(file, settings)
    except InputError as error:
        raise InputError([*wrong, *error.faults], error.notices) from None
    if wrong:
        raise InputError(wrong)
    return resolved


@contextmanager
def _progress(runs: int, lang: str | None) -> Iterator[Progress]:
    """A bar with replications done and time left on the terminal's error stream; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from sim.messages import say

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    reached = 0
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(say("run_progress", lang), total=runs)

        def tell(done: int, _all: int) -> None:
            nonlocal reached
            reached = done
            bar.update(task, completed=done)

        try:
            yield tell
        except BaseException:
            typer.echo(say("run_resume", lang, done=reached, runs=runs), err=True)
            raise


def _sentences(
    found: Findings, book: PolicyBook, services: Mapping[str, Text], lang: str | None
) -> Iterator[str]:
    """The headline, advice, and what must be known beside the figures."""
    from sim.messages import default_language, say

    lang = lang or default_language()
    tested = say("run_no_targets", lang)
    median = say("run_median", lang) if found.by_median else ""
    if found.carried_from:
        tested = say(
            "run_carried",
            lang,
            met=found.met,
            counted=found.counted,
            day=found.tested_on,
            year=found.carried_from,
            median=median,
        )
    elif found.tested_on:
        tested = say(
            "run_targets", lang, met=found.met, counted=found.counted, day=found.tested_on, median=median
        )
    yield say(
        "run_headline" if book.clauses else "run_headline_no_plan",
        lang,
        year=found.year,
        first=found.first_month,
        last=found.last_month,
        gap=_banded(found.gap, lang),
        waiting=_banded(found.waiting, lang),
        vacant=_banded(found.vacant, lang),
        targets=tested,
        yuan=_money(found.yuan, lang),
        rates=rates(found.yuan_status, lang),
    )
    if found.undecided:
        yield say("notice", lang, text=say("run_open_targets", lang, count=found.undecided))
    if found.nursing:
        yield _advice(found, lang)
    if found.gap.p10 != found.gap.p90:
        yield say("notice", lang, text=say("run_brackets", lang))
    if book.clauses and str(book.notice) >= found.first_month:  # else the whole run lies after the notice
        yield say("notice", lang, text=say("reconstructed_before", lang, notice=book.document.date))
    if book.contradictions:
        count, file = len(book.contradictions), "contradictions.csv"
        yield say("notice", lang, text=say("contradictions_count", lang, count=count, file=file))
    titles = {**{name: measure.name for name, measure in book.measures.items()}, **services}
    told = ("not_in_document", "size_not_known", "not_given")
    for code, listed in ((code, getattr(found, code)) for code in told):
        if listed:
            measures = ("、" if lang == "zh" else "; ").join(getattr(titles[name], lang) for name in listed)
            yield say("notice", lang, text=say(code, lang, measures=measures))


def _advice(found: Findings, lang: str) -> str:
    from sim.messages import say

    advice = found.nursing
    if advice is None:
        return ""
    ways = [say("advice_convert", lang, beds=_count(advice.by_conversion, lang))]
    if advice.among_new is not None:
        new = _count(advice.new_beds, lang)
        ways.insert(0, say("advice_among_new", lang, beds=_count(advice.among_new, lang), new=new))
    if advice.on_top is not None:
        ways.append(say("advice_on_top", lang, beds=_count(advice.on_top, lang)))
    share, target = f"{found.nursing_share:.2f}", f"{found.nursing_target:g}"
    return say("advice_nursing", lang, share=share, target=target, ways=say("advice_or", lang).join(ways))


def _count(value: float, lang: str) -> str:
    """A whole number: no separators in Chinese prose."""
    return f"{value:.0f}" if lang == "zh" else f"{value:,.0f}"


def _banded(band: Band, lang: str) -> str:
    """The central value, and the 10th to 90th percentile where replications differ."""
    text = _count(band.run0, lang)
    if band.p10 == band.p90:
        return text
    low, high = _count(band.p10, lang), _count(band.p90, lang)
    return f"{text} ({low}—{high})" if lang == "zh" else f"{text} ({low} to {high})"


def _money(yuan: float, lang: str) -> str:
    return f"{yuan / 10_000:.2f} 万元" if lang == "zh" else f"{yuan:,.2f} yuan"
