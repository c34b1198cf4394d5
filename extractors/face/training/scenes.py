"""Pictures to learn detection from: faces of all sizes and turns on all grounds, and grounds without faces."""

from pathlib import Path

import cv2
import numpy as np

from augment import spoil
from samples import Sample

SIDE = 256
# A face is learnt up to this turn; from the second on it is none (it is found when the picture is turned); between, whatever.
LEARNT_TURN, OTHER_TURN = np.deg2rad(40), np.deg2rad(70)
# Sides of the faces, in px of the scene.
SMALLEST, LARGEST = 18.0, 235.0
# A place of fingerprint and iris pictures, which hold no face.
GROUNDS = ("fingerprint/fvc2002_db1b", "fingerprint/fvc2004_db3b", "iris/mmu1", "iris/casia1")


class Scenes:
    def __init__(self, data: Path, samples: list[Sample], seed: int):
        self.rng = np.random.default_rng(seed)
        self.pictures, self.faces = [], []
        for sample in samples:
            if sample.held_out or sample.face() is None:
                continue
            self.pictures.append(cv2.imread(str(data / sample.path), cv2.IMREAD_GRAYSCALE))
            self.faces.append(sample.faces[sample.faces[:, 14] >= 0.3])
        files = [file for folder in GROUNDS for file in sorted((data / folder).rglob("*.[pbt][nmi][gpf]*"))]
        files = files[:: max(1, len(files) // 400)]
        self.grounds = [cv2.imread(str(file), cv2.IMREAD_GRAYSCALE) for file in files]
        self.grounds = [ground for ground in self.grounds if ground is not None]

    def ground(self) -> np.ndarray:
        """Something without a face."""
        rng, kind = self.rng, self.rng.random()
        if kind < 0.3:
            return np.full((SIDE, SIDE), rng.choice([0, rng.uniform(0, 255)]), np.float32)
        if kind < 0.5:
            small = rng.uniform(0, 255, (int(rng.integers(2, 40)),) * 2).astype(np.float32)
            return cv2.resize(small, (SIDE, SIDE), interpolation=int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_NEAREST])))
        if kind < 0.8 and self.grounds:
            return self.part(self.grounds[rng.integers(len(self.grounds))]).astype(np.float32)
        # A face picture cut up: all of its textures and none of its order.
        at = rng.integers(len(self.pictures))
        whole = cv2.resize(self.pictures[at], (SIDE, SIDE))
        pieces = int(rng.integers(3, 7))
        cut = SIDE // pieces
        out = whole.copy()
        order = rng.permutation(pieces * pieces)
        for to, of in enumerate(order):
            piece = whole[of // pieces * cut :, of % pieces * cut :][:cut, :cut]
            out[to // pieces * cut :, to % pieces * cut :][:cut, :cut] = np.rot90(piece, rng.integers(4))
        return out.astype(np.float32)

    def part(self, picture: np.ndarray) -> np.ndarray:
        rng = self.rng
        side = int(min(picture.shape) * rng.uniform(0.3, 1))
        top, left = rng.integers(0, picture.shape[0] - side + 1), rng.integers(0, picture.shape[1] - side + 1)
        return cv2.resize(picture[top : top + side, left : left + side], (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)

    def draw(self) -> tuple[np.ndarray, list]:
        """A scene and its faces: rows of x, y, width, height, five points, and 1 to be found or 0 to be passed over."""
        rng = self.rng
        scene, faces = self.ground(), []
        count = rng.choice([0, 1, 2, 3], p=[0.1, 0.65, 0.15, 0.1])
        for _ in range(count):
            self.place(scene, faces, alone=count == 1)
        return spoil(np.clip(scene, 0, 255).astype(np.uint8), rng), faces

    def place(self, scene: np.ndarray, faces: list, alone: bool) -> None:
        rng = self.rng
        at = rng.integers(len(self.pictures))
        picture, found = self.pictures[at], self.faces[at]
        sure = found[found[:, 14] >= 0.6]
        main = sure[np.argmax(sure[:, 2] * sure[:, 3])]
        largest = LARGEST if alone else 90
        size = np.exp(rng.uniform(np.log(SMALLEST if rng.random() < 0.5 else 50.0), np.log(largest)))
        turn = rng.choice([rng.normal(0, 0.12), rng.uniform(-0.65, 0.65), rng.uniform(-np.pi, np.pi)], p=[0.6, 0.3, 0.1])
        mirrored = rng.random() < 0.5
        scale = size / max(main[2], main[3])
        cos, sin = scale * np.cos(turn), scale * np.sin(turn)
        linear = np.array([[cos, -sin], [sin, cos]]) @ np.diag([-1.0 if mirrored else 1.0, 1.0])
        centre = main[:2] + main[2:4] / 2
        room = max(SIDE / 2 - size / 2, 12.0)
        target = SIDE / 2 + rng.uniform(-room, room, 2)
        matrix = np.hstack([linear, (target - linear @ centre)[:, None]])
        way = cv2.INTER_LINEAR
        if scale < 0.6:
            picture = cv2.GaussianBlur(picture, (0, 0), 0.35 / scale)
        warped = cv2.warpAffine(picture, matrix, (SIDE, SIDE), flags=way)
        inside = cv2.warpAffine(np.ones_like(picture, np.float32), matrix, (SIDE, SIDE), flags=way)
        if not alone and any(inside[int(f[1] + f[3] / 2) % SIDE, int(f[0] + f[2] / 2) % SIDE] > 0 for f in faces):
            return
        if rng.random() < 0.3:
            inside = cv2.GaussianBlur(inside, (0, 0), rng.uniform(1, 6)) * inside
        scene *= 1 - inside
        scene += inside * warped
        for face in found:
            faces.append(self.moved(face, matrix, abs((turn + np.pi) % (2 * np.pi) - np.pi), mirrored))

    @staticmethod
    def moved(face: np.ndarray, matrix: np.ndarray, turn: float, mirrored: bool) -> list:
        centre = matrix[:, :2] @ (face[:2] + face[2:4] / 2) + matrix[:, 2]
        size = face[2:4] * np.hypot(matrix[0, 0], matrix[1, 0])
        points = face[4:14].reshape(5, 2) @ matrix[:, :2].T + matrix[:, 2]
        if mirrored:
            points = points[[1, 0, 2, 4, 3]]
        if turn >= OTHER_TURN:
            wanted = -1.0
        else:
            small = max(size) < SMALLEST * 0.8
            outside = (points < -8).any() or (points > SIDE + 8).any()
            wanted = 0.0 if turn > LEARNT_TURN or face[14] < 0.6 or small or outside else 1.0
        return [*(centre - size / 2), *size, *points.ravel(), wanted]
