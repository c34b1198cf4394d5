"""Pictures as cameras spoil them: what a network is shown while it learns."""

import cv2
import numpy as np


def spoil(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A grey picture with other light, blur, resolution, compression and noise; each spoils some pictures only."""
    out = picture
    side = out.shape[0]
    if rng.random() < 0.3:
        small = rng.uniform(0.35, 0.9)
        out = cv2.resize(out, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
        out = cv2.resize(out, (picture.shape[1], side), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.2:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.6))
    if rng.random() < 0.1:
        _, packed = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(15, 70))])
        out = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    if rng.random() < 0.7:
        levels = np.arange(256, dtype=np.float32) / 255
        levels = levels ** rng.uniform(0.6, 1.6) * rng.uniform(0.6, 1.3) + rng.uniform(-0.15, 0.15)
        out = cv2.LUT(out, np.clip(levels * 255, 0, 255).astype(np.uint8))
    out = out.astype(np.float32)
    if rng.random() < 0.3:
        # Light from one side.
        angle, strength = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 0.5)
        down, across = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : picture.shape[1] * 1j].astype(np.float32)
        out = out * (1 + strength * (np.cos(angle) * across + np.sin(angle) * down))
    if rng.random() < 0.25:
        out = out + rng.normal(0, rng.uniform(2, 12), out.shape).astype(np.float32)
    return np.clip(out, 0, 255)


def cover(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Hides a rectangle of a crop in some pictures."""
    if rng.random() < 0.25:
        side = picture.shape[0]
        height, width = rng.integers(side // 8, side // 3, 2)
        top, left = rng.integers(0, side - height), rng.integers(0, side - width)
        picture[top : top + height, left : left + width] = rng.uniform(0, 255)
    return picture


def jitter(points: np.ndarray, rng: np.random.Generator, spread: float) -> np.ndarray:
    """Points as another detector, or the same one in another picture, would have found them."""
    return points + rng.normal(0, spread, points.shape)
