# What is done here day by day; `.ci/run` stands between a commit and main.
.PHONY: setup programs test quick lint bench docs examples
PYTHON ?= .venv/bin/python

setup:            ## an environment with all that work on the code needs
	python3 -m venv .venv
	.venv/bin/pip install --quiet -e ".[dev]"

programs:         ## the programs that tests drive for real (Debian, as root)
	.ci/programs

test:             ## all tests
	$(PYTHON) -m pytest -q -n 3

quick:            ## the tests that start no other program
	$(PYTHON) -m pytest -q tests/model tests/rules tests/intake/test_values.py tests/intake/test_recognise.py tests/test_import_layers.py

lint:             ## style and types
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

bench:            ## what a merge costs beside its yardsticks
	$(PYTHON) benchmarks/run.py

docs:             ## the pages and pictures that are made from the code
	.venv/bin/kbxt rules > docs/rules.md
	$(PYTHON) tests/rules/examples.py
	.venv/bin/kbxt rules --examples > docs/findings.md
	.venv/bin/kbxt forms > docs/forms.md
	.venv/bin/kbxt settings > docs/settings.md
	$(PYTHON) tests/house.py --map

examples:         ## the main job on the fictional district
	.venv/bin/kbxt merge examples/returned --out out
