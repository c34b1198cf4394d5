"""Writes the trained networks as ONNX, normalisations folded into the convolutions before them, and describes them.

The embedder's weights are written in 16 bits: rten, which runs what ships, and onnxruntime turn them into 32 as they read them; OpenCV 4.6
refuses them.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

import detector
import embedder

OPSET = 13

DESCRIPTION = '''\
# The model that ships with Whorl; written by extractors/face/training/export.py.
name = "whorl-face"
version = 4

[licence]
name = "MPL-2.0"
text = """
The networks were trained from random numbers by the scripts in extractors/face/training of Whorl, on pictures of LFW and CelebA, which
are offered for research; no picture is part of Whorl. The detector was taught by YuNet (MIT), the embedder by dlib's densely connected
face network (CC0): their answers, none of their weights. Whether networks that learnt from such pictures may be used for your purpose
is for your lawyer. They are small and know few kinds of people: what their scores are worth is said by the calibration, and a face
alone should not decide who is a duplicate. There is no network against presentation attacks.
"""

[detector]
file = "detector.onnx"
sha256 = "{detector}"
decoding = "yunet"
side_px = {side}
colour = "grey"
mean = 127.5
scale = 0.00784313725490196
score = 0.5

[embedder]
file = "embedder.onnx"
sha256 = "{embedder}"
width_px = {crop}
height_px = {crop}
colour = "grey"
mean = 127.5
scale = 0.00784313725490196
points = {points}
output = "embedding"
dimension = {dimension}
mirrored = true
'''


class Graph:
    """An ONNX graph in the making; a value is the name of a tensor."""

    def __init__(self, halved: bool = False):
        self.nodes, self.weights, self.halved = [], [], halved

    def constant(self, values: np.ndarray) -> str:
        name = f"w{len(self.weights)}"
        kept = values.astype(np.float16) if self.halved else values
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(kept), name))
        return self.node("Cast", name, to=TensorProto.FLOAT) if self.halved else name

    def node(self, kind: str, *inputs: str, out: str | None = None, **attributes) -> str:
        out = out or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], **attributes))
        return out

    def convolution(self, layer: nn.Conv2d, after: nn.BatchNorm2d | None, x: str) -> str:
        weight = layer.weight.detach().double()
        bias = torch.zeros(len(weight)).double() if layer.bias is None else layer.bias.detach().double()
        if after is not None:
            factor = after.weight.detach().double() / (after.running_var.double() + after.eps).sqrt()
            weight = weight * factor[:, None, None, None]
            bias = (bias - after.running_mean.double()) * factor + after.bias.detach().double()
        return self.node(
            "Conv", x, self.constant(weight.float().numpy()), self.constant(bias.float().numpy()),
            kernel_shape=list(layer.kernel_size), strides=list(layer.stride), group=layer.groups,
            pads=[layer.padding[0], layer.padding[1]] * 2,
        )

    def sequence(self, layers, x: str) -> str:
        """Convolutions, each with the normalisation behind it, blocks and rectifiers."""
        layers = list(flat(layers))
        while layers:
            layer = layers.pop(0)
            if isinstance(layer, nn.Conv2d):
                after = layers.pop(0) if layers and isinstance(layers[0], nn.BatchNorm2d) else None
                x = self.convolution(layer, after, x)
            elif isinstance(layer, nn.ReLU):
                x = self.node("Relu", x)
            elif isinstance(layer, embedder.Block):
                x = self.node("Relu", self.node("Add", self.sequence(layer.body, x), x))
            else:
                raise TypeError(f"{type(layer).__name__} is not known here")
        return x

    def model(self, name: str, inputs, outputs) -> onnx.ModelProto:
        graph = helper.make_graph(self.nodes, name, inputs, outputs, self.weights)
        made = helper.make_model(graph, producer_name="whorl", opset_imports=[helper.make_opsetid("", OPSET)])
        made.ir_version = 8
        onnx.checker.check_model(made, full_check=True)
        return made


def flat(layers):
    for layer in layers:
        if isinstance(layer, nn.Sequential):
            yield from flat(layer)
        else:
            yield layer


def picture(height: int | str, width: int | str):
    return helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 1, height, width])


def of_embedder(network: embedder.Embedder) -> onnx.ModelProto:
    graph = Graph(halved=True)
    x = graph.sequence([network.body, network.places], "picture")
    x = graph.node("Flatten", x, axis=1)
    _, linear, norm = network.head
    factor = norm.weight.detach().double() / (norm.running_var.double() + norm.eps).sqrt()
    weight = (linear.weight.detach().double() * factor[:, None]).float().numpy()
    bias = (norm.bias.detach().double() - norm.running_mean.double() * factor).float().numpy()
    graph.node("Gemm", x, graph.constant(weight), graph.constant(bias), transB=1, out="embedding")
    out = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, embedder.DIMENSION])
    return graph.model("whorl-face-embedder", [picture(embedder.SIDE, embedder.SIDE)], [out])


def of_detector(network: detector.Detector) -> onnx.ModelProto:
    """Takes pictures of any size whose sides are multiples of 32."""
    graph = Graph()
    fine = graph.sequence([network.stem, network.fine], "picture")
    middle = graph.sequence([network.middle], fine)
    coarse = graph.sequence([network.coarse], middle)
    fine, middle, coarse = (
        graph.convolution(side, None, x) for side, x in zip(network.lateral, (fine, middle, coarse), strict=True)
    )
    middle = graph.node("Add", middle, twice(graph, coarse))
    fine = graph.node("Add", fine, twice(graph, middle))
    outputs = {}
    for level, (stride, x) in enumerate(zip(detector.STRIDES, (fine, middle, coarse), strict=True)):
        x = graph.convolution(network.head[level], None, graph.sequence(network.tower[level], x))
        x = graph.node("Transpose", x, perm=[0, 2, 3, 1])
        x = graph.node("Reshape", x, graph.constant(np.array([1, -1, 16], np.int64)))
        for name, first, last in (("cls", 0, 1), ("obj", 1, 2), ("bbox", 2, 6), ("kps", 6, 16)):
            ends = [graph.constant(np.array([end], np.int64)) for end in (first, last, 2)]
            part = graph.node("Slice", x, *ends, out=None if first < 2 else f"{name}_{stride}")
            if first < 2:
                graph.node("Sigmoid", part, out=f"{name}_{stride}")
            outputs[f"{name}_{stride}"] = (f"cells_{stride}", last - first)
    told = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, *outputs[n]]) for n in detector.HEADS]
    return graph.model("whorl-face-detector", [picture("height", "width")], told)


def twice(graph: Graph, x: str) -> str:
    scales = graph.constant(np.array([1, 1, 2, 2], np.float32))
    return graph.node("Resize", x, "", scales, mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")


def write(model: onnx.ModelProto, network: nn.Module, shape: list[int], path: Path) -> str:
    """Writes a model and checks that it answers as the network does."""
    from onnx.reference import ReferenceEvaluator

    packed = model.SerializeToString(deterministic=True)
    path.write_bytes(packed)
    seen = torch.rand(shape, generator=torch.Generator().manual_seed(1)) * 2 - 1
    with torch.inference_mode():
        ours = network(seen)
    ours = [ours] if isinstance(ours, torch.Tensor) else list(ours)
    theirs = ReferenceEvaluator(model).run(None, {"picture": seen.numpy()})
    off = [one.numpy() - other for one, other in zip(ours, theirs, strict=True)]
    if any(weight.data_type == TensorProto.FLOAT16 for weight in model.graph.initializer):
        # Rounded weights: what is bounded is how far the whole answer turns.
        worst, most = max(float(np.linalg.norm(o) / np.linalg.norm(t)) for o, t in zip(off, theirs, strict=True)), 5e-3
    else:
        worst, most = max(float(np.abs(o).max()) for o in off), 1e-3
    if worst > most:
        raise ValueError(f"{path} answers otherwise than what was trained, by {worst}")
    return hashlib.sha256(packed).hexdigest()


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--side", type=int, default=256, help="longest side that pictures are brought to, px")
    options = arguments.parse_args()
    hashes = {}
    for name, network, make, side in (
        ("detector", detector.Detector(), of_detector, options.side),
        ("embedder", embedder.Embedder(), of_embedder, embedder.SIDE),
    ):
        network.load_state_dict(torch.load(options.work / f"{name}.pt"))
        network.eval()
        path = options.out / f"{name}.onnx"
        hashes[name] = write(make(network), network, [1, 1, side, side], path)
        print(name, hashes[name], path.stat().st_size, "bytes")
        (options.out / f"{name}.jsonl").write_text((options.work / f"{name}.jsonl").read_text())
    points = [[round(float(value), 3) for value in point] for point in embedder.POINTS]
    described = DESCRIPTION.format(
        **hashes, side=options.side, crop=embedder.SIDE, points=points, dimension=embedder.DIMENSION
    )
    (options.out / "default.toml").write_text(described)


if __name__ == "__main__":
    main()
