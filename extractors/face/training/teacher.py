"""The teacher: dlib's densely connected face network (face_recognition_densenet_model_v1, CC0), read from its own file.

dlib writes a network as a stream of layers; integers carry their sign and length in a first byte, tensors are little-endian
32-bit floats behind their shape. What is not needed here (gradients, running counters) is passed over by looking for the names
of the layers. No weight of it enters Whorl: only its answers teach.
"""

import bz2
import hashlib
import re
from pathlib import Path

import numpy as np
import torch
from torch import nn

SIDE = 150
DIMENSION = 128
MEAN = torch.tensor([122.782, 117.001, 104.298]).view(1, 3, 1, 1)
GROWTH = 16

# Where the processor multiplies 16-bit numbers itself, all layers but the first `PRECISE` do so: what comes out turns by less than
# half a hundredth of what parts two persons when the first are left as they are, and by a quarter of it else.
QUICK, PRECISE = torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported(), 12

# Where the five points go in the teacher's crop of 150 x 150 px: the eyes as in dlib's mean face with a padding of a quarter,
# nose and mouth as they lie on average when the eyes do.
POINTS = np.array([[47.73, 47.14], [100.28, 47.12], [74.0, 78.0], [52.5, 104.0], [95.5, 104.0]], np.float32)


class Stream:
    """A place in a dlib file."""

    def __init__(self, data: bytes, place: int):
        self.data, self.place = data, place

    def integer(self) -> int:
        head = self.data[self.place]
        length = head & 15
        value = int.from_bytes(self.data[self.place + 1 : self.place + 1 + length], "little")
        self.place += 1 + length
        return -value if head & 128 else value

    def tensor(self) -> np.ndarray:
        version = self.integer()
        if version != 2:
            raise ValueError(f"a tensor of version {version} at byte {self.place}")
        shape = [self.integer() for _ in range(4)]
        count = int(np.prod(shape))
        values = np.frombuffer(self.data, "<f4", count, self.place).copy()
        self.place += 4 * count
        return values.reshape(shape)

    def alias(self) -> None:
        """Passes over the description of a part of a tensor: a version and four sizes."""
        for _ in range(5):
            self.integer()


def _layers(data: bytes):
    """Every convolution, normalisation and full connection, in the order of the file."""
    for match in re.finditer(rb"con_5|bn_con2|fc_3", data):
        stream = Stream(data, match.end())
        name = match.group()
        if name == b"con_5":
            params = stream.tensor().ravel()
            filters, rows, columns = (stream.integer() for _ in range(3))
            yield "con", params, (filters, rows, columns)
        elif name == b"bn_con2":
            params = stream.tensor().ravel()
            stream.alias(), stream.alias()
            means, invstds, running_means, running_variances = (stream.tensor().ravel() for _ in range(4))
            yield "bn", params, (running_means, running_variances)
        else:
            outputs, inputs = stream.integer(), stream.integer()
            yield "fc", stream.tensor().reshape(inputs, outputs), None


def _convolution(params, shape, inputs, **kwargs):
    filters, rows, columns = shape
    weights = inputs * filters * rows * columns
    layer = nn.Conv2d(inputs, filters, (rows, columns), bias=len(params) > weights, **kwargs)
    layer.weight.data = torch.from_numpy(params[:weights].reshape(filters, inputs, rows, columns))
    if layer.bias is not None:
        layer.bias.data = torch.from_numpy(params[weights:])
    return layer


def _normalisation(params, statistics):
    channels = len(params) // 2
    layer = nn.BatchNorm2d(channels, eps=1e-4)
    layer.weight.data, layer.bias.data = torch.from_numpy(params[:channels]), torch.from_numpy(params[channels:])
    layer.running_mean.data, layer.running_var.data = (torch.from_numpy(values) for values in statistics)
    return layer


class Dense(nn.Module):
    """One layer of a dense block: it appends its features to those it is given."""

    def __init__(self, parts, inputs):
        super().__init__()
        (_, first, statistics), (_, narrow, shape), (_, second, again), (_, wide, wide_shape) = parts
        self.body = nn.Sequential(
            _normalisation(first, statistics),
            nn.ReLU(inplace=True),
            _convolution(narrow, shape, inputs),
            _normalisation(second, again),
            nn.ReLU(inplace=True),
            _convolution(wide, wide_shape, shape[0], padding=1),
        )

    def forward(self, x):
        return torch.cat([x, self.body(x)], 1)


class Teacher(nn.Module):
    """Pictures of SIDE x SIDE px in, DIMENSION values out; what counts is how far apart they are."""

    def __init__(self, path: Path):
        super().__init__()
        packed = path.read_bytes()
        self.sha256 = hashlib.sha256(packed).hexdigest()
        layers = list(_layers(bz2.decompress(packed)))
        # The dense layers come first, from the last to the first; then stem, transitions and head in order.
        tail = next(at for at, (kind, _, shape) in enumerate(layers) if kind == "con" and shape == (32, 7, 7))
        dense = [layers[at : at + 4] for at in range(0, tail, 4)][::-1]
        rest = iter(layers[tail:])
        _, stem, shape = next(rest)
        parts = [_convolution(stem, shape, 3, stride=2, padding=3), _normalisation(*next(rest)[1:])]
        parts += [nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
        channels = shape[0]
        while True:
            kind, params, statistics = next(rest)
            while channels < len(params) // 2:
                parts.append(Dense(dense.pop(0), channels))
                channels += GROWTH
            parts += [_normalisation(params, statistics), nn.ReLU(inplace=True)]
            kind, params, shape = next(rest)
            if kind == "fc":
                break
            parts += [_convolution(params, shape, channels), nn.AvgPool2d(2, 2)]
            channels = shape[0]
        parts += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        self.stem = nn.Sequential(*parts[:PRECISE]).to(memory_format=torch.channels_last)
        self.body = nn.Sequential(*parts[PRECISE:]).to(memory_format=torch.channels_last)
        self.head = nn.Parameter(torch.from_numpy(params), requires_grad=False)
        self.eval()

    @torch.inference_mode()
    def raw(self, pictures: torch.Tensor) -> torch.Tensor:
        """The answers to pictures as OpenCV reads them: n x SIDE x SIDE x 3 bytes, blue, green, red."""
        rgb = pictures.flip(-1).permute(0, 3, 1, 2).float()
        seen = self.stem(((rgb - MEAN) / 256.0).contiguous(memory_format=torch.channels_last))
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=QUICK):
            features = self.body(seen)
        return features.float() @ self.head
