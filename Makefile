# The two commands a newcomer needs: make demo, make test. The others are for builders.

.DEFAULT_GOAL := help
.PHONY: help demo test test-runtimes test-faiss test-postgres test-python bench check setup

WHORL := target/release/whorl
DEMO_OUT ?= demo-out

help:
	@echo "make demo   install what is missing, build, deduplicate a synthetic population, show where the report is"
	@echo "make test   install what is missing, run every test"
	@echo "make test-runtimes  the same for networks by OpenCV and onnxruntime, which it installs"
	@echo "make test-faiss  the same for indexes over faces by faiss, which it builds"
	@echo "make test-postgres  the identity layer on a PostgreSQL server of its own, which it installs"
	@echo "make test-python  the Python client against a server, in an environment of its own"
	@echo "make bench  criterion benchmarks and the scale runs"
	@echo "make check  formatting, lints and docs, as CI runs them"

# Rust needs a C linker; nothing else is needed of the system.
setup:
	@command -v cargo >/dev/null 2>&1 || { echo "Rust is missing: install it from https://rustup.rs, then run this again." >&2; exit 1; }
	@command -v cc >/dev/null 2>&1 || { \
	  if command -v apt-get >/dev/null 2>&1; then \
	    if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi; \
	    $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq gcc libc6-dev; \
	  else \
	    echo "A C compiler is missing, which Rust links with: install gcc or clang (Debian: gcc libc6-dev; Fedora: gcc glibc-devel; Alpine: gcc musl-dev; macOS: xcode-select --install)." >&2; exit 1; \
	  fi; }

demo: setup
	cargo build --release --locked --package whorl-cli
	$(WHORL) demo --out $(DEMO_OUT)

# Nextest does not run the examples of the documentation, so they go first and its summary closes the run.
test: setup
	@if cargo nextest --version >/dev/null 2>&1; then \
	  cargo test --locked --workspace --doc --quiet && cargo nextest run --locked --workspace --lib --bins --tests --no-fail-fast; \
	else \
	  cargo test --locked --workspace --no-fail-fast; \
	fi

test-runtimes: setup
	@extractors/tests/runtimes.sh

test-faiss: setup
	@index/tests/faiss.sh

test-postgres: setup
	@api/identity/tests/postgres.sh

test-python: setup
	cargo build --release --locked --package whorl-cli
	@sdk/python/test.sh $(WHORL)

bench: setup
	cargo bench --locked --package whorl-benches
	cargo build --release --locked --package whorl-cli
	$(WHORL) bench search --modality fingerprint --rows 1000000 --probes 64 --threads 1 --json
	$(WHORL) bench search --modality iris --rows 1000000 --probes 64 --threads 1 --json
	$(WHORL) bench search --modality face --rows 1000000 --probes 64 --threads 1 --json
	$(WHORL) bench search --fingers 10 --irises 2 --faces 1 --persons 20k --probes 64 --json
	$(WHORL) bench enrol --references 20k --writers 64 --json
	$(WHORL) bench restart --persons 1M --json
	$(WHORL) bench server --persons 100k --json
	$(WHORL) plan --persons 60M --enrolments-per-day 100k --latency 5m

check: setup
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --locked --workspace --no-deps --quiet
