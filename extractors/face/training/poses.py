"""Faces as they look when the head turns: pictures drawn over a plain model of a head, which is turned."""

import cv2
import numpy as np

from samples import similarity

# How far heads turn to a side and nod, degrees: the spread, and the furthest, up to which nothing of the model hides itself.
YAW, FURTHEST_YAW = 16.0, 32.0
PITCH, FURTHEST_PITCH = 9.0, 18.0

# The head and the nose on it, as hills: their heights and how far they reach across and down, in distances between the eyes.
HEAD = (1.2, 1.0, 1.4)
NOSE = (0.2, 0.2, 0.25)

# A point of the model is found again after so many steps, to a tenth of a pixel.
STEPS = 14


class Poses:
    """Warps of pictures of `side` px a side whose five points are `points`, each by a pose of its own. The face that comes out is
    aligned again, as who finds its points would align it."""

    def __init__(self, points: np.ndarray, side: int, count: int, rng: np.random.Generator):
        self.points, self.side = points.astype(np.float64), side
        self.unit = points[1, 0] - points[0, 0]
        self.centre = np.array([points[2, 0], (points[0, 1] + points[3, 1]) / 2])
        self.warps = [self._warp(*self._pose(rng)) for _ in range(count)]

    def turned(self, face: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        across, between = self.warps[rng.integers(len(self.warps))]
        return cv2.remap(face, across, between, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    @staticmethod
    def _pose(rng: np.random.Generator) -> tuple[float, float]:
        yaw = np.clip(rng.normal(0, YAW), -FURTHEST_YAW, FURTHEST_YAW)
        pitch = np.clip(rng.normal(0, PITCH), -FURTHEST_PITCH, FURTHEST_PITCH)
        return np.deg2rad(yaw), np.deg2rad(pitch)

    def _depth(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """How far the model stands out at a place of the picture, px; places are seen from its centre."""
        nose = self.points[2, 1] - self.centre[1]
        return self.unit * sum(
            height * np.exp(-((x / (wide * self.unit)) ** 2 + ((y - down) / (long * self.unit)) ** 2) / 2)
            for (height, wide, long), down in ((HEAD, 0.0), (NOSE, nose))
        )

    def _moved(self, x: np.ndarray, y: np.ndarray, yaw: float, pitch: float):
        """Where places of the picture are seen after the turn."""
        depth = self._depth(x, y)
        across = x * np.cos(yaw) + depth * np.sin(yaw)
        deep = depth * np.cos(yaw) - x * np.sin(yaw)
        return across, y * np.cos(pitch) + deep * np.sin(pitch)

    def _warp(self, yaw: float, pitch: float):
        """Where each place of the turned and aligned face is in the picture, as OpenCV wants it."""
        found = np.stack(self._moved(*(self.points - self.centre).T, yaw, pitch), 1)
        back = similarity(self.points, found)
        rows, columns = np.mgrid[: self.side, : self.side].astype(np.float64)
        wanted = np.einsum("ij,jrc->irc", back, np.stack([columns, rows, np.ones_like(rows)]))
        x, y = wanted[0] / np.cos(yaw), wanted[1] / np.cos(pitch)
        for _ in range(STEPS):
            across, down = self._moved(x, y, yaw, pitch)
            x, y = x + 0.8 * (wanted[0] - across), y + 0.8 * (wanted[1] - down)
        place = np.stack([x + self.centre[0], y + self.centre[1]], -1).astype(np.float32)
        return cv2.convertMaps(place, None, cv2.CV_16SC2)
