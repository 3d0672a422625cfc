# Kuanxian: two commands on a fresh clone. `make demo` shows it, `make test` checks it.
# Needs Python 3.11 to 3.14, git and make. Everything else is pinned in the lock files.

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# A lock file names every part, so nothing is left to resolve: pip 23 took a newer coverage for
# coverage[toml] the day one came out, and refused it for want of a hash.
LOCKED := --require-hashes --no-deps
LOCK := --universal --fork-strategy fewest --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-header --no-annotate --quiet
# Branches are counted over these, which take a minute: tracing the whole suite takes a third longer.
KERNEL_TESTS := tests/base tests/loan src/kuanxian/base src/kuanxian/loan
WORKERS := auto
# Compiled files are kept, whatever the shell says: tests start some thousand small programs.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint docs lock bench clean

help: ## list what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 8

setup: .venv/.dev ## make .venv with everything a developer needs

demo: .venv/.run ## set up, make a small book, close two month ends, show the result
	@$(BIN)/kuanxian demo

test: .venv/.dev .venv-oracles/.made lint ## check everything
	$(BIN)/python tools/compile_kernel.py
	$(BIN)/python -m pytest -n $(WORKERS) -m 'not slow' --cov --cov-report= $(KERNEL_TESTS)
	$(BIN)/python -m coverage report --skip-covered --show-missing --fail-under=100
	$(BIN)/python -m pytest -n $(WORKERS)

check: .venv/.dev lint ## the fast lane: no slow tests, no servers, no real books
	$(BIN)/python -m pytest -n $(WORKERS) -m 'not slow and not service and not real'

lint: .venv/.dev ## format, lint, types, directions, house rules, generated documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/no_float.py
	$(BIN)/python tools/tidy.py
	$(BIN)/python tools/reference.py --check

docs: .venv/.dev ## write the generated pages anew: reference, and the demo in the READMEs
	$(BIN)/python tools/reference.py
	$(BIN)/python tools/show_demo.py

bench: .venv/.dev ## measure the close beside DuckDB, pandas and plain Python
	$(BIN)/python bench/close.py

# The hashes pin every file; no address is recorded. Needs uv.
lock: ## compute the lock files anew
	uv pip compile pyproject.toml $(LOCK) --upgrade --extra dev --extra bench --extra build \
		-o requirements-dev.lock
	uv pip compile pyproject.toml $(LOCK) --upgrade --extra build -c requirements-dev.lock \
		-o requirements.lock
	uv pip compile requirements-oracles.in $(LOCK) --upgrade -o requirements-oracles.lock

clean: ## remove the virtual environment and every cache
	rm -rf .venv .venv-oracles build dist demo src/*.egg-info .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@python=$$(sh tools/find_python.sh) && echo "Setting up .venv with $$($$python --version)" \
		&& $$python -m venv .venv

.venv/.run: .venv/bin/python requirements.lock pyproject.toml
	@echo 'Installing the pinned parts …'
	@$(PIP) install $(LOCKED) -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/bin/python requirements-dev.lock pyproject.toml
	@echo 'Installing the pinned parts and the tools …'
	@$(PIP) install $(LOCKED) -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ .venv/.run

# Programs under the GNU GPL that tests compare with: run apart, never imported.
.venv-oracles/.made: .venv/bin/python requirements-oracles.lock
	@echo 'Installing the programs that tests compare with …'
	@.venv/bin/python -m venv .venv-oracles
	@.venv-oracles/bin/python -m pip --disable-pip-version-check --quiet install \
		$(LOCKED) -r requirements-oracles.lock
	@touch $@
