"""A suite made on the spot: two samples of each scenario, flat colours for pictures."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

from PIL import Image

from askfirst.suites.pixels import pixel_sha256

CATEGORIES = ["Apple.", "Boat.", "Candle.", "Drum."]
ABSTENTION = "I cannot answer this question."


def records() -> dict[str, list[dict[str, Any]]]:
    """Sample records by scenario key; two of each, with ground truth."""
    made: dict[str, list[dict[str, Any]]] = {}
    for key, base in _bases().items():
        made[key] = [
            base
            | {
                "id": number,
                "prompt": "What is in the image?",
                "categories": CATEGORIES,
                "answer": CATEGORIES[number],
                "cluster": f"thing-{number}",
            }
            for number in (1, 2)
        ]
    return made


def _bases() -> dict[str, dict[str, Any]]:
    return {
        "ROD": {
            "image_template": "rod/{image}.webp",
            "first_image": 7,
            "num_images": 14,
            "reference_image": 0,
            "options": [
                "Move the red block to the left.",
                ABSTENTION,
                "Move the red block to the right.",
            ],
            "evidence": [1, 1, 0.8, 0.6, 0.4, 0.2, 0, 0, 0, 0.2, 0.4, 0.6, 0.8, 1],
            "sufficient": [True] * 4 + [False] * 7 + [True] * 3,
        },
        "VSOD": {
            "image_template": "vsod/{image}.webp",
            "first_image": 2,
            "num_images": 5,
            "reference_image": 0,
            "strong_occlusions": True,
            "options": ["Wait for the person to pass.", "Rewind the video.", ABSTENTION],
            "evidence": [1, 0.5, 0, 0.2, 0.9],
            "sufficient": [True, False, False, False, True],
        },
        "MVP-N": {
            "image_template": "mvp_n/{image}.webp",
            "first_image": 3,
            "num_images": 3,
            "reference_image": 1,
            "valid_images": [3, 2, 1],
            "options": [ABSTENTION, "Rotate the object."],
            "evidence": [0, 0.1, 1],
            "sufficient": [False, False, True],
        },
        "IN-C": {
            "image_template": "in_c/{level}.webp",
            "first_image": 3,
            "num_images": 4,
            "reference_image": 0,
            "quality_answer": "Remove the blur: deblur the image.",
            "options": [
                "Increase the contrast.",
                "Remove the blur: deblur the image.",
                ABSTENTION,
                "Reduce the compression.",
                "Adjust the saturation.",
            ],
            "evidence": [1, 0.66, 0.33, 0],
            "sufficient": [True, True, False, False],
        },
        "QD": {
            "image_template": "qd/{image}.webp",
            "first_image": 0,
            "num_images": 3,
            "reference_image": 2,
            "options": ["Add more details.", ABSTENTION],
            "evidence": [0.1, 0.5, 1],
            "sufficient": [False, False, True],
        },
        "CIT": {
            "image_template": "cit/{image}.webp",
            "first_image": 0,
            "num_images": 5,
            "reference_image": 4,
            "step_size": 2,
            "max_steps": 4,
            "options": ["Rewind the video.", ABSTENTION, "Wait for the action to start."],
            "evidence": [0, 0.2, 0.4, 0.9, 1],
            "sufficient": [False, False, False, True, True],
        },
        "COCO": {
            "image_template": "coco/room.webp",
            "first_image": 0,
            "num_images": 1,
            "reference_image": 0,
            "direction": "left",
            "granularity": 3,
            "horizontal_step": 10,
            "vertical_step": 6,
            "crop": {"top": 10, "left": 40, "height": 40, "width": 60},
            "options": ["Move the camera to the left.", ABSTENTION],
            "box": [12, 12, 38, 38],
            "sufficient_at": 0.9,
        },
    }


def write_tiny_suite(root: Path) -> Path:
    """Write the suite into a folder and return it."""
    pictures = {
        **{f"rod/{i}.webp": 20 for i in range(14)},
        **{f"vsod/{i:04d}.webp": 50 for i in range(5)},
        **{f"mvp_n/{i:04d}.webp": 80 for i in range(1, 4)},
        **{f"in_c/{i}.webp": 110 for i in range(4)},
        **{f"qd/{i:04d}.webp": 140 for i in range(3)},
        **{f"cit/{i}.webp": 170 for i in range(5)},
        "coco/room.webp": 200,
    }
    entries = {path: _picture(root / path, hue) for path, hue in pictures.items()}
    samples = {key: _samples(root / f"{key}.jsonl", rows) for key, rows in records().items()}
    manifest = {
        "format": "askfirst-suite-1",
        "name": "tiny",
        "version": "1",
        "title": "A suite for tests",
        "license": "CC0-1.0",
        "samples": samples,
        "pictures": entries,
    }
    (root / "suite.json").write_text(json.dumps(manifest), "utf-8")
    return root


def rewrite_manifest(root: Path, **changes: Any) -> None:
    """Change top-level fields of a suite's manifest."""
    file = root / "suite.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | changes), "utf-8")


def _picture(file: Path, hue: int) -> dict[str, Any]:
    image = Image.new("RGB", (64, 48), (hue, 255 - hue, 128))
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", lossless=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(buffer.getvalue())
    return {
        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "pixels": pixel_sha256(image),
        "size": list(image.size),
    }


def _samples(file: Path, rows: list[dict[str, Any]]) -> dict[str, Any]:
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    file.write_bytes(content)
    return {"file": file.name, "n": len(rows), "sha256": hashlib.sha256(content).hexdigest()}
