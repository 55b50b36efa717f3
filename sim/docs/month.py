"""The steps of the month: their words from the docstring of the model, who does each from its `step`.

A call of `step` that does a step has the step's number in a comment behind it; several numbers by commas.
"""

from __future__ import annotations

import ast
import re

from sim.docs import source
from sim.docs.markdown import code, codes, table
from sim.docs.origin import Named, called, modules_used

_STEP = re.compile(r"\s*(?P<number>\d+) (?P<name>.+?)(?:\s{2,}(?P<words>.+))?$")
_NUMBERS = re.compile(r"\d+(, \d+)*$")


def steps(module: str = "sim.model", model: str = "CareModel") -> str:
    """Number, name, what happens, who does it.

    Raises:
        ValueError: if a step of the docstring has no call with its number, or a call has a number of none.
    """
    doc = ast.get_docstring(source.tree(module), clean=False) or ""
    told = [found for line in doc.split("\n") if (found := _STEP.match(line))]
    done = _done(module, model)
    numbers = {int(step["number"]) for step in told}
    if numbers != done.keys():
        odd = ", ".join(str(number) for number in sorted(numbers ^ done.keys()))
        raise ValueError(f"{module}: steps ({odd}) must stand in the docstring and behind a call of `step`")
    head = ("Step", "Name", "What happens", "Done by")
    return table(
        head,
        (
            (step["number"], step["name"], " ".join((step["words"] or "").split()), done[int(step["number"])])
            for step in told
        ),
    )


def _done(module: str, model: str) -> dict[int, str]:
    """Number of a step -> the calls that carry it."""
    methods = source.methods(module, model)
    said = source.comments(module)
    found: dict[int, list[str]] = {}
    for line in methods["step"].body:
        numbers = said.get(line.end_lineno or 0, "")
        value = getattr(line, "value", None)
        if not _NUMBERS.match(numbers) or not isinstance(value, ast.Call):
            continue
        for number in numbers.split(", "):
            found.setdefault(int(number), []).append(_who(value, module, model))
    return {number: "; ".join(calls) for number, calls in found.items()}


def _who(call: ast.Call, module: str, model: str) -> str:
    """A call in words: class, function and module; a method of the model with the modules that it uses."""
    who = called(call.func, Named(module, model))
    if who is None:
        return code(ast.unparse(call.func))
    if who.module == module and who.name.startswith(f"{model}."):
        uses = modules_used(source.methods(module, model)[who.name.split(".")[1]], Named(module, model))
        return f"{code(who.name)} with {codes(uses)}"
    return f"{code(who.name)} of {code(who.module)}"
