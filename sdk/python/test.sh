#!/bin/sh
# Tests the Python client: a throwaway environment, a throwaway server on the local host, everything gone at the end.
# Usage: test.sh [WHORL]; WHORL is the command `whorl`, else $WHORL, else that of a release build of this checkout.
# $PYTHON is the interpreter, python3 unless it says otherwise.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
whorl=${1:-${WHORL:-$here/../../target/release/whorl}}
python=${PYTHON:-python3}
case $whorl in */*) whorl=$(cd "$(dirname "$whorl")" && pwd)/$(basename "$whorl") ;; esac
command -v "$whorl" >/dev/null || { echo "there is no $whorl: give the command whorl, or build it with cargo build --release" >&2; exit 1; }

folder=$(mktemp -d)
server=
sandbox=
finish() {
  status=$?
  for serving in $server $sandbox; do
    kill "$serving" 2>/dev/null || true
    wait "$serving" 2>/dev/null || true
  done
  for log in "$folder/server.log" "$folder/sandbox.log"; do
    if [ "$status" != 0 ] && [ -f "$log" ]; then tail -n 20 "$log" >&2; fi
  done
  rm -rf "$folder" "$here/build" "$here/whorl.egg-info"
  exit "$status"
}
trap finish EXIT
trap 'exit 1' INT TERM

echo "installing the client from its folder" >&2
# Debian keeps venv in a package of its own.
make_venv() { "$python" -m venv "$folder/venv" >/dev/null 2>&1; }
if ! make_venv; then
  command -v apt-get >/dev/null || { echo "$python has no venv: install it" >&2; exit 1; }
  if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
  $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
  make_venv || { echo "$python has no venv, nor after python3-venv was installed" >&2; exit 1; }
fi
python=$folder/venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK=1
"$python" -m pip install --quiet "$here" cryptography mypy types-protobuf setuptools

echo "building it from a source distribution, which has the .proto files in it" >&2
(cd "$here" && "$python" -c "import sys, setuptools.build_meta as build; build.build_sdist(sys.argv[1])" "$folder" >/dev/null 2>&1)
"$python" -m pip wheel --quiet --no-deps --wheel-dir "$folder/wheel" "$folder"/whorl-*.tar.gz
"$python" -m zipfile --list "$folder"/wheel/whorl-*.whl >"$folder/wheel.txt"
for part in v1/sample identity/v1/registration; do grep -q "whorl/${part}_pb2.py" "$folder/wheel.txt"; done

echo "checking its types" >&2
(cd "$folder" && "$python" -m mypy --config-file "$here/pyproject.toml")

echo "starting a server and a sandbox, and making people" >&2
"$python" "$here/tests/authority.py" "$folder"
"$whorl" synth --out "$folder/people" --persons 5 --fingers 2 --irises 1 --impressions 2 --seed 3 >/dev/null 2>&1
(cd "$folder" && exec "$whorl" --json serve --config whorl.toml >serving.json 2>server.log) &
server=$!
(cd "$folder" && exec "$whorl" --json sandbox --residents 1 --listen 127.0.0.1:0 >sandbox.json 2>sandbox.log) &
sandbox=$!
# Waits until who runs as $1 has said where he is, a word of which is $2, in the file $3.
await() {
  waited=0
  until grep -q "$2" "$3" 2>/dev/null; do
    kill -0 "$1" 2>/dev/null || { echo "the server did not start" >&2; exit 1; }
    waited=$((waited + 1))
    [ "$waited" -lt 300 ] || { echo "the server does not say where it is" >&2; exit 1; }
    sleep 0.1
  done
}
await "$server" listen "$folder/serving.json"
await "$sandbox" "^}" "$folder/sandbox.json"
address=$("$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["listen"])' "$folder/serving.json")

echo "running the tests against $address" >&2
cd "$here/tests"
WHORL_TEST_FOLDER=$folder WHORL_TEST_ADDRESS=https://$address PYTHONDONTWRITEBYTECODE=1 \
  "$python" -W error::ResourceWarning -m unittest --verbose
