"""The embedding network: a grey crop of an aligned face in, a direction out."""

import numpy as np
import torch
from torch import nn

SIDE = 80
DIMENSION = 256

# Where the five points go in the crop, px. The eyes are a little further apart than in the usual crop of 112 px: the pictures
# that the network is to be good on show no more than the face.
POINTS = np.array([[31.0, 34.0], [65.0, 34.0], [48.0, 54.0], [34.0, 71.0], [62.0, 71.0]], np.float32) * (SIDE / 96)


class Block(nn.Module):
    """Two convolutions beside a short cut (He et al., CVPR 2016)."""

    def __init__(self, channels: int):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, 1, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 3, 1, 1, bias=False),
            nn.BatchNorm2d(channels),
        )
        self.after = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.after(x + self.body(x))


def shrink(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, 3, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]


class Embedder(nn.Module):
    """1 x SIDE x SIDE in, of -1..1; DIMENSION values out, of which the direction counts."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            *shrink(1, 32),
            *shrink(32, 64),
            Block(64),
            Block(64),
            *shrink(64, 96),
            Block(96),
            Block(96),
            Block(96),
            *shrink(96, 192),
            Block(192),
        )
        # Each place of the last map is weighed by channel, as in MobileFaceNet (Chen et al., CCBR 2018).
        self.places = nn.Sequential(nn.Conv2d(192, 192, SIDE // 16, groups=192, bias=False), nn.BatchNorm2d(192))
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(192, DIMENSION, bias=False), nn.BatchNorm1d(DIMENSION))

    def forward(self, x):
        return self.head(self.places(self.body(x)))


def prepare(crops: torch.Tensor) -> torch.Tensor:
    """Grey crops of 0..255 as the network wants them."""
    return (crops - 127.5) / 127.5
