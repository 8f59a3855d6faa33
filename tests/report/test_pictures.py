"""Small copies of pictures, and where the suite is looked for."""

import base64
import io
import json
from pathlib import Path
from shutil import copytree

import pytest
from PIL import Image

from askfirst.errors import SuiteError
from askfirst.protocol.episode import Episode
from askfirst.report import pictures as module
from askfirst.report.pictures import LONG_EDGE, find_suite, small_copies, small_copy
from askfirst.report.runs import read_run
from askfirst.suites.suite import load_suite
from tests.tiny_suite import rewrite_manifest


@pytest.mark.parametrize(
    ("size", "small"), [((64, 48), (64, 48)), ((512, 256), (256, 128)), ((100, 400), (64, 256))]
)
def test_a_copy_is_no_longer_than_the_limit_and_never_enlarged(
    size: tuple[int, int], small: tuple[int, int]
) -> None:
    copy = Image.open(io.BytesIO(small_copy(Image.new("RGB", size, "teal"))))
    assert copy.format == "WEBP"
    assert copy.size == small
    assert max(copy.size) <= LONG_EDGE


def test_few_pictures_are_embedded_each_once(tiny_suite: Path, episodes: list[Episode]) -> None:
    made = small_copies(load_suite(str(tiny_suite)), episodes, "page_files")
    assert set(made.sources) == {t.image_sha256 for e in episodes for t in e.turns}
    assert made.files == {}
    assert made.missing is None
    for source in made.sources.values():
        head, content = source.split(",")
        assert head == "data:image/webp;base64"
        assert Image.open(io.BytesIO(base64.b64decode(content))).format == "WEBP"


@pytest.mark.parametrize("limit", ["MOST_EMBEDDED", "MOST_BYTES"])
def test_many_pictures_lie_beside_the_page(
    tiny_suite: Path, episodes: list[Episode], monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(module, limit, 1)
    made = small_copies(load_suite(str(tiny_suite)), episodes, "page_files")
    assert {f"page_files/{name}" for name in made.files} == set(made.sources.values())
    assert all(content[8:12] == b"WEBP" for content in made.files.values())


def test_a_broken_picture_leaves_the_others(own_suite: Path, episodes: list[Episode]) -> None:
    suite = load_suite(str(own_suite))
    (own_suite / "coco" / "room.webp").write_bytes(b"broken")
    made = small_copies(suite, episodes, "page_files")
    assert "room.webp" in (made.missing or "")
    coco = {t.image_sha256 for e in episodes if e.scenario == "COCO" for t in e.turns}
    others = {t.image_sha256 for e in episodes if e.scenario != "COCO" for t in e.turns}
    assert set(made.sources) == others - (coco - others)


def test_the_suite_is_found_where_the_manifest_says(
    run_folder: Path, tiny_suite: Path, tmp_path: Path
) -> None:
    folder = Path(copytree(run_folder, tmp_path / "run"))
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text("utf-8")) | {"suite_folder": str(tiny_suite)}
    file.write_text(json.dumps(manifest), "utf-8")
    assert find_suite(read_run(folder)).root == tiny_suite


def test_another_version_of_the_suite_is_not_taken(run_folder: Path, own_suite: Path) -> None:
    rewrite_manifest(own_suite, version="2")
    with pytest.raises(SuiteError, match="not the version of suite tiny that was played"):
        find_suite(read_run(run_folder), own_suite)


def test_a_suite_that_is_gone_is_named(run_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="unknown suite"):
        find_suite(read_run(run_folder), tmp_path / "nowhere")
