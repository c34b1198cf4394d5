"""The detecting network: a grey picture in, faces with five points out, laid out as YuNet's heads are."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

STRIDES = (8, 16, 32)
CHANNELS = 32


def convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class Detector(nn.Module):
    """1 x height x width in, of -1..1, sides multiples of 32. For each stride: cls and obj (0..1), bbox and kps.

    The faces are read off as from YuNet (Wu et al., Machine Intelligence Research 20, 2023): from cell (column, row) of a map
    of stride s the score is sqrt(cls * obj), the centre ((column + bbox0) * s, (row + bbox1) * s), the size
    (exp(bbox2) * s, exp(bbox3) * s), and point k ((column + kps2k) * s, (row + kps2k+1) * s).
    """

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(convolution(1, 16, 2), convolution(16, 24, 2))
        self.fine = nn.Sequential(convolution(24, 32, 2), convolution(32, 32))
        self.middle = nn.Sequential(convolution(32, 48, 2), convolution(48, 48))
        self.coarse = nn.Sequential(convolution(48, 64, 2), convolution(64, 64))
        self.lateral = nn.ModuleList(nn.Conv2d(inputs, CHANNELS, 1) for inputs in (32, 48, 64))
        self.tower = nn.ModuleList(convolution(CHANNELS, CHANNELS) for _ in STRIDES)
        self.head = nn.ModuleList(nn.Conv2d(CHANNELS, 16, 1) for _ in STRIDES)
        for head in self.head:
            nn.init.zeros_(head.bias)
            nn.init.constant_(head.bias[:2], -3.0)

    def maps(self, x):
        """For each stride, a map of 16 channels: cls and obj (logits), bbox, kps."""
        fine = self.fine(self.stem(x))
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        fine, middle, coarse = (side(x) for side, x in zip(self.lateral, (fine, middle, coarse), strict=True))
        middle = middle + F.interpolate(coarse, scale_factor=2.0, mode="nearest")
        fine = fine + F.interpolate(middle, scale_factor=2.0, mode="nearest")
        towers = zip(self.head, self.tower, (fine, middle, coarse), strict=True)
        return [head(tower(x)) for head, tower, x in towers]

    def forward(self, x):
        maps = [m.flatten(2).transpose(1, 2) for m in self.maps(x)]
        cls = [m[..., 0:1].sigmoid() for m in maps]
        obj = [m[..., 1:2].sigmoid() for m in maps]
        return (*cls, *obj, *(m[..., 2:6] for m in maps), *(m[..., 6:16] for m in maps))


HEADS = [f"{name}_{stride}" for name in ("cls", "obj", "bbox", "kps") for stride in STRIDES]


def prepare(pictures: torch.Tensor) -> torch.Tensor:
    """Grey pictures of 0..255 as the network wants them."""
    return (pictures - 127.5) / 127.5


def decode(network: Detector, picture: np.ndarray, least: float = 0.3) -> np.ndarray:
    """The faces in a square picture, as rows of x, y, width, height, five points, score; the strongest first."""
    with torch.inference_mode():
        out = network(prepare(torch.from_numpy(picture).float()[None, None]))
    faces = []
    for level, stride in enumerate(STRIDES):
        cls, obj, box, points = (out[kind * 3 + level][0].numpy() for kind in range(4))
        score = np.sqrt(cls * obj)[:, 0]
        columns = picture.shape[1] // stride
        for at in np.flatnonzero(score > least):
            place = np.array([at % columns, at // columns])
            size = np.exp(box[at, 2:]) * stride
            corner = (place + box[at, :2]) * stride - size / 2
            faces.append([*corner, *size, *((points[at].reshape(5, 2) + place) * stride).ravel(), score[at]])
    faces.sort(key=lambda face: -face[14])
    kept: list = []
    for face in faces:
        if all(overlap(face, other) < 0.4 for other in kept):
            kept.append(face)
    return np.array(kept, np.float32).reshape(-1, 15)


def overlap(one, other) -> float:
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    both = max(width, 0) * max(height, 0)
    return both / (one[2] * one[3] + other[2] * other[3] - both)
