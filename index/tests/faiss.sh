#!/usr/bin/env bash
# Tests the approximate indexes over faces, behind the feature `faiss`, and brings what building faiss needs by apt. The first run takes
# some minutes, for faiss itself; a second run installs and builds nothing.
# Run it by `make test-faiss`.
set -euo pipefail
cd "$(dirname "$0")/../.."

install() {
  command -v apt-get >/dev/null 2>&1 || return 1
  local sudo=
  if [ "$(id -u)" != 0 ]; then command -v sudo >/dev/null 2>&1 || return 1; sudo=sudo; fi
  $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
    { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
}

# The linker looks for libblas and liblapack, which OpenBLAS stands in for, and for libgomp, which comes with g++.
faiss_can_be_built() {
  command -v cmake >/dev/null 2>&1 && command -v c++ >/dev/null 2>&1 && command -v make >/dev/null 2>&1 || return 1
  local library
  for library in libblas.so liblapack.so; do
    [ "$(cc -print-file-name=$library)" != $library ] || return 1
  done
}

faiss_can_be_built || { install cmake g++ make libopenblas-dev && faiss_can_be_built; } || {
  echo "faiss needs cmake, make, a C++ compiler and BLAS with LAPACK: install them (Debian: cmake make g++ libopenblas-dev)" >&2
  exit 1
}

# Without it faiss is compiled for the first 64-bit processors, and is three to ten times slower.
if [ "$(uname -m)" = x86_64 ]; then export CXXFLAGS="${CXXFLAGS:--march=x86-64-v3}"; fi
# Threads of OpenMP that wait shall leave the processor to those that work.
export OMP_WAIT_POLICY=PASSIVE

# The binary forwards the feature; that it exists is all that is asked here.
cargo tree --locked --package whorl-cli --features faiss --depth 0 >/dev/null
# `make check` does not see what only the feature compiles.
if cargo clippy --version >/dev/null 2>&1; then
  cargo clippy --locked --package whorl-index --features faiss --all-targets --quiet -- --deny warnings
fi
if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run --locked --package whorl-index --features faiss --test faiss --no-fail-fast
else
  cargo test --locked --package whorl-index --features faiss --test faiss --no-fail-fast
fi
