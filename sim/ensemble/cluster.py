"""Replications on an existing Dask cluster (extra `[cluster]`).

A task is a scenario, a seed and a number, as in a pool of processes here; results depend neither on where nor
in which order tasks run. Workers need this package in the same version, and the folders of the scenario's
tables and of the results under the same paths. Tasks of a worker that dies are given to another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from sim.errors import COMMAND_LINE, Fault, InputError

_CONNECT_SECONDS = 15


@contextmanager
def executor(address: str) -> Iterator[Executor]:
    """An executor on the cluster of a scheduler, closed afterwards; the cluster goes on.

    Args:
        address: of the scheduler, `tcp://host:8786`.

    Raises:
        InputError: if Dask is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError:
        raise InputError([_fault("cluster_missing")]) from None
    try:  # before there is a client: one that never connects hangs for half a minute when it is collected
        asyncio.run(_call(address))
        client: Any = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TypeError, ValueError):  # nobody there; no such protocol here; no address
        raise InputError([_fault("cluster_silent", address)]) from None
    with client:
        yield client.get_executor(pure=False)


async def _call(address: str) -> None:
    """See that somebody answers who speaks Dask's protocol."""
    from distributed.comm import connect  # noqa: PLC0415 - an extra
    from distributed.security import Security  # noqa: PLC0415

    words: dict[str, Any] = Security().get_connection_args("client")
    comm = await connect(address, timeout=_CONNECT_SECONDS, **words)
    await comm.close()


def _fault(code: str, found: str = "") -> Fault:
    return Fault(COMMAND_LINE, key="--cluster", code=code, found=found)
