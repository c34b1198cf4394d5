#!/usr/bin/env python3
"""Raw kernels against faiss-cpu and usearch: exhaustive search for the nearest row, one thread, in one run.

    pip install faiss-cpu usearch numpy
    python benches/peers/compare.py > benches/results/peers.md

What is compared: Hamming distance over 256 and 512 random bits, dot product over 512 int8 numbers, 16 probes a call. Each side
uses its own way for a batch. faiss has no int8 dot product: its 8-bit scalar quantiser is the nearest thing.
"""

import json
import os
import platform
import subprocess
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import faiss  # noqa: E402  (the number of threads is read when it loads)
import numpy  # noqa: E402
import usearch  # noqa: E402
from usearch.index import MetricKind, search  # noqa: E402

ROWS = 1 << 19
PROBES = 16
NUMBERS = 512
SECONDS = 1.0


def rate(work):
    """Comparisons a second of `work`, which compares all probes with all rows."""
    work()
    started, rounds = time.perf_counter(), 0
    while time.perf_counter() - started < SECONDS:
        work()
        rounds += 1
    return rounds * ROWS * PROBES / (time.perf_counter() - started)


def hamming(bits):
    random = numpy.random.default_rng(1)
    rows, probes = (random.integers(0, 256, (count, bits // 8), dtype=numpy.uint8) for count in (ROWS, PROBES))
    index = faiss.IndexBinaryFlat(bits)
    index.add(rows)
    yield "faiss IndexBinaryFlat", rate(lambda: index.search(probes, 1))
    yield "usearch exact b1", rate(lambda: search(rows, probes, 1, MetricKind.Hamming, exact=True, threads=1))


def dot():
    random = numpy.random.default_rng(2)
    rows, probes = (random.integers(-128, 128, (count, NUMBERS), dtype=numpy.int8) for count in (ROWS, PROBES))
    kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
    index = faiss.IndexScalarQuantizer(NUMBERS, kind, faiss.METRIC_INNER_PRODUCT)
    for start in range(0, ROWS, 1 << 16):
        index.add(rows[start : start + (1 << 16)].astype(numpy.float32))
    floats = probes.astype(numpy.float32)
    yield "faiss SQ8 direct signed", rate(lambda: index.search(floats, 1))
    yield "usearch exact i8", rate(lambda: search(rows, probes, 1, MetricKind.IP, exact=True, threads=1))


def ours():
    command = ["cargo", "run", "--quiet", "--release", "-p", "whorl-benches", "--example", "raw_rates", "--"]
    told = subprocess.run([*command, str(ROWS), str(PROBES)], check=True, capture_output=True, text=True).stdout
    for line in told.splitlines():
        entry = json.loads(line)
        yield entry["work"], f"Whorl {entry['isa']}", entry["comparisons_per_second"]


def processor():
    with open("/proc/cpuinfo", encoding="ascii") as lines:
        told = dict(line.split(":", 1) for line in lines if ":" in line)
    told = {name.strip(): value.strip() for name, value in told.items()}
    return f"{told['model name']} (family {told['cpu family']}, model {told['model']}), {os.cpu_count()} cores"


def main():
    figures = list(ours())
    for bits in (256, 512):
        figures += [(f"hamming_{bits}", who, speed) for who, speed in hamming(bits)]
    figures += [("dot_i8_512", who, speed) for who, speed in dot()]

    print("# Raw kernels and their peers\n")
    print(f"`python benches/peers/compare.py`, {time.strftime('%Y-%m-%d', time.gmtime())}. {processor()}, {platform.system()}.")
    print(f"faiss {faiss.__version__}, usearch {usearch.__version__}. {ROWS:,} rows, {PROBES} probes a call, one thread.")
    print(f"Wall-clock time; load average at the end {os.getloadavg()[0]:.1f}: where that is above 1, read ratios.\n")
    print("| work | who | million comparisons a second |\n|---|---|---|")
    for work, who, speed in sorted(figures, key=lambda figure: (figure[0], -figure[2])):
        print(f"| {work} | {who} | {speed / 1e6:.1f} |")


if __name__ == "__main__":
    sys.exit(main())
