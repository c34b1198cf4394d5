"""Trains the detecting network on what YuNet finds."""

import argparse
import json
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import samples
from detector import STRIDES, Detector, decode, prepare
from scenes import SIDE, Scenes

BATCH = 32
RATE = 3e-3
AVERAGE = 0.998
# Faces of so many px are found on the map of each stride, those in between on both.
SIZES = ((0, 52), (36, 120), (84, 1000))
# Cells whose centre is closer to that of a face than this part of its size are to find it.
REACH = 0.22


def targets(faces: list):
    """For each stride: what cells are to say (1 face, 0 none, -1 whatever), and the face that each is to find."""
    out = []
    for stride, (least, most) in zip(STRIDES, SIZES, strict=True):
        cells = SIDE // stride
        wanted = np.zeros((cells, cells), np.float32)
        found = np.zeros((cells, cells, 14), np.float32)
        rows, columns = np.mgrid[:cells, :cells]
        for face in sorted(faces, key=lambda face: face[14]):
            x, y, width, height = face[:4]
            size = max(width, height)
            away = np.maximum(
                np.abs((columns + 0.5) * stride - x - width / 2), np.abs((rows + 0.5) * stride - y - height / 2)
            )
            if face[14] == 0:
                wanted[(away < 0.5 * size) & (wanted == 0)] = -1
            elif face[14] == 1:
                wanted[(away < 0.4 * size) & (wanted == 0)] = -1
                if least <= size < most:
                    at = away < max(REACH * size, 0.6 * stride)
                    wanted[at], found[at] = 1, face[:14]
        out.append((wanted, found))
    return out


def losses(maps, wanted_maps):
    cls = obj = box = points = 0.0
    count = max(sum((wanted == 1).sum().item() for wanted, _ in wanted_maps), 1)
    for m, stride, (wanted, found) in zip(maps, STRIDES, wanted_maps, strict=True):
        m = m.permute(0, 2, 3, 1)
        told = wanted >= 0
        truth = (wanted == 1).float()
        p = m[..., 0].sigmoid()
        # Focal loss (Lin et al., ICCV 2017).
        weight = torch.where(truth == 1, 0.5 * (1 - p) ** 2, 0.5 * p**2).detach() * 2
        cls = cls + (weight * F.binary_cross_entropy_with_logits(m[..., 0], truth, reduction="none"))[told].sum()
        at = wanted == 1
        cells = torch.stack(torch.meshgrid(torch.arange(m.shape[1]), torch.arange(m.shape[2]), indexing="ij")[::-1], -1)
        place = cells.expand(m.shape[0], -1, -1, -1)[at].float()
        ours, theirs = m[at], found[at]
        size = ours[:, 4:6].clamp(-3, 4).exp() * stride
        middle = (place + ours[:, 2:4]) * stride
        box_loss, agreement = away(middle - size / 2, size, theirs[:, :2], theirs[:, 2:4])
        box = box + box_loss.sum()
        truth_obj = torch.zeros_like(m[..., 1])
        truth_obj[at] = agreement.detach().clamp(0, 1)
        obj = obj + (F.binary_cross_entropy_with_logits(m[..., 1], truth_obj, reduction="none"))[told].sum() * 0.5
        whole = theirs[:, 2:4].max(1).values[:, None, None]
        ours_points = (place[:, None] + ours[:, 6:16].reshape(-1, 5, 2)) * stride
        apart = (ours_points - theirs[:, 4:14].reshape(-1, 5, 2)) / whole * 40
        points = points + F.smooth_l1_loss(apart, torch.zeros_like(apart), reduction="none").mean((1, 2)).sum()
    return cls / count, obj / count, box / count, points / count


def away(corner, size, true_corner, true_size):
    """One less the overlap of boxes, with the distance of their centres (Zheng et al., "DIoU", AAAI 2020); and the overlap."""
    low, high = torch.maximum(corner, true_corner), torch.minimum(corner + size, true_corner + true_size)
    both = (high - low).clamp(min=0).prod(1)
    overlap = both / (size.prod(1) + true_size.prod(1) - both + 1e-6)
    around = torch.maximum(corner + size, true_corner + true_size) - torch.minimum(corner, true_corner)
    between = (corner + size / 2 - true_corner - true_size / 2).pow(2).sum(1) / around.pow(2).sum(1)
    return 1 - overlap + between, overlap


def held_out_figures(data: Path, all_samples, network) -> dict:
    """Of every fourth held-out picture: the part whose face is found, and how far the points are from YuNet's."""
    network.eval()
    found, apart, total = 0, [], 0
    for sample in [s for s in all_samples if s.held_out and s.points() is not None][::4]:
        picture = cv2.imread(str(data / sample.path), cv2.IMREAD_GRAYSCALE)
        border = round(max(picture.shape) * samples.MARGIN)
        framed = cv2.copyMakeBorder(picture, *[border] * 4, cv2.BORDER_CONSTANT)
        factor = SIDE / max(framed.shape)
        framed = cv2.resize(framed, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        square = np.zeros((SIDE, SIDE), np.uint8)
        square[: framed.shape[0], : framed.shape[1]] = framed
        faces = decode(network, square, 0.5)
        total += 1
        if len(faces):
            true = (sample.points() + border) * factor
            eyes = np.hypot(*(true[1] - true[0]))
            nearest = min(np.hypot(*(face[4:14].reshape(5, 2) - true).T).mean() / eyes for face in faces)
            found += nearest < 0.25
            apart.append(nearest)
    return {"found": round(100 * found / total, 2), "points_of_eye_distance": round(float(np.median(apart or [9])), 4)}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True, help="folder of the face manifests")
    arguments.add_argument("--work", type=Path, required=True, help="folder for what is worked out on the way")
    arguments.add_argument("--steps", type=int, default=2400)
    arguments.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments.add_argument("--seed", type=int, default=5)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(options.seed)
    options.work.mkdir(parents=True, exist_ok=True)
    all_samples = samples.load(options.data, options.work / "faces.npz")
    scenes = Scenes(options.data, all_samples, options.seed)
    network = Detector().to(memory_format=torch.channels_last)
    average = Detector()
    average.load_state_dict(network.state_dict())
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, options.steps, pct_start=0.1, final_div_factor=50)
    saved, step = options.work / "detector-resume.pt", 0
    if saved.exists():
        kept = torch.load(saved, weights_only=False)
        step, scenes.rng = kept["step"], kept["rng"]
        network.load_state_dict(kept["network"]), average.load_state_dict(kept["average"])
        optimiser.load_state_dict(kept["optimiser"]), schedule.load_state_dict({"last_epoch": step, "_step_count": step + 1})
    log = (options.work / "detector.jsonl").open("a")
    began, sums = time.time(), np.zeros(4)
    while step < options.steps:
        pictures, faces = zip(*(scenes.draw() for _ in range(BATCH)), strict=True)
        levels = zip(*(targets(of) for of in faces), strict=True)
        wanted = [tuple(torch.from_numpy(np.stack(part)) for part in zip(*level, strict=True)) for level in levels]
        network.train()
        batch = prepare(torch.from_numpy(np.stack(pictures)).float()[:, None]).contiguous(memory_format=torch.channels_last)
        parts = losses(network.maps(batch), wanted)
        loss = parts[0] + parts[1] + 2 * parts[2] + parts[3]
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 10.0)
        optimiser.step()
        schedule.step()
        step += 1
        with torch.no_grad():
            keep = min(AVERAGE, step / (step + 10))
            for (_, ours), theirs in zip(average.state_dict().items(), network.state_dict().values(), strict=True):
                ours.lerp_(theirs, 1 - keep) if ours.is_floating_point() else ours.copy_(theirs)
        sums += [part.item() for part in parts]
        if step % 50 == 0 or step == options.steps:
            line = {"step": step, "seconds": round(time.time() - began), "losses": [round(x, 4) for x in sums / 50]}
            if step % 250 == 0 or step == options.steps:
                line |= held_out_figures(options.data, all_samples, average)
                torch.save(average.state_dict(), options.work / "detector.pt")
                torch.save(
                    {"step": step, "rng": scenes.rng, "network": network.state_dict(), "average": average.state_dict(),
                     "optimiser": optimiser.state_dict()},
                    saved,
                )
            print(json.dumps(line), file=log, flush=True)
            print(line, flush=True)
            sums[:] = 0


if __name__ == "__main__":
    main()
