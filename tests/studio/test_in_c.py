"""IN-C and the crops of photographs: their records, from the maker and as shipped."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import askfirst.suites
from askfirst.scenarios import scenario
from askfirst.scenarios.move import KEYWORDS
from askfirst.scenarios.plan import shortest_plan
from askfirst.scenarios.sample import is_abstention
from tools.studio.coco import DIRECTIONS, TELLING, geometries
from tools.studio.coco import record as crop_record
from tools.studio.corruptions import CORRUPTIONS
from tools.studio.in_c import (
    COUNTS,
    ENHANCEMENTS,
    FAINT,
    KINDS,
    LONG_SIDE,
    PLAIN,
    QUESTIONS,
    fitted,
    frame,
    pairs_of,
    record,
)
from tools.studio.photographs import photographs

IN_C = scenario("IN-C")
SHIPPED = Path(askfirst.suites.__file__).parent


def shipped(suite: str, key: str) -> list[dict[str, Any]]:
    lines = (SHIPPED / suite / f"{key}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def made_records() -> list[dict[str, Any]]:
    rng = np.random.default_rng(3)
    return [
        record(photo, kind, "folder", 1, rng)
        for split in ("test", "train")
        for photo in photographs(split)
        for kind in KINDS
    ]


def keywords_in(text: str) -> set[str]:
    lowered = text.lower()
    return {str(move) for move in IN_C.moves for word in KEYWORDS[move] if word in lowered}


def test_there_are_fourteen_corruptions_and_ten_wordings_of_each_sort() -> None:
    assert len(KINDS) >= 14
    assert set(KINDS) <= set(CORRUPTIONS)
    assert len(set(QUESTIONS)) >= 10
    assert len({text for texts in ENHANCEMENTS.values() for text in texts}) >= 10


def test_each_wording_of_an_enhancement_holds_its_own_keyword_alone() -> None:
    for keyword, texts in ENHANCEMENTS.items():
        for text in texts:
            assert keywords_in(text) == {keyword}
            assert text.endswith(".")
            assert not is_abstention(text)


@pytest.mark.parametrize(
    "rows", [made_records(), *(shipped(s, "IN-C") for s in ("studio", "studio-train"))]
)
def test_one_of_four_enhancements_fits_the_corruption(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        actions = [text for text in row["options"] if not is_abstention(text)]
        assert len(actions) == 4
        assert len(row["options"]) == 5
        assert actions.count(row["quality_answer"]) == 1
        assert len({frozenset(keywords_in(text)) for text in actions}) == 4


def test_what_fits_a_corruption_is_never_offered_in_other_words() -> None:
    for kind in KINDS.values():
        assert kind.remedy not in kind.others
        assert set(kind.others) <= set(ENHANCEMENTS)


@pytest.mark.parametrize("suite", ["studio", "studio-train"])
def test_shipped_samples_start_insufficient_and_can_be_mended(suite: str) -> None:
    for row in shipped(suite, "IN-C"):
        sample = IN_C.read(row)
        plan = shortest_plan(IN_C, sample)
        assert plan
        kind = KINDS[row["image_template"].split("/")[1].split("-", 1)[1]]
        assert len(plan) == 5 - kind.sufficient
        assert not row["sufficient"][5]
        assert all(better > worse for better, worse in pairwise(row["evidence"]))


def test_shipped_samples_have_their_pictures_and_unique_ids() -> None:
    ids: Counter[int] = Counter()
    for suite, key in (("studio", "IN-C"), ("studio", "COCO"), ("studio-train", "IN-C")):
        for row in shipped(suite, key):
            ids[row["id"]] += 1
            for level in range(6):
                assert (SHIPPED / suite / row["image_template"].format(level=level)).is_file()
    assert max(ids.values()) == 1


@pytest.mark.parametrize(("suite", "least"), [("studio", 60), ("studio-train", 40)])
def test_enough_samples_are_shipped(suite: str, least: int) -> None:
    rows = shipped(suite, "IN-C")
    assert len(rows) >= least
    assert len({row["answer"] for row in rows}) >= 20
    kinds = Counter(row["image_template"].split("/")[1].split("-", 1)[1] for row in rows)
    assert len(kinds) >= 14


@pytest.mark.parametrize("split", ["test", "train"])
def test_pairs_are_distinct_and_spread_evenly(split: Any) -> None:
    photos = [photo for photo in photographs(split) if photo.name not in PLAIN | FAINT]
    pairs = pairs_of(photos, COUNTS[split], np.random.default_rng(0))
    assert len(set(pairs)) == len(pairs) == COUNTS[split]
    by_kind = Counter(kind for _, kind in pairs)
    assert max(by_kind.values()) - min(by_kind.values()) <= 1
    by_photo = Counter(photo.name for photo, _ in pairs)
    assert max(by_photo.values()) <= 3


def test_there_are_no_more_pairs_than_there_can_be() -> None:
    photos = list(photographs("train"))[:2]
    pairs = pairs_of(photos, 1000, np.random.default_rng(0))
    general = sum(kind.only is None for kind in KINDS.values())
    assert len(pairs) >= 2 * general
    assert len(set(pairs)) == len(pairs)


def test_a_frame_has_the_same_pixels_each_time_and_changes_with_severity() -> None:
    picture = Image.fromarray(
        np.random.default_rng(1).integers(0, 255, (60, 90, 3), dtype=np.uint8)
    ).resize((600, 400))
    clean = np.asarray(frame(picture, "fog", 0, np.random.default_rng(2)), dtype=int)
    assert clean.shape == (149, LONG_SIDE, 3)
    for name in KINDS:
        once, again, mild = (
            np.asarray(frame(picture, name, level, np.random.default_rng(2)), dtype=int)
            for level in (5, 5, 1)
        )
        assert once.shape == clean.shape
        assert (once == again).all()
        assert np.abs(once - clean).mean() > np.abs(mild - clean).mean()


@pytest.mark.parametrize(
    ("size", "expected"),
    [((320, 160), (224, 112)), ((100, 200), (112, 224)), ((5, 1000), (1, 224))],
)
def test_pictures_keep_their_proportions(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert fitted(size, 224) == expected


def test_crops_of_photographs_start_insufficient_and_can_be_mended() -> None:
    camera = scenario("COCO")
    ways: Counter[str] = Counter()
    for photo in photographs("test"):
        if not photo.box:
            continue
        rng = np.random.default_rng(len(photo.name))
        size = (photo.box[2] + photo.box[0], photo.box[3] + photo.box[1])
        for geometry in geometries(photo, size[0], size, rng):
            ways[geometry["direction"]] += 1
            assert (photo.name, geometry["direction"]) not in TELLING
            sample = camera.read(crop_record(photo, geometry, "x.webp", 1, rng))
            assert shortest_plan(camera, sample)
    assert set(ways) == set(DIRECTIONS)
