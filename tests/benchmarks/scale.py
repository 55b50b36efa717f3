"""How far one machine goes: made-up counties with China's age structure, everybody one to one.

    python tests/benchmarks/scale.py [aged 60+ in all, default 4000000] [in a piece, default 1000000]

Each piece is a place of its own, simulated for the whole horizon in a fresh process, so memory is that of the
largest piece and not of all. Prints residents, months, seconds and peak memory of every piece, and what
297 million people (aged 60+ in China at the end of 2023: 296.97 million, NBS) would take at that rate.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

NATION = 297_000_000
_PIECE = """
import json, resource, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import made_places
from sim.model import CareModel, simulate
simulate(made_places.county(Path(sys.argv[2]) / "warm", 5_000, "2020-12"), 1, 0)  # kernels
scenario = made_places.county(Path(sys.argv[2]) / "piece", int(sys.argv[3]))
began, processor = time.perf_counter(), time.process_time()
part = simulate(scenario, 1, int(sys.argv[4])).to_pandas()
took = time.perf_counter() - began, time.process_time() - processor
status = Path("/proc/self/status")
if status.is_file():
    peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if "VmHWM" in line) / 1024
else:
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
whole = part[(part.table == "summary") & (part.region_code == "total") & (part.bed_kind == "all")]
old = whole[whole.metric == "residents_60plus"].sort_values("month")["value"]
print(json.dumps({"seconds": took[0], "processor": took[1], "peak": peak, "end": old.iloc[-1],
                  "person_months": old.sum(), "months": scenario.horizon.months}))
"""


def main(total: int, piece: int) -> None:
    """Simulate the pieces one after the other, and print the table."""
    here = Path(__file__).resolve().parent
    print("piece    aged 60+  at the end  months       s  processor s  peak MB")
    seconds = processor = person_months = peak = 0.0
    sizes = [piece] * (total // piece) + ([total % piece] if total % piece else [])
    for number, size in enumerate(sizes):
        with tempfile.TemporaryDirectory() as folder:
            words = [sys.executable, "-c", _PIECE, str(here), folder, str(size), str(number)]
            done = subprocess.run(words, capture_output=True, text=True, check=True)
        said = json.loads(done.stdout.splitlines()[-1])
        print(
            f"{number:>5}{size:>12,}{said['end']:>12,.0f}{said['months']:>8}{said['seconds']:>8.1f}"
            f"{said['processor']:>13.1f}{said['peak']:>9.0f}", flush=True,
        )  # fmt: skip
        seconds, processor = seconds + said["seconds"], processor + said["processor"]
        person_months, peak = person_months + said["person_months"], max(peak, said["peak"])
    residents = sum(sizes)
    print(f"in all {residents:,} people aged 60+, {person_months:,.0f} person-months, {seconds:.0f} s, "
          f"{processor:.0f} processor s, peak {peak:.0f} MB")  # fmt: skip
    hours = processor / residents * NATION / 3600
    cores = os.cpu_count() or 1
    pieces = -(-NATION // piece)
    print(f"{NATION:,} people at that rate: {pieces} pieces of {piece:,}, {hours:.2f} processor hours")
    print(f"  {hours / cores:.2f} hours on the {cores} cores here, with {peak * cores:.0f} MB")


if __name__ == "__main__":
    main(
        *(
            int(word.replace("_", ""))
            for word in (*sys.argv[1:3], *("4_000_000", "1_000_000")[len(sys.argv) - 1 :])
        )
    )
