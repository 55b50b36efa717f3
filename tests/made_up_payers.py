"""Made-up shares of payers for tests."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

PAYERS = ("centre", "region", "city", "district", "family")


@st.composite
def shares(draw):
    """Shares of some payers that add up to one, with up to four decimals."""
    names = draw(st.lists(st.sampled_from(PAYERS), min_size=1, unique=True))
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=len(names) - 1, max_size=len(names) - 1)))
    widths = [b - a for a, b in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    return {name: float(Decimal(width) / 10_000) for name, width in zip(names, widths, strict=True)}
