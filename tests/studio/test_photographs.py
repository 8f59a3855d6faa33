"""The table of photographs, and Qt's resource files from which they are read."""

import struct
import zlib
from collections import Counter
from pathlib import Path

import pytest

from tools.studio.photographs import LICENSES, mistakable, photographs
from tools.studio.qt_resources import ResourceError, read_resources


def name_entry(name: str) -> bytes:
    return struct.pack(">HI", len(name), 0) + name.encode("utf-16-be")


def resource_file(content: bytes, flags: int, version: int = 1) -> bytes:
    """A file that holds one folder "a" with one file "b", written as Qt's rcc lays it out."""
    names = name_entry("a") + name_entry("b")
    time = b"" if version == 1 else bytes(8)
    nodes = [
        struct.pack(">IHII", 0, 2, 1, 1),  # the root: one child, at 1
        struct.pack(">IHII", 0, 2, 1, 2),  # "a": one child, at 2
        struct.pack(">IHHHI", len(name_entry("a")), flags, 0, 0, 0),  # "b"
    ]
    data = struct.pack(">I", len(content)) + content
    tree = b"".join(node + time for node in nodes)
    start = 20
    header = struct.pack(
        ">4sIIII", b"qres", version, start, start + len(tree), start + len(tree) + len(data)
    )
    return header + tree + data + names


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_is_read_by_its_path(tmp_path: Path, version: int, packed: bool) -> None:
    content = struct.pack(">I", 5) + zlib.compress(b"hello") if packed else b"hello"
    file = tmp_path / "x.rcc"
    file.write_bytes(resource_file(content, int(packed), version))
    assert read_resources(file, {"/a/b"}) == {"/a/b": b"hello"}
    assert read_resources(file, {"/b"}) == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04" + bytes(30), "not a Qt resource file"),
        (b"qres", "not a Qt resource file"),
        (resource_file(b"", 0, version=9), "version 9"),
        (resource_file(b"", 4), "Zstandard"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "x.rcc"
    file.write_bytes(content)
    with pytest.raises(ResourceError, match=message):
        read_resources(file, {"/a/b"})


def test_names_are_unique_and_no_photograph_is_used_twice() -> None:
    photos = photographs()
    assert len({photo.name for photo in photos}) == len(photos)
    assert len({photo.resource for photo in photos}) == len(photos)


def test_both_splits_show_twenty_kinds_of_thing() -> None:
    for split in ("test", "train"):
        assert len({photo.label for photo in photographs(split)}) >= 20
    assert {p.name for p in photographs("test")}.isdisjoint(p.name for p in photographs("train"))


def test_every_licence_is_free_and_every_author_is_named() -> None:
    notice = Path("NOTICE").read_text("utf-8")
    for photo in photographs():
        assert photo.license in LICENSES
        assert photo.author in notice
        assert photo.resource.removeprefix("/gcompris/src/activities/") in notice


def test_wrong_labels_are_wrong_and_enough() -> None:
    for photo in photographs():
        wrong = mistakable(photo)
        assert photo.label not in wrong
        assert len(wrong) >= 3
    castle = next(photo for photo in photographs("test") if photo.label == "Castle")
    assert "Tower" not in mistakable(castle)


def test_boxes_have_an_area() -> None:
    boxes = [photo.box for photo in photographs() if photo.box]
    assert len(boxes) >= 20
    assert all(0 <= left < right and 0 <= top < bottom for left, top, right, bottom in boxes)


def test_groups_are_large_enough_to_mistake_things_within_them() -> None:
    groups = Counter(photo.group for photo in photographs("test"))
    assert min(groups.values()) >= 4
