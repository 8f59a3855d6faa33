"""Writing a suite's folder: pictures, records, manifest; what is there already is kept."""

import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from askfirst.suites.manifest import FORMAT, MANIFEST_NAME
from askfirst.suites.pixels import pixel_sha256
from tools.studio.draft import PictureDraft, SampleDraft, Split

WEBP_QUALITY = 85
WEBP_EFFORT = 6

LICENSE = "CC-BY-4.0 (parts CC0-1.0, public domain, MIT and ISC; see NOTICE)"


@dataclass(frozen=True)
class SuiteText:
    """What the manifest says in words: name, version and title of a suite."""

    name: str
    version: str
    title: str


def encode(picture: PictureDraft) -> bytes:
    """A picture as a WebP file; the same pixels give the same bytes."""
    buffer = io.BytesIO()
    image = picture.make().convert("RGB")
    image.save(buffer, "WEBP", quality=WEBP_QUALITY, method=WEBP_EFFORT, lossless=picture.lossless)
    return buffer.getvalue()


def write_pictures(root: Path, pictures: Mapping[str, PictureDraft]) -> None:
    """Make and write the pictures that are not there yet, each in one step."""
    for path, picture in pictures.items():
        file = root / path
        if file.exists():
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(file.name + ".part")
        part.write_bytes(encode(picture))
        part.replace(file)


def write_scenario(
    folders: Mapping[Split, Path], key: str, drafts: Iterable[SampleDraft]
) -> dict[Split, int]:
    """Write one scenario's pictures and records; returns the number of samples by split."""
    records: dict[Split, list[dict[str, Any]]] = defaultdict(list)
    for draft in drafts:
        write_pictures(folders[draft.split], draft.pictures)
        records[draft.split].append(draft.record)
    for split, rows in records.items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folders[split] / f"{key}.jsonl").write_text(lines, "utf-8")
    return {split: len(rows) for split, rows in records.items()}


def write_manifest(root: Path, text: SuiteText, seed: int) -> None:
    """Write `suite.json` over everything that lies in a suite's folder."""
    manifest = {
        "format": FORMAT,
        "name": text.name,
        "version": text.version,
        "title": text.title,
        "license": LICENSE,
        "seed": seed,
        "samples": {file.stem: _sample_entry(file) for file in sorted(root.glob("*.jsonl"))},
        "pictures": {
            file.relative_to(root).as_posix(): _picture_entry(file)
            for file in sorted(root.rglob("*.webp"))
        },
    }
    (root / MANIFEST_NAME).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def _sample_entry(file: Path) -> dict[str, Any]:
    content = file.read_bytes()
    return {
        "file": file.name,
        "n": content.count(b"\n"),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _picture_entry(file: Path) -> dict[str, Any]:
    with Image.open(file) as image:
        return {
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "pixels": pixel_sha256(image),
            "size": list(image.size),
        }
