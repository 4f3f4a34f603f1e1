# Every target does all of its own set-up; Python 3.11 or newer, git and make are all that it needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
SOURCES := src tests plugins examples benchmarks

.PHONY: help setup demo test browser chromium pictures check bench requirements words clean

help:
	@echo "make demo    the whole story on a real shop, in this terminal"
	@echo "make test    all tests"
	@echo "make browser the tests in a real browser, with Debian's Chromium"
	@echo "make check   format, lint, types, import contracts"
	@echo "make bench   the measurements of benchmarks/"
	@echo "make setup   the environment for working on Takeback, in $(VENV)"

setup: $(VENV)/.dev

demo: $(VENV)/.demo
	@$(BIN)/takeback demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

browser: $(VENV)/.dev chromium
	$(BIN)/python -m pytest tests/browser

# The pictures in docs/pictures, from the pages that those tests see.
pictures: $(VENV)/.dev chromium
	TAKEBACK_PICTURES=docs/pictures $(BIN)/python -m pytest tests/browser

# Where it cannot be installed, the tests in a browser are skipped.
chromium:
	@command -v chromium >/dev/null || \
		{ $(AS_ROOT) apt-get update -q && $(AS_ROOT) apt-get install -y -q --no-install-recommends chromium fonts-noto-cjk; } || \
		{ echo "There is no Chromium and apt-get could not install it; the tests in a browser cannot run."; exit 1; }
AS_ROOT := $(shell test "$$(id -u)" = 0 || echo sudo -n)

check: $(VENV)/.dev
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

# The pinned versions, with hashes, from the ranges in pyproject.toml.
requirements: $(VENV)/.dev
	$(BIN)/python -m uv pip compile -q $(COMPILE) --extra build -o requirements/run.txt
	$(BIN)/python -m uv pip compile -q $(COMPILE) --extra build --extra demo -o requirements/demo.txt
	$(BIN)/python -m uv pip compile -q $(COMPILE) --extra build --extra demo --extra test --extra dev -o requirements/dev.txt
COMPILE := --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url pyproject.toml

# The words as gettext reads them, from the .po files.
words: $(VENV)/.dev
	for file in src/takeback/words/*.po; do \
		$(BIN)/pybabel -q compile -l $$(basename $$file .po | sed 's/.*\.//') -i $$file -o $${file%.po}.mo || exit; done

clean:
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Takeback needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "python3 -m venv failed; on Debian and Ubuntu: apt-get install python3-venv"; rm -rf $(VENV); exit 2; }

$(VENV)/.demo: requirements/demo.txt pyproject.toml plugins/oscar/pyproject.toml plugins/client/pyproject.toml | $(BIN)/python
	@test -f $(VENV)/.dev -a $(VENV)/.dev -nt requirements/dev.txt || \
		{ echo "Installing what the demo needs (once) ..."; $(PIP) install --require-hashes -r requirements/demo.txt; }
	@$(PIP) install --no-deps --no-build-isolation -e . -e plugins/oscar -e plugins/client
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml plugins/oscar/pyproject.toml plugins/client/pyproject.toml | $(BIN)/python
	@echo "Installing what the tests need (once) ..."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation -e . -e plugins/oscar -e plugins/client
	@touch $@ $(VENV)/.demo
