# The commands of the house. Each sets up .venv first (scripts/setup: seconds when nothing changed).
.PHONY: setup run test check bench lock
PY = .venv/bin/python

setup:
	@scripts/setup

run: setup
	@$(PY) tinbao.py demo

test: setup
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal

check: setup
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench: setup
	@$(PY) bench/talk.py

lock:
	@scripts/lock
