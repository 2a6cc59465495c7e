# Ombud: the words to know. `make` alone lists them.
# Set-up is part of each target: packages by hash into .venv, nothing outside this folder.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
FONTS := fonts-noto-core fonts-noto-color-emoji
.DEFAULT_GOAL := help
.PHONY: help demo test check bench eval docs reference pictures lock clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(VENV)/run.done: requirements/run.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Ombud needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/test.done: requirements/test.txt $(VENV)/run.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	touch $@

$(VENV)/docs.done: requirements/docs.txt $(VENV)/run.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/docs.txt
	touch $@

# A Matrix homeserver to test against: AGPL, so a process of its own in an environment of its own.
$(VENV)/synapse.done: requirements/synapse.txt | $(VENV)/run.done
	test -x $(VENV)/synapse/bin/python || $(PYTHON) -m venv $(VENV)/synapse
	$(VENV)/synapse/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/synapse.txt
	touch $@

# The browser tests drive the system's own Chromium; nothing else needs it. The one without windows
# does the same for less, so it is tried first, and one that is there already comes next.
$(VENV)/chromium.done: | $(VENV)/test.done
	@apt_get() { [ "$$(id -u)" = 0 ] && DEBIAN_FRONTEND=noninteractive apt-get --quiet --option Acquire::http::Timeout=20 "$$@"; }; \
	command -v chromium-headless-shell || \
	{ apt_get update && apt_get install --yes --no-install-recommends chromium-headless-shell $(FONTS); } || \
	command -v chromium || command -v chromium-browser || \
	apt_get install --yes --no-install-recommends chromium $(FONTS) || { \
	  echo "The browser tests need Chromium, and there is none." >&2; \
	  echo "  looked for: chromium-headless-shell, chromium and chromium-browser on PATH" >&2; \
	  echo "Install one and a font with Vietnamese letters, as root: apt-get install chromium-headless-shell $(FONTS)" >&2; \
	  exit 1; \
	}
	touch $@

demo: $(VENV)/run.done  ## a small community at work: each decision with its reasons
	$(BIN)/ombud demo --events 400 --once

check: $(VENV)/test.done  ## format, lint, types, import layers, documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

test: $(VENV)/chromium.done $(VENV)/synapse.done check  ## all checks and all tests
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal

bench: $(VENV)/test.done $(VENV)/synapse.done  ## speed, as ratios measured side by side
	$(BIN)/python -m bench

eval: $(VENV)/test.done  ## how well the signals do on public data, into docs/reference/evaluation.md
	$(BIN)/python -m evaluation --write

docs: $(VENV)/docs.done reference  ## the documentation as pages, in docs/_build
	$(BIN)/python -m sphinx -W --keep-going -b html docs docs/_build/html

reference: $(VENV)/run.done  ## write the generated reference pages anew
	$(BIN)/python docs/generate.py

pictures: $(VENV)/chromium.done  ## take a picture of every page of the console, into docs/console
	$(BIN)/python docs/screenshots.py

lock:  ## pin all requirements by hash (needs uv on the path)
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml requirements/run.in -o requirements/run.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --all-extras pyproject.toml requirements/run.in --group test -c requirements/run.txt -o requirements/test.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml requirements/run.in --group docs -c requirements/run.txt -o requirements/docs.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 requirements/synapse.in -o requirements/synapse.txt

clean:  ## remove what the other targets made
	rm -rf $(VENV) build dist docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis
