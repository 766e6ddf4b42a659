# Everything a newcomer, a developer or CI does starts here; each target sets up what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.chainrule-ready
LITE := build/lite-venv
PYTEST := $(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder
# Files of tests are shared out among as many processes as there are cores: one thread for each.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: demo test thorough lint check lab bench oracle browser build site lite container-test clean help

help:            ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(READY)   ## grade a sample class with hidden checks, end to end
	@$(BIN)/autograder demo

test: $(VENV)/.dev-ready   ## the test suite
	$(PYTEST)

thorough: $(VENV)/.dev-ready  ## the full number of what the test suite samples
	$(PYTEST) -m thorough

lint: $(VENV)/.dev-ready   ## style, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint      ## the daily gate: lint, fresh notebooks, audited bank, tests
	$(BIN)/autograder build --check
	$(BIN)/autograder verify
	$(PYTEST) --remember  # leaves out what passed before on the same files

lab: $(READY)    ## open JupyterLab on your own copy of the student notebooks (work/)
	@$(BIN)/autograder update
	$(BIN)/jupyter lab work

bench: $(VENV)/.dev-ready  ## measure against peers, one JSON line per figure
	$(BIN)/pip install --quiet -e '.[jax,oracle]'
	$(BIN)/python benchmarks/grading_course.py
	$(BIN)/python benchmarks/grading_quickstart.py
	$(BIN)/python benchmarks/grading_otter.py
	$(BIN)/python benchmarks/grading_overhead.py
	$(BIN)/python benchmarks/grading_isolation.py
	$(BIN)/python benchmarks/grading_scaling.py
	$(BIN)/python benchmarks/grading_split.py
	$(BIN)/python benchmarks/reference.py
	$(BIN)/python benchmarks/scaling.py

oracle: $(VENV)/.dev-ready ## compare the reference implementation with PyTorch
	$(BIN)/pip install --quiet 'torch==2.13.0'
	$(BIN)/python tests/reference_impl/components.py

browser: $(VENV)/.dev-ready $(LITE)/.ready ## drive notebooks and pages in Chromium (which must be installed)
	$(BIN)/pip install --quiet -e '.[browser,site]'
	$(BIN)/python -m pytest -m browser

build: $(READY)  ## rebuild notebooks and solutions from the chapter texts
	$(BIN)/autograder build

site: $(READY)   ## the course as web pages, in build/site (REPOSITORY=owner/name adds buttons of clouds)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[site]'
	$(BIN)/python -m autograder.site.make_site $(if $(REPOSITORY),--repository $(REPOSITORY))

# Python for browsers comes from its public address; `make lite PYODIDE=folder` takes a copy along.
lite: $(READY) $(LITE)/.ready  ## the notebooks to run in a browser, in build/site/lite
	$(BIN)/python -m autograder.site.make_lite $(if $(PYODIDE),--pyodide $(PYODIDE))

# Docker's daemon may be there or not; this starts one of its own as root, and leaves nothing.
container-test:  ## build the grading host and grade in it (BASE=image, else Debian by debootstrap)
	@$(PYTHON) container/try_it.py $(BASE)

clean:           ## remove everything generated that is not committed
	rm -rf $(VENV) demo build kit *.egg-info

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Chainrule needs Python 3.11 or newer; try: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(LITE)/.ready: autograder/site/lite-requirements.txt
	$(PYTHON) -m venv $(LITE)
	$(LITE)/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(VENV)/.dev-ready: $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@
