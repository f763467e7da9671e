# What a newcomer and a developer need. Only make and Python 3.11 or newer have to be there.

PYTHON ?= python3
PORT ?= 8000
VENV ?= .venv
PYTEST_ARGS ?=
JOB ?=

BIN := $(VENV)/bin
# The end-to-end tests start their site under "python -O" by themselves.
OPTIMISED := tests/lti tests/test_fetching*.py --ignore=tests/lti/test_end_to_end.py --ignore=tests/lti/test_concurrency.py
# Pins what the demo and the tests install; the package itself has lower bounds only.
PINS := constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset course-provider test test-optimised journeys bench docs lint clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1|\2/' | \
		awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)."; \
		echo "Name another one: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; \
		exit 1; }
	$(PYTHON) -m venv $(VENV)

# One stamp for each set of packages: a second run has nothing to install.
$(VENV)/.installed-demo: $(BIN)/python pyproject.toml $(PINS)
	$(BIN)/python -m pip install --quiet -c $(PINS) -e ".[demo]"
	@touch $@

$(VENV)/.installed-test: $(BIN)/python pyproject.toml $(PINS)
	$(BIN)/python -m pip install --quiet -c $(PINS) -e ".[demo,test]"
	@touch $@ $(VENV)/.installed-demo

$(VENV)/.installed-docs: $(BIN)/python pyproject.toml $(PINS)
	$(BIN)/python -m pip install --quiet -c $(PINS) -e ".[demo,docs]"
	@touch $@

demo: export EXAMPLE_BASE_URL = http://127.0.0.1:$(PORT)
demo: $(VENV)/.installed-demo ## run the example site on http://127.0.0.1:8000 (PORT= changes it)
	@$(BIN)/python example_site/manage.py migrate --verbosity 0
	@$(BIN)/python example_site/manage.py load_demo
	@exec $(BIN)/python example_site/manage.py runserver --noreload 127.0.0.1:$(PORT)

demo-reset: ## forget the demo's data; the next "make demo" starts over
	rm -rf example_site/var

course-provider: $(VENV)/.installed-test ## run a course provider for the demo on http://localhost:9001
	@exec $(BIN)/python -m tests.lti.provider --keep build/course-provider.json --platform http://127.0.0.1:$(PORT)

test: $(VENV)/.installed-test ## run the tests (browser journeys are skipped without Chromium)
	$(BIN)/python -m pytest -n auto --dist loadgroup $(PYTEST_ARGS)

test-optimised: $(VENV)/.installed-test ## run the tests of online courses as "python -O" does: without any assert
	$(BIN)/python -O -m pytest -n auto --dist loadgroup $(OPTIMISED) $(PYTEST_ARGS)

journeys: $(VENV)/.installed-test ## run the browser journeys alone; they need Chromium
	REQUIRE_BROWSER=1 $(BIN)/python -m pytest -n auto --dist loadfile -m journey $(PYTEST_ARGS)

bench: $(VENV)/.installed-test ## time the pages with the demo's data (JOB=page-list for one job)
	$(BIN)/python -m tests.benchmarks $(JOB)

docs: $(VENV)/.installed-docs ## build the documentation into build/docs
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -b html docs build/docs
	@echo "Open build/docs/index.html"

lint: $(VENV)/.installed-test ## check style and formatting
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

clean: ## remove everything that was built or installed here, but not the demo's data
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
