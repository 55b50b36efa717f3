"""The premium of liability insurance, shared between levels of government."""

from __future__ import annotations

from collections.abc import Mapping

from sim.money import apportion


def shares(premium_fen: int, payers: Mapping[str, float]) -> dict[str, int]:
    """The part of each payer: all but the last rounded half up, the last takes the rest.

    Args:
        premium_fen: of all homes or of one, in fen.
        payers: payer -> share of the law, in its order (region 0.5, city 0.3, district 0.2).

    Raises:
        ValueError: if the shares do not add up to one.
    """
    return apportion(premium_fen, payers, remainder_to=list(payers)[-1])
