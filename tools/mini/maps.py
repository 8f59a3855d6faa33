"""What the untrained blocks of the tower make of the pictures, computed once for all stages."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from tools.mini.examples import Example
from tools.mini.stages import early_maps, pixels_of

BATCH = 16


def maps_of(shard: Path) -> Path:
    """Where the maps of a shard lie."""
    return shard.with_suffix(".maps.npy")


def make_maps(shard: Path, examples: Sequence[Example], tower: nn.Module) -> Path:
    """Writes the maps of a shard beside it, unless they are there: bfloat16 seen as int16."""
    path = maps_of(shard)
    if not path.exists():
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            parts = [
                early_maps(tower, pixels_of(examples[i : i + BATCH])).bfloat16().view(torch.int16)
                for i in range(0, len(examples), BATCH)
            ]
        part = path.with_name(f"{path.name}.part")
        with part.open("wb") as file:
            np.save(file, torch.cat(parts).numpy())
        part.replace(path)
    return path


def load_maps(paths: Sequence[Path]) -> Tensor:
    """The maps of some shards, in order: n × channels × height × width."""
    arrays = [np.load(path) for path in paths]
    return torch.from_numpy(np.concatenate(arrays)).view(torch.bfloat16)
