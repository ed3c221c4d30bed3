# The commands of this project. `make help` lists them.
# Variables: PYTHON (an interpreter), PUNCHOUT_HOME (where everything is written), ARGS (for pytest and the benchmarks),
# WORKERS (test processes), PORT (of the Dagster UI); for `make run` FRESH=1, SET (full or handful), SEED (a number),
# SENT_BY (who sends the orders: pipeline or bc), PROFILE (sqlite or postgres) and DOORS (all, or folder: everything in
# drop folders), which hold until FRESH=1 starts over.

PUNCHOUT_HOME ?= ./var
PORT ?= 3000
WORKERS ?= 2
UV ?= uv

BIN := .venv/bin
VENV := sh .ci/venv.sh

# What is no unit test; each has a marker of its own.
LANES := postgres or crash or daemon or dagster or gx or browser or process or sandbox or slow or sshd or nightly

export PYTHON
# Output is UTF-8 wherever this runs, also where the locale is C.
export PYTHONUTF8 := 1
export DAGSTER_DISABLE_TELEMETRY := 1
export GX_ANALYTICS_ENABLED := false

# The words of `make run`, as its command takes them.
PLAYED = $(if $(FRESH),--fresh) $(if $(SET),--scenario-set "$(SET)") $(if $(SEED),--seed "$(SEED)") \
	$(if $(SENT_BY),--orders-sent-by "$(SENT_BY)") $(if $(PROFILE),--profile "$(PROFILE)") \
	$(if $(DOORS),--doors "$(DOORS)")

# Documents, ledgers and logs are the owner's alone.
PRIVATE := umask 077

.DEFAULT_GOAL := help
.PHONY: help run test unit dev bench lint nightly lock clean check run-venv runtime-venv dev-venv

help: ## List the commands
	@LC_ALL=C awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: run-venv ## Play the sandbox and compare with its oracle (FRESH=1, SET=handful, SEED=8, SENT_BY=bc, PROFILE=postgres, DOORS=folder)
	@$(PRIVATE); started=$$(date +%s); status=0; \
	result=$$($(BIN)/punchout sandbox run $(PLAYED) --home "$(PUNCHOUT_HOME)") || status=$$?; \
	echo "run_seconds=$$(($$(date +%s) - started))"; \
	[ -z "$$result" ] || printf '%s\n' "$$result"; \
	exit $$status

test: dev-venv ## Run the tests (ARGS="-k word" chooses; PUNCHOUT_TEST_DATA and REQUIRE_LANES are passed on)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not nightly" $(ARGS)

unit: dev-venv ## Run the unit tests alone: no server, no browser, no process, no script
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not ($(LANES))" $(ARGS)

dev: runtime-venv ## Open the Dagster UI on what `make run` left (PORT=3000)
	@$(PRIVATE); mkdir -p "$(PUNCHOUT_HOME)/dagster"; \
	home=$$(cd "$(PUNCHOUT_HOME)" && pwd -P); \
	PUNCHOUT_HOME="$$home" DAGSTER_HOME="$$home/dagster" PYTHONWARNINGS=ignore \
	$(BIN)/dagster dev -w workspace.yaml -h 127.0.0.1 -p $(PORT)

bench: dev-venv ## Run the benchmarks (ARGS="parse --quick --json")
	@$(BIN)/python -m benchmarks $(ARGS)

lint: dev-venv ## Check style, types, import rules and the Dagster definitions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/dagster definitions validate -w workspace.yaml

nightly: dev-venv ## Run every test, the long lanes too
	@HYPOTHESIS_PROFILE=nightly $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --timeout 1800 $(ARGS)

lock: ## Write the lock files again (needs uv; UPGRADE=1 takes newer releases)
	@UV="$(UV)" sh .ci/lock.sh $(if $(UPGRADE),--upgrade)

clean: ## Remove the environment, caches and build products; what PUNCHOUT_HOME holds stays
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov build dist
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

# A missing interpreter or venv module is said in one line, before anything is made.
check:
	@$(if $(PROBLEM),$(error $(PROBLEM)))

PROBLEM = $(shell PYTHON='$(PYTHON)' $(VENV) check)

runtime-venv: check
	@$(VENV) runtime

# A PostgreSQL server to play with is among what the tests need.
run-venv: check
	@$(VENV) $(if $(filter postgres,$(PROFILE)),dev,runtime)

dev-venv: check
	@$(VENV) dev >&2
