# Two commands matter: `make demo` shows it, `make test` proves it. Each sets up what it needs.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
export PG15 ?= /usr/lib/postgresql/15/bin
export CHROMIUM ?= chromium
export CHROMEDRIVER ?= chromedriver
PEOPLE ?= 2000

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: demo
demo: install ## Fill five made-up legacy systems, resolve them, show the result and write report.html (PEOPLE=2000)
	$(BIN)/c360 demo --people $(PEOPLE)
	@echo
	$(BIN)/c360 report

.PHONY: test
test: lint typecheck install-pg15 install-browser ## Lint, type check, then every test on PostgreSQL 18 and 15
	$(BIN)/pytest --numprocesses auto --dist loadfile

.PHONY: lint
lint: install ## ruff and sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar models analyses tests/dbt

.PHONY: typecheck
typecheck: install ## mypy --strict
	$(BIN)/mypy

.PHONY: format
format: install ## Let ruff and sqlfluff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix --processes 2 models analyses tests/dbt

.PHONY: soak
soak: install ## 2,000 random histories, and a build that is killed at every table it writes
	HISTORIES=2000 CRASHES=all $(BIN)/pytest tests/python/test_histories.py tests/python/test_crashes.py

.PHONY: bench
bench: install ## Seconds per layer at 100,000 and 1,000,000 source records
	$(BIN)/python benchmarks/build.py

.PHONY: bench-cutover
bench-cutover: install ## What an application feels during the cutover of 1,000,000 orders
	$(BIN)/python benchmarks/cutover.py

.PHONY: phone-plan
phone-plan: install ## Derive the phone functions' constants from libphonenumber's metadata
	$(BIN)/python scripts/phone_plan.py

.PHONY: name-constants
name-constants: install ## Derive the name functions' constants from the seeds
	$(BIN)/python scripts/name_constants.py

.PHONY: pictures
pictures: install install-browser ## Take the pictures of the README anew, from a demo of its own
	PYTHONPATH=tests/python $(BIN)/python scripts/pictures.py

.PHONY: install
install: $(VENV)/.installed ## Virtual environment with the pinned, hashed dependencies

# The second PostgreSQL version of the tests: Debian's package, where it is missing and can be had.
.PHONY: install-pg15
install-pg15:
	@test -x $(PG15)/postgres || { apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-15; } \
	  || { echo "PostgreSQL 15 is missing: install it, or say where it is with PG15=/path/to/bin"; exit 1; }

# The report is looked at in a real browser: Debian's Chromium with its driver, where they are missing and can be had.
.PHONY: install-browser
install-browser:
	@{ command -v $(CHROMIUM) && command -v $(CHROMEDRIVER); } >/dev/null \
	  || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium chromium-driver; } \
	  || { echo "Chromium or its driver is missing: install both, or say where they are with CHROMIUM= and CHROMEDRIVER="; exit 1; }

$(VENV)/.installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.PHONY: lock
lock: install ## Compile requirements.lock from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --no-strip-extras --no-emit-index-url \
	  --no-emit-find-links --no-annotate --no-header --quiet --upgrade -o requirements.lock

.PHONY: clean
clean: ## Stop the embedded server and remove what was built
	-$(BIN)/c360 server stop
	rm -rf .c360 target logs
