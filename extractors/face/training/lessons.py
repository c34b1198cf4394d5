"""What the teacher says of every face to learn from, worked out once and kept."""

from pathlib import Path

import cv2
import numpy as np
import torch

import embedder
import teacher
from samples import Sample, crop, similarity

# Crops are kept larger than the network sees them, with a border, so that they can be turned, shifted and scaled.
KEPT_SCALE, KEPT_BORDER = 1.8, 24
KEPT_SIDE = round(embedder.SIDE * KEPT_SCALE) + 2 * KEPT_BORDER
KEPT_POINTS = embedder.POINTS * KEPT_SCALE + KEPT_BORDER

# The teacher looks at a face in these sizes and heights, and in the mirror; the mean of its answers is better than each (LFW
# pairs of folds 1 to 5: 94.8 % alone, 95.2 % together).
LOOKS = [(1.05, -3.0), (1.0, 0.0), (1.1, 0.0)]

# Faces laid over each other, put together of the upper part of one and the lower of another, or bent out of shape, teach what lies
# between persons and beside them: there is no end of them, and they are no use for learning persons by heart.
BLENDS, CHUNK = 128_000, 16_000
# How far a face is bent, in px of a kept crop, and how many places a side bend apart from each other.
BEND, BENDS = 3.0, 7


def teacher_points(look: tuple[float, float]) -> np.ndarray:
    scale, down = look
    centre = teacher.SIDE / 2
    return ((teacher.POINTS - centre) * scale + centre + [0.0, down]).astype(np.float32)


class Lessons:
    """Crops (uint8, KEPT_SIDE a side) and the teacher's answers to them."""

    def __init__(self, data: Path, work: Path, samples: list[Sample], seed: int):
        self.samples = [sample for sample in samples if sample.points() is not None]
        self.network = teacher.Teacher(data / "face/models/face_recognition_densenet_model_v1.dat.bz2")
        kept = _once(work / "lessons.npz", lambda: self._looks(data))
        self.crops, self.answers = kept["crops"], kept["answers"]
        self.blends = np.empty((BLENDS, KEPT_SIDE, KEPT_SIDE), np.uint8)
        self.of_blends = np.empty((BLENDS, teacher.DIMENSION), np.float32)
        for chunk in range(BLENDS // CHUNK):
            some = _once(work / f"blends-{chunk}.npz", lambda chunk=chunk: self._blends(np.random.default_rng([seed, chunk])))
            at = slice(chunk * CHUNK, (chunk + 1) * CHUNK)
            self.blends[at], self.of_blends[at] = some["crops"], some["answers"]

    def _looks(self, data: Path) -> dict:
        crops, answers = zip(*(self._look(data, sample) for sample in self.samples), strict=True)
        return {"crops": np.stack(crops), "answers": np.stack(answers)}

    def _look(self, data: Path, sample: Sample):
        picture = cv2.imread(str(data / sample.path))
        looks = [crop(picture, sample.points(), teacher_points(look), teacher.SIDE) for look in LOOKS]
        answers = self.network.raw(torch.from_numpy(np.stack(looks + [look[:, ::-1] for look in looks])))
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        return crop(grey, sample.points(), KEPT_POINTS, KEPT_SIDE), answers.mean(0).numpy()

    def _blends(self, rng) -> dict:
        learn = np.flatnonzero([not sample.held_out for sample in self.samples])
        crops = np.empty((CHUNK, KEPT_SIDE, KEPT_SIDE), np.uint8)
        answers = np.empty((CHUNK, teacher.DIMENSION), np.float32)
        to_teacher = similarity(KEPT_POINTS, teacher_points(LOOKS[0]))
        for start in range(0, CHUNK, 64):
            end = min(start + 64, CHUNK)
            for at in range(start, end):
                crops[at] = blend(self.crops, learn, rng)
            looks = [cv2.warpAffine(c, to_teacher, (teacher.SIDE, teacher.SIDE)) for c in crops[start:end]]
            seen = np.stack([cv2.cvtColor(look, cv2.COLOR_GRAY2BGR) for look in looks])
            answers[start:end] = self.network.raw(torch.from_numpy(seen)).numpy()
        return {"crops": crops, "answers": answers}


def _once(cache: Path, work) -> dict:
    """What was worked out before, else what `work` gives, kept."""
    if not cache.exists():
        np.savez(cache, **work())
    kept = np.load(cache)
    return {name: kept[name] for name in kept.files}


def blend(crops: np.ndarray, learn: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A face that is nobody's, out of one to three to learn from."""
    faces = [crops[at] for at in rng.choice(learn, 3, replace=False)]
    one, other, third = (face[:, ::-1] if rng.random() < 0.5 else face for face in faces)
    kind = rng.random()
    if kind < 0.3:
        made = parted(one, other, rng)
    elif kind < 0.75:
        made = laid_over(one, other, rng.uniform(0.25, 0.75))
    elif kind < 0.85:
        made = parted(laid_over(one, other, rng.uniform(0.25, 0.75)), third, rng)
    else:
        return bent(one, rng)
    return bent(made, rng) if rng.random() < 0.5 else made


def laid_over(one: np.ndarray, other: np.ndarray, share) -> np.ndarray:
    return np.clip(share * one.astype(np.float32) + (1 - share) * other + 0.5, 0, 255).astype(np.uint8)


def parted(one: np.ndarray, other: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The one above and the other below a line somewhere between the eyes and the mouth, softly."""
    row = rng.uniform(KEPT_POINTS[0, 1] + 8, KEPT_POINTS[3, 1] - 8)
    return laid_over(one, other, 1 / (1 + np.exp((np.arange(KEPT_SIDE, dtype=np.float32)[:, None] - row) / 3)))


def bent(face: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A face whose features are moved, each a little, smoothly: further apart, longer, or askew."""
    moves = rng.normal(0, BEND, (2, BENDS, BENDS)).astype(np.float32)
    across, down = (cv2.resize(move, (KEPT_SIDE, KEPT_SIDE), interpolation=cv2.INTER_CUBIC) for move in moves)
    rows, columns = np.mgrid[:KEPT_SIDE, :KEPT_SIDE].astype(np.float32)
    return cv2.remap(face, columns + across, rows + down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


class Geometry:
    """Where persons lie in the teacher's answers, by a model of two covariances (Ioffe, "Probabilistic linear discriminant
    analysis", ECCV 2006): within a person 1 in every direction, between persons `between`."""

    RIDGE = 1.0
    LEAST_BETWEEN = 0.05

    def __init__(self, answers: np.ndarray, subjects: np.ndarray):
        _, person, counts = np.unique(subjects, return_inverse=True, return_counts=True)
        means = np.zeros((len(counts), answers.shape[1]))
        np.add.at(means, person, answers)
        means /= counts[:, None]
        several = counts[person] > 1
        spread = np.sqrt(counts[person] / np.maximum(counts[person] - 1, 1))[:, None] * (answers - means[person])
        within = spread[several].T @ spread[several] / several.sum()
        within += self.RIDGE * np.trace(within) / len(within) * np.eye(len(within))
        values, vectors = np.linalg.eigh(within)
        white = vectors / np.sqrt(values)
        between, turn = np.linalg.eigh(white.T @ np.cov(means.T) @ white)
        # Most directions of the teacher's are the same for everybody.
        telling = between > self.LEAST_BETWEEN
        self.centre, self.axes = answers.mean(0), (white @ turn)[:, telling]
        self.between = between[telling]

    def place(self, answers: np.ndarray) -> np.ndarray:
        return ((answers - self.centre) @ self.axes).astype(np.float32)

    def evidence(self, ones: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
        """The log-likelihood ratio that each of the one places is of the person of each of the others."""
        between = torch.from_numpy(self.between).float()
        total = between + 1
        both = total**2 - between**2
        own = 0.5 * (1 / total - total / both)
        return (ones**2 @ own)[:, None] + (others**2 @ own)[None, :] + (ones * (between / both)) @ others.T
