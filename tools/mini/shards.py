"""Shards of training examples: composed once, by a few processes, each from its own seed."""

import pickle
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from askfirst.scenarios.picture import Picture
from askfirst.suites import load_suite
from tools.mini.examples import SCENARIOS, Example, Shelf, composed, seed_of, states, taken
from tools.mini.pictures import shelf


@dataclass(frozen=True, slots=True)
class ShardSize:
    """Examples of every scenario in a shard: put together, and taken from the train split."""

    composed: int = 240
    taken: int = 100


def make_shard(
    index: int, folder: Path, cache: Path, cutouts: Path, seed: int, size: ShardSize
) -> Path:
    """Writes one shard, unless it is there; its content depends on seed and index alone."""
    path = folder / f"{index:04d}.npz"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    suite = load_suite("studio-train")
    rooms = [Image.open(p).convert("RGB") for p in sorted((suite.root / "coco").glob("*.webp"))]
    things = Shelf.of(shelf(cache, cutouts), rooms)
    rng = np.random.default_rng(seed_of(seed, index))
    examples: list[Example] = []
    for key in SCENARIOS:
        examples += [composed(key, things, rng) for _ in range(size.composed)]
        found = list(states(suite, key))
        pool = sorted({answer for answer, _ in found})
        enough = np.array([1.0 if seen.sufficient else 0.5 for _, seen in found])
        for i in rng.choice(len(found), size.taken, p=enough / enough.sum()):
            examples.append(taken(key, suite, *found[i], pool, rng))
    part = path.with_suffix(".part.npz")
    np.savez(
        part,
        pixels=np.stack([example.pixels for example in examples]),
        rest=np.frombuffer(pickle.dumps([_without_pixels(e) for e in examples]), np.uint8),
    )
    part.replace(path)
    return path


def load_shard(path: Path, pixels: bool = True) -> list[Example]:
    """The examples of a shard, with their pixels or without."""
    with np.load(path) as content:
        # Written by `make_shard` into a folder that its user named.
        examples: list[Example] = pickle.loads(content["rest"].tobytes())
        if pixels:
            pairs = zip(examples, content["pixels"], strict=True)
            examples = [replace(e, pixels=levels) for e, levels in pairs]
    return examples


def _without_pixels(example: Example) -> Example:
    empty: NDArray[np.uint8] = np.zeros((0, 0, 3), np.uint8)
    nowhere = replace(example.observation, picture=Picture(""))
    return replace(example, pixels=empty, observation=nowhere)
