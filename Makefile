# make demo    set up .venv, label the sample articles, print the table, write statements.csv
# make test    set up .venv with the test extra, run the test suite
# make check   format, lint, types, import contracts
# make lessons    set up .venv with the notebooks extra, run the four notebooks that teach (two minutes)
# make notebooks  the same with those that back the figures (an hour where they measure again)
# make model   train the model in models/ again from data/annotations/ and data/counted_news/
PYTHON ?= python3
PIP := .venv/bin/python -m pip --disable-pip-version-check --quiet
.PHONY: demo test check lessons notebooks model wheel clean

demo: .venv/demo
	.venv/bin/stance label data/articles/ -o statements.csv --force --show

test: .venv/test
	.venv/bin/python -m pytest -q -n auto

check: .venv/dev
	.venv/bin/ruff format --check stance tests
	.venv/bin/ruff check stance tests
	.venv/bin/mypy
	.venv/bin/lint-imports

lessons: .venv/notebooks
	.venv/bin/python -m pytest -q --nbmake --nbmake-timeout=900 notebooks/[1-4]_*.ipynb

notebooks: .venv/notebooks
	.venv/bin/python -m pytest -q --nbmake --nbmake-timeout=3600 notebooks

model: .venv/demo
	.venv/bin/stance train data/annotations/statements.jsonl --articles data/annotations/articles.jsonl \
	  --counts data/counted_news -o models/default.joblib --no-curve --force

wheel: .venv/dev
	.venv/bin/python -m build --wheel

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/demo: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e .
	touch $@

.venv/test: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e '.[test]'
	touch $@ .venv/demo

.venv/dev: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e '.[dev]'
	touch $@ .venv/test .venv/demo

.venv/browser: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e '.[browser]'
	touch $@ .venv/test .venv/demo

.venv/notebooks: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e '.[notebooks]'
	touch $@ .venv/demo

clean:
	rm -rf .venv build dist statements.csv
