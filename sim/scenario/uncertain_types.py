"""What a scenario says of its uncertain inputs: which ones are drawn, and from which distribution."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from sim.scenario.quantity import Frozen


class Uncertain(Frozen):
    """One entry of `uncertain`: a dotted path, a pattern of paths, or `all`; a bare text is a path.

    Attributes:
        path: dotted path of a quantity, with the id of a list's item (`services.meals.units_per_person`);
            `*` stands for anything, `all` for every quantity that has a range.
        distribution: `split_triangular` has half of its draws on each side of `value`, the more the nearer to
            it, so that the central value is the median (at an end of the range: the mode); `triangular` has
            its mode at `value`; `uniform` is flat from `low` to `high`; `fixed` takes out what an entry
            before it named.
        together: whether what a pattern names stands at one place of all its ranges in a run, all low or all
            high at once: charges by need, say, that keep their order.
    """

    path: str = Field(min_length=1)
    distribution: Literal["split_triangular", "triangular", "uniform", "fixed"] = "split_triangular"
    together: bool = False

    @model_validator(mode="before")
    @classmethod
    def _bare_path(cls, given: Any) -> Any:
        return {"path": given} if isinstance(given, str) else given

    @property
    def names_many(self) -> bool:
        """Whether it is a pattern: it then passes over what has no range and what must be whole."""
        return self.path == "all" or "*" in self.path
