"""Trains the embedding network: to place faces as the teacher does, and persons apart."""

import argparse
import json
import queue
import threading
import time
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import samples
from augment import cover, jitter, spoil
from embedder import DIMENSION, POINTS, SIDE, Embedder, prepare
from lessons import KEPT_POINTS, KEPT_SIDE, Geometry, Lessons
from pairs import lfw_accuracy
from poses import Poses
from teacher import QUICK

BATCH = 192
# Of a batch so many are pictures of persons, two of each where there are; the others are blends.
PICTURES = 64
RATE = 2e-3
# When the first cycle is over, the rate begins at so much again, as often as this, and what the cycles end with is averaged (Izmailov et
# al., "Averaging weights leads to wider optima and better generalization", UAI 2018).
RATE_AGAIN, AGAIN = 6e-4, 2
WEIGHT_DECAY = 0.02
AVERAGE = 0.998
# How many poses there are, and the part of the faces that are seen in one of them.
POSES, TURNED = 400, 0.4
# Margin and scale of the loss on identities (Wang et al., "CosFace", CVPR 2018).
MARGIN, SCALE = 0.25, 24.0
# How much that loss counts: little, for persons are soon known by heart, and the teacher knows more of strangers.
PERSONS = 0.02


class Lesson:
    """Draws batches, each by its number alone, so that training can be interrupted anywhere."""

    def __init__(self, lessons: Lessons, seed: int):
        learn = np.array([not sample.held_out for sample in lessons.samples])
        subjects = np.array([sample.subject for sample in lessons.samples])
        self.seed = seed
        self.geometry = Geometry(lessons.answers[learn], subjects[learn])
        self.crops, self.blends = lessons.crops[learn], lessons.blends
        self.places = self.geometry.place(lessons.answers[learn])
        self.of_blends = self.geometry.place(lessons.of_blends)
        self.scale = self.places.std(0)
        self.persons, self.person = np.unique(subjects[learn], return_inverse=True)
        self.of_person = [np.flatnonzero(self.person == person) for person in range(len(self.persons))]
        self.poses = Poses(KEPT_POINTS, KEPT_SIDE, POSES, np.random.default_rng([seed, 0, 0, 0]))
        self.order = lru_cache(2)(lambda again: np.random.default_rng([seed, again, 0]).permutation(len(self.crops)))

    def batch(self, step: int):
        rng = np.random.default_rng([self.seed, step])
        pictures = []
        for turn in range(step * PICTURES // 2, (step + 1) * PICTURES // 2):
            first = self.in_turn(turn)
            pictures += [first, int(rng.choice(self.of_person[self.person[first]]))]
        blends = rng.integers(0, len(self.blends), BATCH - len(pictures))
        shown = [self.crops[at] for at in pictures] + [self.blends[at] for at in blends]
        crops = np.stack([self.seen(crop, rng) for crop in shown])
        places = np.concatenate([self.places[pictures], self.of_blends[blends]])
        persons = np.concatenate([self.person[pictures], np.full(len(blends), -1)])
        return torch.from_numpy(crops)[:, None], torch.from_numpy(places), torch.from_numpy(persons)

    def in_turn(self, turn: int) -> int:
        """Every picture comes once before any comes again."""
        again, at = divmod(turn, len(self.crops))
        return int(self.order(again)[at])

    def batches(self, first: int, end: int):
        """Those of these numbers, drawn while the ones before are learnt from."""
        ready = queue.Queue(4)

        def draw():
            for step in range(first, end):
                ready.put(self.batch(step))

        threading.Thread(target=draw, daemon=True).start()
        for _ in range(first, end):
            yield ready.get()

    def seen(self, kept: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        wanted = POINTS
        if rng.random() < 0.5:
            kept = np.ascontiguousarray(kept[:, ::-1])
        if rng.random() < TURNED:
            kept = self.poses.turned(kept, rng)
        found = jitter(KEPT_POINTS, rng, 2.2)
        centre = SIDE / 2
        turn, grow = rng.normal(0, 0.04), np.exp(rng.normal(0, 0.03))
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * grow
        wanted = (wanted - centre) @ rotation.T + centre + rng.normal(0, 0.8, 2)
        matrix = samples.similarity(found, wanted)
        crop = cv2.warpAffine(kept, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
        return cover(spoil(crop, rng), rng).astype(np.float32)


# What the teacher's evidence says of strangers on average, and how much more it says of twins: those are to have the cosines 0
# and 1, all others what lies on the line between.
STRANGERS, TO_TWINS = -24.0, 36.0


def wanted_cosines(evidence: torch.Tensor) -> torch.Tensor:
    """The cosine that a pair should have."""
    return ((evidence - STRANGERS) / TO_TWINS).clamp(-0.4, 1)


class Heads(nn.Module):
    """What is needed to learn only."""

    def __init__(self, persons: int, teacher_dimension: int):
        super().__init__()
        self.places = nn.Linear(DIMENSION, teacher_dimension)
        self.persons = nn.Parameter(torch.randn(persons, DIMENSION) * 0.05)


def losses(lesson: Lesson, heads: Heads, embedded, places, persons):
    unit = F.normalize(embedded)
    as_teacher = F.mse_loss(heads.places(embedded), places / torch.from_numpy(lesson.scale))
    wanted = wanted_cosines(lesson.geometry.evidence(places, places))
    off = ~torch.eye(len(unit), dtype=torch.bool)
    cosines = unit @ unit.T
    # Pairs that the teacher takes for mates, or nearly, are few and matter most.
    weight = 1 + 8 * wanted.clamp(min=0)
    as_pairs = (weight * (cosines - wanted) ** 2)[off].mean()
    known = persons >= 0
    logits = unit[known] @ F.normalize(heads.persons).T
    margin = F.one_hot(persons[known], len(heads.persons)) * MARGIN
    as_persons = F.cross_entropy((logits - margin) * SCALE, persons[known])
    return as_teacher, as_pairs, as_persons


def mean_of_cycles(work: Path) -> dict:
    """The mean of what the cycles ended with."""
    ends = [torch.load(work / f"embedder-cycle-{cycle}.pt") for cycle in range(AGAIN + 1)]
    return {
        name: torch.stack([end[name] for end in ends]).mean(0) if value.is_floating_point() else value
        for name, value in ends[-1].items()
    }


def set_rate(optimiser: torch.optim.Optimizer, rate: float):
    for group in optimiser.param_groups:
        group["lr"] = rate


def embed(network: nn.Module, lessons: Lessons, which) -> np.ndarray:
    """Embeddings of undisturbed crops, each added to that of its mirror image."""
    network.eval()
    matrix = samples.similarity(KEPT_POINTS, POINTS)
    out = []
    for start in range(0, len(which), 128):
        kept = [lessons.crops[at] for at in which[start : start + 128]]
        seen = [cv2.warpAffine(crop, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR) for crop in kept]
        crops = prepare(torch.from_numpy(np.stack(seen)).float()[:, None]).contiguous(memory_format=torch.channels_last)
        with torch.inference_mode():
            out.append(F.normalize(network(crops) + network(crops.flip(-1))).numpy())
    return np.concatenate(out)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True, help="folder of the face manifests")
    arguments.add_argument("--work", type=Path, required=True, help="folder for what is worked out on the way")
    arguments.add_argument("--steps", type=int, default=7200, help="of the first cycle")
    arguments.add_argument("--again", type=int, default=1200, help="of each further cycle")
    arguments.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments.add_argument("--seed", type=int, default=7)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(options.seed)
    options.work.mkdir(parents=True, exist_ok=True)
    all_samples = samples.load(options.data, options.work / "faces.npz")
    lessons = Lessons(options.data, options.work, all_samples, options.seed)
    lesson = Lesson(lessons, options.seed)
    network = Embedder().to(memory_format=torch.channels_last)
    average = Embedder().to(memory_format=torch.channels_last)
    average.load_state_dict(network.state_dict())
    heads = Heads(len(lesson.persons), lesson.places.shape[1])
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1] + list(heads.parameters())
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}], lr=RATE
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, options.steps, pct_start=0.08, final_div_factor=50)
    saved, step = options.work / "embedder-resume.pt", 0
    if saved.exists():
        kept = torch.load(saved, weights_only=False)
        step = kept["step"]
        for name, part in (("network", network), ("average", average), ("heads", heads)):
            part.load_state_dict(kept[name])
        optimiser.load_state_dict(kept["optimiser"])
        schedule.load_state_dict({"last_epoch": min(step, options.steps), "_step_count": min(step, options.steps) + 1})
    log = (options.work / "embedder.jsonl").open("a")
    began, sums = time.time(), np.zeros(3)
    end = options.steps + AGAIN * options.again
    for crops, places, persons in lesson.batches(step, end):
        network.train()
        if step >= options.steps:
            done = (step - options.steps) % options.again / options.again
            set_rate(optimiser, RATE_AGAIN * (1 + np.cos(np.pi * done)) / 2)
        # In 16 bits where the processor multiplies those itself; losses are summed in 32.
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=QUICK):
            embedded = network(prepare(crops).contiguous(memory_format=torch.channels_last))
        parts = losses(lesson, heads, embedded.float(), places, persons)
        loss = parts[0] + 8.0 * parts[1] + PERSONS * parts[2]
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        if step < options.steps:
            schedule.step()
        step += 1
        with torch.no_grad():
            keep = min(AVERAGE, step / (step + 10))
            for ours, theirs in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
                ours.lerp_(theirs, 1 - keep) if ours.is_floating_point() else ours.copy_(theirs)
        sums += [part.item() for part in parts]
        if step % 100 == 0 or step == end:
            line = {"step": step, "seconds": round(time.time() - began), "losses": [round(x, 4) for x in sums / 100]}
            if step % 400 == 0 or step == end:
                line["lfw_held_out"], line["lfw_learnt"] = lfw_accuracy(options.data, lessons, average)
                torch.save(average.state_dict(), options.work / "embedder.pt")
                torch.save(
                    {"step": step, "network": network.state_dict(), "average": average.state_dict(),
                     "heads": heads.state_dict(), "optimiser": optimiser.state_dict()},
                    saved,
                )
            print(json.dumps(line), file=log, flush=True)
            print(line, flush=True)
            sums[:] = 0
        if step >= options.steps and (step - options.steps) % options.again == 0:
            torch.save(average.state_dict(), options.work / f"embedder-cycle-{(step - options.steps) // options.again}.pt")
    torch.save(mean_of_cycles(options.work), options.work / "embedder.pt")


if __name__ == "__main__":
    main()
