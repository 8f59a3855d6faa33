"""`python -m tools.studio.cutouts OUT CACHE`: writes the objects of ROD as cut-outs with alpha.

They are for training: paste them over any picture to make new scenes without rendering. Each
object comes in several views; `cutouts.jsonl` names split, label and model of every file.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tools.studio.draft import Workshop
from tools.studio.render.cache import rendered
from tools.studio.rod_scene import table_objects

TURNS = (0.0, 35.0, -35.0, 70.0)  # degrees by which each view is turned from the best one


@dataclass(frozen=True, slots=True)
class Cutout:
    """An object; its first view is the one that shows it well."""

    name: str
    split: str
    model: str
    label: str
    turn: float


def cutouts() -> tuple[Cutout, ...]:
    """One cut-out for each object of `rod_objects.tsv`."""
    return tuple(
        Cutout(f"{o.split}_{o.model.split('/')[1].lower()}", o.split, o.model, o.label, o.turn)
        for o in table_objects()
    )


def write_cutouts(out: Path, cache: Path) -> int:
    """Renders what `cache` lacks, writes WebP files with alpha, returns their number."""
    scenes, lines = cutouts(), []
    rendered(Workshop(0, cache), "cutout", scenes)
    for scene in scenes:
        for i in range(len(TURNS)):
            path = Path(scene.split, f"{scene.name}_{i}.webp")
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            with Image.open(cache / "renders" / "cutout" / scene.name / f"{i}.png") as picture:
                picture.save(out / path, quality=85, method=6, exact=False)
            lines.append(
                {
                    "file": path.as_posix(),
                    "split": scene.split,
                    "label": scene.label,
                    "model": scene.model,
                }
            )
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (out / "cutouts.jsonl").write_text(text, encoding="utf-8")
    return len(lines)


if __name__ == "__main__":
    print(write_cutouts(Path(sys.argv[1]), Path(sys.argv[2]).resolve()))
