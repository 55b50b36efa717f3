# Two commands on a fresh machine: `make run`, `make test`. They need Python 3.11 or newer, git and make.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
# Bytecode on all processors and without the tests of the packages: pip takes one processor, and three times as long.
COMPILE := $(BIN)/python -m compileall -qq -j 0 -x '[/\\]tests[/\\]' .venv/lib || true
# pytest in as many processes as there are processors, six at most: see docs/decisions.md
WORKERS ?= auto

.PHONY: help run test test-long lint docs bench validate fit clean

help:
	@echo "make run    install into .venv, run Yinchuan 20 times, print the finding and the folder of the results"
	@echo "make test   the tests, but for the long ones"
	@echo "make test-long  the long ones: every input moved, levers, killed runs, balance of the start (some minutes)"
	@echo "make lint   ruff and mypy"
	@echo "make docs   make the tables of docs/ anew from the sources and the shipped scenarios"
	@echo "make bench  speed and memory beside their bars (about 5 minutes)"
	@echo "make validate  who enters homes, how long they stay, beside the published figures"
	@echo "make fit    fit the level of applications again; writes calibration/yinchuan.yaml (some minutes)"
	@echo "make clean  remove .venv and caches; outputs/ stays"
	@echo "Another Python: make run PYTHON=python3.12"

run: .venv/.core
	$(BIN)/carecap run yinchuan -n 20

test: .venv/.test
	$(BIN)/python -m pytest -q -m "not long" -n $(WORKERS) --maxprocesses 6 --dist worksteal

test-long: .venv/.test
	$(BIN)/python -m pytest -q -m long -n $(WORKERS) --maxprocesses 6 --dist worksteal

lint: .venv/.lint
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: .venv/.core
	$(BIN)/python -m sim.docs.write

bench: .venv/.core
	$(BIN)/python tests/benchmarks/bench.py

validate: .venv/.core
	$(BIN)/python -m sim.validate.homes yinchuan

fit: .venv/.core
	$(BIN)/python -m sim.calibrate.admissions yinchuan calibration

clean:
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find sim tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: a goal installs again only when what it installs has changed.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "carecap needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 | head -n 1). Try: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "carecap needs the venv module of Python, '$(PYTHON)' lacks it. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.core: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) -c constraints.txt -e .
	@$(COMPILE)
	@touch $@

# With the core, in one go.
.venv/.test .venv/.lint: .venv/.%: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) -c constraints.txt -e '.[$*]'
	@$(COMPILE)
	@touch .venv/.core $@
