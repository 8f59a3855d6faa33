"""Reading Qt's binary resource files (`rcc`), in which GCompris keeps its pictures.

A file is a header, a tree of fixed-size nodes, the names and the data; all numbers are big-endian
(Qt's `rcc` source is the format's only description).
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"qres"
HEADER = struct.Struct(">4sIIII")  # magic, version, offsets of the tree, the data and the names
FOLDER = struct.Struct(">IHII")  # offset of the name, flags, number of children, first child
FILE = struct.Struct(">IHHHI")  # offset of the name, flags, territory, language, offset of the data
NODE_SIZES = {1: 14, 2: 22, 3: 22}  # bytes by version; the later ones end with a time
COMPRESSED, DIRECTORY, ZSTANDARD = 0x01, 0x02, 0x04
NAME_PREFIX = 6  # bytes before a name's text: its length (2) and its hash (4)
SIZE_PREFIX = 4  # bytes before a content (its length), and before a compressed one inside that


class ResourceError(Exception):
    """A file that is no resource file, or packs its content in a way not read here."""


@dataclass(frozen=True, slots=True)
class _Resources:
    raw: bytes
    node_size: int
    tree: int
    data: int
    names: int

    def name(self, offset: int) -> str:
        start = self.names + offset
        (length,) = struct.unpack_from(">H", self.raw, start)
        text = start + NAME_PREFIX
        return self.raw[text : text + 2 * length].decode("utf-16-be")

    def content(self, offset: int, flags: int) -> bytes:
        start = self.data + offset
        (length,) = struct.unpack_from(">I", self.raw, start)
        content = self.raw[start + SIZE_PREFIX : start + SIZE_PREFIX + length]
        if flags & ZSTANDARD:
            raise ResourceError("content packed by Zstandard is not read")
        return zlib.decompress(content[SIZE_PREFIX:]) if flags & COMPRESSED else content

    def walk(self, node: int, folder: str) -> Iterator[tuple[str, int, int]]:
        """Path, offset and flags of each file at or below a node."""
        start = self.tree + node * self.node_size
        name, flags, count, first = FOLDER.unpack_from(self.raw, start)
        path = f"{folder}/{self.name(name)}" if node else ""
        if flags & DIRECTORY:
            for child in range(first, first + count):
                yield from self.walk(child, path)
        else:
            yield path, FILE.unpack_from(self.raw, start)[4], flags


def read_resources(file: Path, wanted: set[str]) -> dict[str, bytes]:
    """Contents of the wanted files of a resource file, by their absolute path inside it.

    Raises:
        ResourceError: Not a resource file of a known version, or a wanted file is packed by
            Zstandard.
    """
    raw = file.read_bytes()
    if len(raw) < HEADER.size or not raw.startswith(MAGIC):
        raise ResourceError(f"{file.name} is not a Qt resource file")
    _, version, tree, data, names = HEADER.unpack_from(raw)
    if version not in NODE_SIZES:
        raise ResourceError(f"{file.name} is of version {version}, which is not known")
    resources = _Resources(raw, NODE_SIZES[version], tree, data, names)
    return {
        path: resources.content(offset, flags)
        for path, offset, flags in resources.walk(0, "")
        if path in wanted
    }
