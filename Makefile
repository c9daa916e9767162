# Everything a person needs: make help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help serve test lint format bench fuzz kill wheel lock clean
.DEFAULT_GOAL := help

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

serve: .venv/run.stamp ## build the bundled dataset and serve it at http://127.0.0.1:8000
	$(BIN)/sdograph serve $(ARGS)

test: .venv/dev.stamp ## run the tests
	$(BIN)/pytest -n auto --dist loadfile $(ARGS)

lint: .venv/dev.stamp ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev.stamp ## put the code into its style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/bench.stamp ## measure against peers (takes some minutes)
	$(BIN)/python -m benchmarks $(ARGS)

fuzz: .venv/dev.stamp ## read damaged documents for a minute (ARGS="--seconds 600 --seed 7")
	$(BIN)/python tests/fuzz/fuzz_documents.py $(ARGS)

kill: .venv/dev.stamp ## kill -9 at random while the store is written to (ARGS="--rounds 20 --seed 7")
	$(BIN)/python -m benchmarks.kills $(ARGS)

wheel: .venv/dev.stamp ## build the wheel into dist/
	rm -rf dist
	$(BIN)/python -m build --wheel --outdir dist .

lock: .venv/dev.stamp ## renew the requirements….lock
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile -q --universal -p 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade \
		--group dev --extra pandas pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile -q --universal -p 3.11 --generate-hashes --no-emit-index-url --no-header \
		-c requirements-dev.lock pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal -p 3.11 --generate-hashes --no-emit-index-url --no-header \
		-c requirements-dev.lock --group bench pyproject.toml -o requirements-bench.lock

clean: ## remove everything made here
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/pyvenv.cfg:
	$(PYTHON) -m venv .venv

.venv/run.stamp: .venv/pyvenv.cfg requirements.lock pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

.venv/bench.stamp: .venv/dev.stamp requirements-bench.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	touch $@
