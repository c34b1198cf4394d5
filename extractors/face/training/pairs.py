"""How well an embedding tells the pairs of LFW apart."""

from pathlib import Path

import numpy as np

import samples


def lfw_accuracy(data: Path, lessons, network) -> tuple[float, float]:
    """The part of the held-out fold's pairs that is told rightly, and of the others', in per cent, by the threshold that is
    best on the others."""
    from train_embedder import embed

    listed = samples.rows(data / "face-lfw-pairs.csv")
    places = {sample.path: at for at, sample in enumerate(lessons.samples)}
    listed = [row for row in listed if row["probe"] in places and row["reference"] in places]
    used = sorted({row[side] for row in listed for side in ("probe", "reference")})
    embedded = dict(zip(used, embed(network, lessons, [places[path] for path in used]), strict=True))
    cosines = np.array([embedded[row["probe"]] @ embedded[row["reference"]] for row in listed])
    mated = np.array([row["mated"] == "1" for row in listed])
    held_out = np.array([row["fold"] == samples.HELD_OUT_FOLD for row in listed])
    thresholds = np.quantile(cosines, np.linspace(0, 1, 500))
    learnt = [((cosines >= threshold) == mated)[~held_out].mean() for threshold in thresholds]
    best = thresholds[int(np.argmax(learnt))]
    right = (cosines >= best) == mated
    return round(100 * right[held_out].mean(), 2), round(100 * right[~held_out].mean(), 2)
