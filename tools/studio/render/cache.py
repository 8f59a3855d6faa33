"""What the render worker left in the maker's cache; what is missing is rendered first."""

import dataclasses
import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from tools.studio.draft import PictureDraft, Split, Workshop
from tools.studio.sources import SourceError, fetch

PYTHON = "STUDIO_BLENDER_PYTHON"
"""Environment variable: the Python that has `bpy`, where it is not the one that runs."""


def rendered(workshop: Workshop, maker: str, scenes: Sequence[Any]) -> list[dict[str, Any]]:
    """The worker's report on each scene (a frozen dataclass with `name`), in order.

    A scene may be asked for more than once; it is rendered once.

    Raises:
        SourceError: The worker could not make a scene, or the cache holds another of its name.
    """
    root = workshop.cache / "renders" / maker
    missing = {
        scene.name: scene for scene in scenes if not (root / scene.name / "scene.json").exists()
    }
    if missing:
        _render(workshop, maker, list(missing.values()))
    return [_report(root / scene.name / "scene.json", scene) for scene in scenes]


def frame(workshop: Workshop, maker: str, scene: str, name: str) -> PictureDraft:
    """A rendered frame, opened when it is needed."""
    return PictureDraft(lambda: Image.open(workshop.cache / "renders" / maker / scene / name))


def planned(
    scenes: Iterable[Any],
    repeats: Mapping[Split, int],
    first_id: Mapping[Split, int],
    counts: Mapping[Split, int | None],
) -> list[tuple[Any, int, int]]:
    """Scene, number of the repeat and id of each sample, as many as are wanted of each split."""
    made: Counter[Split] = Counter()
    plan = []
    for scene in scenes:
        for repeat in range(repeats[scene.split]):
            most = counts[scene.split]
            if most is None or made[scene.split] < most:
                plan.append((scene, repeat, first_id[scene.split] + made[scene.split]))
                made[scene.split] += 1
    return plan


def assets(cache: Path) -> Path:
    """The folder of the renderer's assets: `packs/<pack>/…` and `emoji/assets/….webp`."""
    folder = cache / "assets"
    packs = fetch("sweethome3d-furniture", cache) / "usr/share/sweethome3d/furniture"
    for archive in sorted(packs.glob("*.sh3f")):
        target = folder / "packs" / archive.stem
        if not target.exists():
            with zipfile.ZipFile(archive) as file:
                file.extractall(target)
    emoji = folder / "emoji"
    if not emoji.exists():
        emoji.symlink_to(fetch("@lobehub/fluent-emoji-3d", cache) / "package")
    return folder


def _render(workshop: Workshop, maker: str, scenes: Sequence[Any]) -> None:
    renders = workshop.cache / "renders"
    renders.mkdir(parents=True, exist_ok=True)
    jobs = renders / f"{maker}.jsonl"
    lines = ({"maker": maker, "scene": dataclasses.asdict(scene)} for scene in scenes)
    jobs.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    command = [
        os.environ.get(PYTHON, sys.executable),
        "-m",
        "tools.studio.render.worker",
        str(jobs),
        str(renders),
        "--assets",
        str(assets(workshop.cache)),
    ]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise SourceError(f"the render worker failed ({done.returncode}): is bpy installed?")


def _report(file: Path, scene: Any) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if report["scene"] != json.loads(json.dumps(dataclasses.asdict(scene))):
        raise SourceError(f"{file.parent} shows another scene of this name: remove it")
    return report
