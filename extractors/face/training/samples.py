"""What the networks learn from: the face manifests, the points that YuNet finds, and who is held out."""

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

# Persons of this fold of LFW's pairs, the last fifth of CelebA's persons by name, and all of ORL are never trained on.
HELD_OUT_FOLD = "5"
HELD_OUT_CELEBA = 5

# Faces are looked for in the picture with so much of its longer side added all around: LFW's are cut tight.
MARGIN = 0.2
SCORE = 0.6


@dataclass
class Sample:
    """One picture, and the strongest large face that YuNet finds in it."""

    set: str
    path: str
    subject: str
    held_out: bool
    faces: np.ndarray  # n x 15: x, y, width, height, five points, score; px of the picture

    def face(self) -> np.ndarray | None:
        """The largest face."""
        sure = self.faces[self.faces[:, 14] >= SCORE]
        return sure[np.argmax(sure[:, 2] * sure[:, 3])] if len(sure) else None

    def points(self) -> np.ndarray | None:
        """The five points of the largest face."""
        face = self.face()
        return None if face is None else face[4:14].reshape(5, 2)


def rows(path: Path) -> list[dict]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def held_out_subjects(data: Path) -> set[str]:
    """Who is never trained on, beside ORL."""
    listed = {row["path"]: row["subject"] for row in rows(data / "face-lfw.csv")}
    fold = [row for row in rows(data / "face-lfw-pairs.csv") if row["fold"] == HELD_OUT_FOLD]
    lfw = {listed[row[side]] for row in fold for side in ("probe", "reference")}
    celeba = sorted({row["subject"] for row in rows(data / "face-celeba.csv")})
    return lfw | set(celeba[-len(celeba) // HELD_OUT_CELEBA :])


def load(data: Path, cache: Path) -> list[Sample]:
    """All samples, with the faces that YuNet finds; found once and kept in `cache`."""
    listed = [(name, row) for name in ("lfw", "celeba", "orl") for row in rows(data / f"face-{name}.csv")]
    held_out = held_out_subjects(data)
    if not cache.exists():
        found = [detect(data, row["path"]) for _, row in listed]
        np.savez(cache, counts=[len(faces) for faces in found], faces=np.concatenate(found))
    kept = np.load(cache)
    faces = np.split(kept["faces"], np.cumsum(kept["counts"])[:-1])
    return [
        Sample(name, row["path"], row["subject"], name == "orl" or row["subject"] in held_out, of)
        for (name, row), of in zip(listed, faces, strict=True)
    ]


_detector = None


def detect(data: Path, path: str) -> np.ndarray:
    """The faces that YuNet finds in a picture."""
    global _detector
    if _detector is None:
        model = data / "face/models/yunet_s_640_640.onnx"
        _detector = cv2.FaceDetectorYN.create(str(model), "", (320, 320), 0.3, 0.3, 50)
    picture = cv2.imread(str(data / path))
    border = round(max(picture.shape[:2]) * MARGIN)
    framed = cv2.copyMakeBorder(picture, *[border] * 4, cv2.BORDER_CONSTANT)
    factor = 320 / max(framed.shape[:2])
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    framed = cv2.resize(framed, None, fx=factor, fy=factor, interpolation=way)
    _detector.setInputSize((framed.shape[1], framed.shape[0]))
    _, faces = _detector.detect(framed)
    faces = np.zeros((0, 15), np.float32) if faces is None else faces.copy()
    faces[:, :14] /= factor
    faces[:, [0, 1, *range(4, 14)]] -= border
    return faces


def similarity(points: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The 2 x 3 matrix that turns, scales and shifts `points` closest to `wanted` (Umeyama, IEEE PAMI 13(4), 1991)."""
    centre, target = points.mean(0), wanted.mean(0)
    from_, to = points - centre, wanted - target
    size = (from_**2).sum()
    cos = (from_ * to).sum() / size
    sin = (from_[:, 0] * to[:, 1] - from_[:, 1] * to[:, 0]).sum() / size
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.hstack([turn, (target - turn @ centre)[:, None]])


def crop(picture: np.ndarray, points: np.ndarray, wanted: np.ndarray, side: int) -> np.ndarray:
    """The picture warped so that `points` come to lie on `wanted`."""
    matrix = similarity(points, wanted)
    scale = np.hypot(matrix[0, 0], matrix[1, 0])
    if scale < 0.67:
        # Averaged first, so that fine detail of a large picture does not alias.
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        matrix = similarity(points * scale, wanted)
    return cv2.warpAffine(picture, matrix, (side, side), flags=cv2.INTER_LINEAR)
