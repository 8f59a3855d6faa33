"""Where a model of the furniture packs lies."""

from __future__ import annotations

from pathlib import Path


def model_file(packs: Path, model: str) -> Path:
    """The OBJ file of `model` ("pack/folder"); `packs` holds each pack under its own name."""
    pack, folder = model.split("/")
    found = sorted((packs / pack).glob(f"*/{folder}/*.obj"))
    if not found:
        raise FileNotFoundError(f"no OBJ file of {model} below {packs}")
    return found[0]
