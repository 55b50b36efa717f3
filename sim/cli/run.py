"""`carecap run`: replications of a scenario, its tables and its chart, and the finding in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.api import MOST_RUNS, RUNS
from sim.cli import telling
from sim.cli.options import GOAL_NOT_REACHED, GOOD, Cluster, Lang, Settings
from sim.cli.wording import appropriations, rates

if TYPE_CHECKING:
    from sim.ensemble.findings import Band, Findings
    from sim.ensemble.headline import Headline
    from sim.ensemble.runner import Progress
    from sim.errors import Fault
    from sim.policy.book import PolicyBook
    from sim.scenario.quantity import Text
    from sim.scenario.resolve import Resolved


def run(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A shipped name or a YAML file")],
    *,
    runs: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--runs",
            min=1,
            show_default=False,
            help=f"Number of replications (default: {RUNS}; at most {MOST_RUNS} with --until-mcse)",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until-mcse",
            metavar="SHARE",
            show_default=False,
            help="Stop when the standard error of the mean of beds short is at most this share of it (1%); "
            "exit code 3 if -n replications are not enough",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the run, from 0 to 2^64 - 1")] = 1,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes (default: all cores)", show_default=False)
    ] = None,
    cluster: Cluster = None,
    out: Annotated[Path, typer.Option(help="Folder in which the run's folder is made")] = Path("outputs"),
    settings: Settings = None,
    lang: Lang = None,
) -> None:
    """Run a scenario; what is there already is kept. The last line printed is the folder's path."""
    from sim import store
    from sim.accounts import service_account
    from sim.ensemble.cluster import executor
    from sim.ensemble.findings import findings
    from sim.ensemble.headline import Headline, ends_a_year
    from sim.ensemble.run import run_scenario
    from sim.errors import COMMAND_LINE, Fault, InputError
    from sim.messages import say
    from sim.policy.book import PolicyBook
    from sim.report import gap
    from sim.scenario.uncertain import drawn

    share = _share(until) if until is not None else None
    asked = runs if runs is not None else RUNS if share is None else MOST_RUNS
    resolved = _checked(file, settings or (), _wrong_options(seed, until, share, asked))
    telling.notices([notice.text(lang) for notice in resolved.notices], lang)
    command = ["carecap", "run", file, *(["-n", str(asked)] if runs is not None or until is None else [])]
    command += ["--seed", str(seed), *(["--until-mcse", until] if until is not None else [])]
    for setting in settings or ():
        command += ["--set", setting]
    if share is not None and not ends_a_year(resolved.scenario):
        raise InputError([Fault(COMMAND_LINE, key="--until-mcse", code="no_december")])
    headline = Headline(resolved.scenario, share)
    with (
        nullcontext() if cluster is None else executor(cluster) as pool,
        _progress(asked, lang, headline) as progress,
    ):
        result = run_scenario(
            resolved, seed=seed, runs=asked, out=out, command=command, jobs=jobs, executor=pool,
            progress=progress, headline=headline,
        )  # fmt: skip
    folder = result.folder
    chart = gap.draw(folder.path, lang)
    book = PolicyBook.load(resolved.scenario.policy)
    found = findings(result.tables, store.read_part(folder.part(0)), book)
    services = {service_account(row.id): row.title for row in resolved.scenario.services}
    inputs = len(drawn(resolved.scenario))
    for line in _sentences(found, book, services, lang, inputs) if found else []:
        typer.echo(line)
    for line in appropriations(result.tables["budget"], lang):
        typer.echo(line)
    exit_code = GOOD
    if share is not None:
        reached = headline.enough(asked) is not None
        error = _percent(headline.error(result.runs))
        exit_code = GOOD if reached else GOAL_NOT_REACHED
        told = "run_stopped" if reached else "run_not_reached"
        text = say(told, lang, runs=result.runs, error=error, until=_percent(share))
        typer.echo(say("notice", lang, text=text))
    telling.notices([say(message_id, lang) for message_id in chart], lang)
    typer.echo(str(folder.path))
    if exit_code != GOOD:
        raise typer.Exit(exit_code)


def _share(text: str) -> float | None:
    """A share as a user writes it, `1%` or `0.01`; None if it is none."""
    number, percent = text.removesuffix("%"), text.endswith("%")
    try:
        share = float(number) / (100 if percent else 1)
    except ValueError:
        return None
    return share if 0 < share < 1 else None


def _wrong_options(seed: int, until: str | None, share: float | None, runs: int) -> list[Fault]:
    """What is wrong with the options themselves."""
    from sim.errors import COMMAND_LINE, Fault
    from sim.policy.verdict import FEWEST_RUNS

    wrong = telling.wrong_seed(seed)
    if until is not None and share is None:
        wrong.append(Fault(COMMAND_LINE, key="--until-mcse", code="not_a_share", found=f"'{until}'"))
    if until is not None and runs < FEWEST_RUNS:
        allowed = f">= {FEWEST_RUNS}"
        few = Fault(COMMAND_LINE, key="--until-mcse", code="too_few_runs", found=str(runs), allowed=allowed)
        wrong.append(few)
    return wrong


def _checked(file: str, settings: Sequence[str], wrong: list[Fault]) -> Resolved:
    """The scenario, or every fault of it and of the options at once."""
    from sim.api import load_scenario
    from sim.errors import InputError

    try:
        resolved = load_scenario(file, settings)
    except InputError as error:
        raise InputError([*wrong, *error.faults], error.notices) from None
    if wrong:
        raise InputError(wrong)
    return resolved


@contextmanager
def _progress(runs: int, lang: str | None, headline: Headline) -> Iterator[Progress]:
    """A bar on the terminal with the error of the headline."""
    from rich.progress import TextColumn

    from sim.messages import say

    reached = 0

    def resume() -> str:
        return say("run_resume", lang, done=reached, runs=runs)

    with telling.bars(resume, TextColumn("{task.fields[error]}")) as bar:
        task = bar.add_task(say("run_progress", lang), total=runs, error="")

        def tell(done: int, _all: int) -> None:
            nonlocal reached
            reached = done
            error = headline.error()
            told = say("run_error", lang, error=_percent(error)) if error is not None else ""
            bar.update(task, completed=done, error=told)

        yield tell


def _sentences(
    found: Findings, book: PolicyBook, services: Mapping[str, Text], lang: str | None, inputs: int
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
        yield say("notice", lang, text=_brackets(found, inputs, lang))
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


def _brackets(found: Findings, inputs: int, lang: str) -> str:
    """What the brackets hold, and how much of it is chance."""
    from sim.messages import say
    from sim.policy.verdict import FEWEST_RUNS

    if not inputs:
        return say("run_brackets", lang)
    split = say("run_split_later", lang, runs=FEWEST_RUNS)
    if found.split is not None:
        shares = {name: f"{100 * getattr(found.split, name):.0f}" for name in ("chance", "low", "high")}
        split = say("run_split", lang, **shares)
    return say("run_brackets_parameters", lang, inputs=inputs, split=split)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.3g}%"


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
