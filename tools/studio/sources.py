"""Where assets come from: packages by name and version, checked by hash, unpacked once."""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

PIP = (sys.executable, "-m", "pip")


class SourceError(Exception):
    """A package that cannot be had, or is not the one that was meant."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package of some registry.

    Attributes:
        kind: "debian", "npm" or "pypi".
        name: Name in the registry.
        version: Exact version.
        sha256: Hex digest of the archive.
    """

    kind: Literal["debian", "npm", "pypi"]
    name: str
    version: str
    sha256: str


PACKAGES: dict[str, Package] = {
    package.name: package
    for package in (
        Package(
            "debian",
            "gcompris-qt-data",
            "3.1-2",
            "e9cf06ab2105529068df73085784e835d2ff03f870d2a8091f09125d40abac9f",
        ),
        Package(
            "debian",
            "sweethome3d-furniture",
            "1.8-1",
            "3ccb90c63f9525e887a767b9cd5c8b6933b8b6b2973a615a5359ee68a2118668",
        ),
        Package(
            "npm",
            "lucide-static",
            "1.62.0",
            "386f9080c440d6f5049cefe3456ae8357f7a0c7f76e59670cd1cb83bc7050a44",
        ),
        Package(
            "npm",
            "@tabler/icons",
            "3.51.0",
            "b30108713d3fa60aee862c2a133225da8e0f309be0708fe2925763ff810c766c",
        ),
        Package(
            "npm",
            "@lobehub/fluent-emoji-3d",
            "1.1.0",
            "c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58",
        ),
    )
}


def fetch(name: str, cache: Path) -> Path:
    """The folder of one of the studio's packages; see `fetch_package`."""
    return fetch_package(PACKAGES[name], cache)


def fetch_package(package: Package, cache: Path) -> Path:
    """The folder of an unpacked package, fetched if the cache does not have it.

    Raises:
        SourceError: The package client fails, or the archive is not the one that was meant.
    """
    folder = cache / "packages" / f"{package.name.replace('/', '-')}-{package.version}"
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        archive = _download(package, Path(work))
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != package.sha256:
            raise SourceError(f"{archive.name} has sha256 {found}, not {package.sha256}")
        unpacked = Path(work) / "unpacked"
        _unpack(package, archive, unpacked)
        shutil.move(unpacked, folder)
    return folder


def _download(package: Package, work: Path) -> Path:
    name, version = package.name, package.version
    commands = {
        "debian": ["apt-get", "download", f"{name}={version}"],
        "npm": ["npm", "pack", "--silent", f"{name}@{version}"],
        "pypi": [*PIP, "download", "--quiet", "--no-deps", f"{name}=={version}"],
    }
    _call(commands[package.kind], work)
    (archive,) = work.iterdir()
    return archive


def _unpack(package: Package, archive: Path, target: Path) -> None:
    if package.kind == "debian":
        _call(["dpkg-deb", "-x", str(archive), str(target)], archive.parent)
    elif package.kind == "npm":
        with tarfile.open(archive) as tar:
            tar.extractall(target, filter="data")
    else:
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(target)


def _call(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise SourceError(f"{command[0]} is not installed") from error
    except subprocess.CalledProcessError as error:
        raise SourceError(f"{' '.join(command)} failed: {error.stderr.strip()}") from error
