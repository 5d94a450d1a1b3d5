# Everything here runs with Python (3.11 or newer) and make alone: a target makes the virtual environment it needs.
# pip's own settings (pip.conf, PIP_* variables) apply. `make PYTHON=python3.12 test` chooses the interpreter.

PYTHON ?= python3
VENV ?= .venv
VENV_LOWEST ?= .venv-lowest
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
PACKAGING := setup.py pyproject.toml hf_sluice/version.py

.DEFAULT_GOAL := help
.PHONY: help demo test test-lowest lint types benchmark clean
.DELETE_ON_ERROR:

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r target text; do \
	    printf '  make %-12s %s\n' "$$target" "$$text"; done

# One thread: the tensors are small, and threads that wait for each other cost more than they bring, above all where
# other programs run.
demo test test-lowest: export OMP_NUM_THREADS ?= 1

demo: $(VENV)/installed-base  ## train a tagger on the built-in corpus, look at what it shares, tag a sentence with it
	$(VENV)/bin/hf-sluice train recipes/demo.yaml --overwrite
	$(VENV)/bin/hf-sluice inspect runs/demo
	$(VENV)/bin/hf-sluice predict runs/demo --text "The old bank raised the price of the new loan ."

test test-lowest: export HF_HUB_OFFLINE = 1

# Three files at a time, for many tests wait for processes; what a file's tests have in common is made once.
IN_PARALLEL := --numprocesses 3 --dist loadfile

test: $(VENV)/installed-test  ## run all tests; with HF_SLUICE_DATA set, those on real corpora too
	$(VENV)/bin/python -m pytest $(IN_PARALLEL)

test-lowest: $(VENV_LOWEST)/installed-lowest  ## run all tests with the oldest versions that setup.py admits
	$(VENV_LOWEST)/bin/python -m pytest $(IN_PARALLEL)

lint: $(VENV)/installed-dev  ## ruff: rules and formatting
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(VENV)/installed-dev  ## mypy
	$(VENV)/bin/mypy

benchmark: $(VENV)/installed-benchmark  ## measure the targets, beside spaCy (by hand, on a quiet machine; ten minutes)
	$(VENV)/bin/python benchmarks/run.py --quick

clean:  ## remove environments, caches and build output; runs/ is kept
	rm -rf $(VENV) $(VENV_LOWEST) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find hf_sluice tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp is written last: an installation that was interrupted is done again.
$(VENV)/installed-base: constraints.txt $(PACKAGING) | $(VENV)/bin/python
	$(VENV)/bin/python $(PIP_INSTALL) -c constraints.txt -e .
	@touch $@

$(VENV)/installed-%: constraints.txt $(PACKAGING) | $(VENV)/bin/python
	$(VENV)/bin/python $(PIP_INSTALL) -c constraints.txt -e '.[$*]'
	@touch $@

$(VENV_LOWEST)/installed-lowest: constraints-lowest.txt $(PACKAGING) | $(VENV_LOWEST)/bin/python
	$(VENV_LOWEST)/bin/python $(PIP_INSTALL) -c constraints-lowest.txt -e '.[test,tracking,ray,torchjd]'
	@touch $@

%/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "make: '$(PYTHON)' is not Python 3.11 or newer; name one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "make: '$(PYTHON)' cannot make virtual environments; install its venv module (Debian, Ubuntu: python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv $*
