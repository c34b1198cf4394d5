#!/usr/bin/env python3
"""Exhaustive searches of Whorl, faiss-cpu and usearch over the same vectors, one thread, in one run.

    pip install -r benches/peers/requirements.txt
    python benches/peers/scan.py > benches/results/peers-scan.md

Embeddings: unit vectors of 512 dimensions, as Whorl keeps them, a signed byte each; the peers get the same directions as floats
of length one, or as bytes. The 20 nearest by cosine are looked for. Codes: random strings of 512 bits, the 20 nearest by Hamming
distance. Every probe has a row near it. Rates are comparisons a second of the processor's time, so that other work on the machine
counts little; each is the better of two rounds, in which everybody takes a turn.

Whorl compares exactly and puts the rows in order; what each peer finds for the first probe is checked against it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from compare import processor  # first, as it sets the number of threads before the libraries load

import faiss
import numpy
import usearch
from usearch.index import MetricKind, search

ROWS = 1 << 17
BATCHES = (1, 16, 64, 256)
DIMENSIONS = 512
NEAREST = 20
ROUNDS = 2
SECONDS = 0.5


def rate(work, probes):
    """Comparisons of each of `probes` with each row in a second of this thread."""
    work()
    started, rounds = time.process_time(), 0
    while time.process_time() - started < SECONDS:
        work()
        rounds += 1
    return rounds * ROWS * probes / (time.process_time() - started)


class Vectors:
    """What everybody searches."""

    def __init__(self):
        random = numpy.random.default_rng(1)
        rows = random.standard_normal((ROWS, DIMENSIONS), dtype=numpy.float32)
        near = numpy.arange(max(BATCHES)) * (ROWS // max(BATCHES)) + 7
        probes = rows[near] + random.standard_normal((len(near), DIMENSIONS), dtype=numpy.float32)
        self.rows_i8, self.probes_i8 = (self.quantised(vectors) for vectors in (rows, probes))
        self.rows, self.probes = (self.unit(vectors) for vectors in (self.rows_i8, self.probes_i8))
        self.rows_bits = random.integers(0, 256, (ROWS, DIMENSIONS // 8), dtype=numpy.uint8)
        flips = random.integers(0, 256, (3, len(near), DIMENSIONS // 8), dtype=numpy.uint8)
        self.probes_bits = self.rows_bits[near] ^ (flips[0] & flips[1] & flips[2])

    @staticmethod
    def quantised(vectors):
        largest = numpy.abs(vectors).max(axis=1, keepdims=True)
        return numpy.rint(vectors * (127 / largest)).astype(numpy.int8)

    @staticmethod
    def unit(vectors):
        floats = vectors.astype(numpy.float32)
        return floats / numpy.linalg.norm(floats, axis=1, keepdims=True)

    def write(self, directory):
        files = {"rows.i8": self.rows_i8, "probes.i8": self.probes_i8}
        files |= {"rows.b512": self.rows_bits, "probes.b512": self.probes_bits}
        for name, vectors in files.items():
            vectors.tofile(Path(directory, name))


def peers(vectors):
    """Each peer's work, name and search for so many probes."""
    flat = faiss.IndexFlatIP(DIMENSIONS)
    flat.add(vectors.rows)
    quantiser = faiss.ScalarQuantizer.QT_8bit_uniform
    quantised = faiss.IndexScalarQuantizer(DIMENSIONS, quantiser, faiss.METRIC_INNER_PRODUCT)
    quantised.train(vectors.rows)
    quantised.add(vectors.rows)
    binary = faiss.IndexBinaryFlat(DIMENSIONS)
    binary.add(vectors.rows_bits)

    def exact(rows, probes, metric):
        return search(rows, probes, NEAREST, metric, exact=True, threads=1).keys

    def few(probes, count):
        return numpy.ascontiguousarray(probes[:count])

    yield "dot_i8_512", "faiss IndexFlatIP", lambda n: flat.search(few(vectors.probes, n), NEAREST)[1]
    yield "dot_i8_512", "faiss SQ8 uniform", lambda n: quantised.search(few(vectors.probes, n), NEAREST)[1]
    yield "dot_i8_512", "numpy float32 products alone", lambda n: vectors.rows @ vectors.probes[:n].T
    yield "dot_i8_512", "usearch i8", lambda n: exact(vectors.rows_i8, few(vectors.probes_i8, n), MetricKind.Cos)
    yield "hamming_512", "faiss IndexBinaryFlat", lambda n: binary.search(few(vectors.probes_bits, n), NEAREST)[1]
    yield "hamming_512", "usearch b1", lambda n: exact(vectors.rows_bits, few(vectors.probes_bits, n), MetricKind.Hamming)


def ours(directory):
    command = ["cargo", "run", "--quiet", "--release", "-p", "whorl-benches", "--example", "peer_scans", "--"]
    told = subprocess.run([*command, directory, *map(str, BATCHES)], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in told.splitlines()]


def measured(vectors):
    """The best rate of everybody by work, name and batch, and the part of the nearest rows that each peer found."""
    rates, found, due = {}, {}, {}
    with tempfile.TemporaryDirectory() as directory:
        vectors.write(directory)
        for _ in range(ROUNDS):
            for told in ours(directory):
                key = told["work"], f"Whorl {told['isa']}", told["probes"]
                rates[key] = max(rates.get(key, 0), told["comparisons_per_second"])
                # Everybody of ours must find the same.
                assert due.setdefault(told["work"], told["nearest"]) == told["nearest"], key
            for work, name, of in peers(vectors):
                for probes in BATCHES:
                    key = work, name, probes
                    rates[key] = max(rates.get(key, 0), rate(lambda: of(probes), probes))
                if "alone" not in name:
                    nearest = numpy.ravel(of(BATCHES[1])[0] if BATCHES[1] > 1 else of(1))
                    found[work, name] = len(set(map(int, nearest)) & set(due[work])) / NEAREST
                print(name, file=sys.stderr)
    return rates, found


def table(work, rates, found):
    best = {}
    for (of, name, _), speed in rates.items():
        if of == work:
            best[name] = max(best.get(name, 0), speed)
    fastest = max((name for name in best if name.startswith("Whorl")), key=best.get)
    print(f"| who | {' | '.join(f'{n} probes' if n > 1 else '1 probe' for n in BATCHES)} | `{fastest}` at its best over this | found |")
    print("|---|" + "--:|" * (len(BATCHES) + 2))
    for name in sorted(best, key=best.get, reverse=True):
        speeds = " | ".join(f"{rates[work, name, probes] / 1e6:.1f}" for probes in BATCHES)
        ratio = "" if name.startswith("Whorl") else f"{best[fastest] / best[name]:.1f}"
        part = f"{found[work, name]:.0%}" if (work, name) in found else ""
        print(f"| {name} | {speeds} | {ratio} | {part} |")


def main():
    rates, found = measured(Vectors())
    print("# Exhaustive searches and their peers\n")
    print(f"`python benches/peers/scan.py`, {time.strftime('%Y-%m-%d', time.gmtime())}. {processor()}; one thread.")
    print(f"faiss {faiss.__version__} ({faiss.get_compile_options().strip()}), usearch {usearch.__version__}, numpy {numpy.__version__}.")
    print(f"{ROWS:,} rows, the {NEAREST} nearest of each probe; million comparisons a second of the processor's time, the better of")
    print(f"{ROUNDS} rounds; load average at the end {os.getloadavg()[0]:.1f}. `found`: the part of Whorl's nearest that a peer found for")
    print("the first probe.")
    for work, title in (("dot_i8_512", "Embeddings of 512 numbers, by cosine"), ("hamming_512", "Codes of 512 bits, by Hamming distance")):
        print(f"\n## {title}\n")
        table(work, rates, found)


if __name__ == "__main__":
    sys.exit(main())
