#!/usr/bin/env bash
# Tests every runtime that can run a network, and brings what is missing: OpenCV by apt, onnxruntime's library by pip into
# target/runtimes. What cannot be had is left out with a word, or is a failure where WHORL_ALL_RUNTIMES is set, as in CI.
# Run it by `make test-runtimes`; a second run installs nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

features=()
here=$PWD/target/runtimes

lacking() {
  if [ -n "${WHORL_ALL_RUNTIMES:-}" ]; then echo "$1" >&2; exit 1; fi
  echo "skipped: $1" >&2
}

install() {
  command -v apt-get >/dev/null 2>&1 || return 1
  local sudo=
  if [ "$(id -u)" != 0 ]; then command -v sudo >/dev/null 2>&1 || return 1; sudo=sudo; fi
  $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
    { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
}

# libopencv-dnn-dev brings 20 packages where libopencv-dev brings over 200. The crate reads OpenCV's headers by libclang, and asks
# the program clang where the compiler's own headers are.
opencv_is_here() {
  { pkg-config --exists opencv4 2>/dev/null || [ -f /usr/include/opencv4/opencv2/dnn.hpp ]; } &&
    command -v clang >/dev/null 2>&1 && command -v c++ >/dev/null 2>&1
}

opencv() {
  opencv_is_here || install libopencv-dnn-dev clang g++ || return 1
  local major
  major=$(clang -dumpversion | cut -d. -f1)
  if ! ldconfig -p | grep -q 'libclang[-.]'; then install "libclang1-$major" || return 1; fi
  # Without libopencv-dev there is no opencv4.pc, so the crate is told where things lie.
  if ! pkg-config --exists opencv4 2>/dev/null; then
    local triple
    triple=$(cc -print-multiarch)
    export OPENCV_INCLUDE_PATHS="/usr/include/$triple/opencv4,/usr/include/opencv4"
    export OPENCV_LINK_PATHS="/usr/lib/$triple"
    export OPENCV_LINK_LIBS=opencv_core,opencv_dnn
  fi
}

onnxruntime_library() {
  find "$here" -name 'libonnxruntime.so*' -o -name 'libonnxruntime*.dylib' 2>/dev/null | grep -v providers | head -n 1
}

onnxruntime() {
  if [ -n "${ORT_DYLIB_PATH:-}" ]; then return 0; fi
  mkdir -p "$here"
  if [ -z "$(onnxruntime_library)" ]; then
    command -v python3 >/dev/null 2>&1 || install python3 || return 1
    python3 -m venv "$here/venv" >/dev/null 2>&1 || { install python3-venv && python3 -m venv "$here/venv"; } || return 1
    "$here/venv/bin/pip" install --quiet --no-deps --only-binary :all: 'onnxruntime>=1.17' || return 1
  fi
  ORT_DYLIB_PATH=$(onnxruntime_library)
  [ -n "$ORT_DYLIB_PATH" ] && export ORT_DYLIB_PATH
}

if opencv; then features+=(opencv)
else lacking "OpenCV: install its DNN module, clang and libclang (Debian: libopencv-dnn-dev clang libclang1-14 g++)"; fi
if onnxruntime; then features+=(onnxruntime)
else lacking "onnxruntime: install python3 with venv and pip, or let ORT_DYLIB_PATH name its library"; fi

joined=$(IFS=,; echo "${features[*]:-}")
echo "runtimes: rten${joined:+,$joined}"
# The binary forwards the features; that they exist is all that is asked here.
cargo tree --locked --package whorl-cli --features "$joined" --depth 0 >/dev/null
if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run --locked --package whorl-extractors --features "$joined" --test networks --no-fail-fast
else
  cargo test --locked --package whorl-extractors --features "$joined" --test networks --no-fail-fast
fi
