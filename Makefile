# make figures   set up (once), check the corpus, draw every figure and table into build/figures
# make test      set up the rest (once), run every test
# make app       open the app in a browser
# make rerun     set up torch (once), prune 31 small networks on images made in code, draw what was measured

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: figures test app rerun benchmark lint schema picture clean

figures: $(VENV)/light
	$(BIN)/prunebase check
	$(BIN)/prunebase figures -o build/figures
	@echo "open build/figures/index.html"

test: $(VENV)/all
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n auto

app: $(VENV)/app
	$(BIN)/prunebase app

rerun: $(VENV)/rerun
	$(BIN)/prunebase rerun smoke
	$(BIN)/prunebase figures rerun_tradeoffs --reruns-from build/rerun/results -o build/rerun/figures
	@echo "open build/rerun/figures/rerun_tradeoffs.svg (the runs: build/rerun/results)"

benchmark: $(VENV)/all
	for script in tests/benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

lint: $(VENV)/all
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

schema: $(VENV)/light
	$(BIN)/python -m corpus.schema.json_schema

picture: $(VENV)/light
	$(BIN)/prunebase figures fragmentation -o .github --format png

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "prunebase needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "python -m venv failed; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/light: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/app: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable '.[app]'
	@touch $@ $(VENV)/light

$(VENV)/rerun: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable '.[rerun]'
	@touch $@ $(VENV)/light

$(VENV)/all: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable '.[app,dev,ray,rerun]'
	@touch $@ $(VENV)/light $(VENV)/app $(VENV)/rerun

clean:
	rm -rf build dist *.egg-info
