import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from askfirst.scenarios import scenario
from askfirst.scenarios.plan import shortest_plan
from tools.studio import mvp_n_art as art
from tools.studio.mvp_n import LENGTHS, QUESTIONS, TURNS, record, way_round
from tools.studio.mvp_n_scene import LINES, TOWARDS, VIEWS, emoji_file, packages

PACKAGES = packages(0)
EVIDENCE = [0.79, 1.0009, 0.69, 0.1, 0.0, 0.0, 0.0, 0.1]
KEYWORD = re.compile("rotate|view|angle|orientation|different")


def test_the_test_split_has_enough_products_and_every_line_enough_look_alikes() -> None:
    assert sum(p.split == "test" for p in PACKAGES) >= 24
    assert all(len(line.kinds) >= 4 for line in LINES)
    assert len({p.label for p in PACKAGES}) == len(PACKAGES)


def test_no_line_is_in_both_splits() -> None:
    assert len({line.brand for line in LINES}) == len(LINES)


@given(st.sampled_from(LENGTHS), st.integers(0, 1000))
def test_a_way_round_shows_the_front_last_and_no_view_twice(length, seed) -> None:
    path = way_round(length, np.random.default_rng(seed))
    assert len(path) == len(set(path)) == length
    assert all(0 <= view < VIEWS for view in path)
    assert [view < len(TOWARDS) for view in path] == [False] * (length - 1) + [True]


@given(st.sampled_from(LENGTHS), st.integers(0, 1000))
def test_a_package_turns_one_way_all_the_time(length, seed) -> None:
    angles = np.array((-40, 0, 40, 100, 140, 180, 220, 260))
    turned = angles[way_round(length, np.random.default_rng(seed))]
    steps = (np.diff(turned) + 180) % 360 - 180
    assert (steps > 0).all() or (steps < 0).all()


@pytest.mark.parametrize("length", LENGTHS)
def test_a_sample_is_solved_at_its_last_view_and_not_before(length) -> None:
    mvp_n, rng = scenario("MVP-N"), np.random.default_rng(1)
    path = way_round(length, rng)
    wrong = [p.label for p in PACKAGES[1:4]]
    sample = mvp_n.read(record(PACKAGES[0], path, EVIDENCE, wrong, 20001, rng))
    plan = shortest_plan(mvp_n, sample)
    assert plan is not None
    assert len(plan) == length - 1
    assert sample.truth.evidence[-1] <= 1


def test_every_turn_is_recognised_and_no_question_is_repeated() -> None:
    assert len(set(TURNS)) >= 10
    assert all(KEYWORD.search(turn.lower()) for turn in TURNS)
    assert len(set(QUESTIONS)) >= 10


@pytest.mark.parametrize(
    ("emoji", "file"), [("🍓", "1f353.webp"), ("⛵", "26f5.webp"), ("🌶", "1f336-fe0f.webp")]
)
def test_an_emoji_is_found_by_its_code_point(emoji, file) -> None:
    assert emoji_file(emoji) == file


def test_only_the_front_tells_look_alikes_apart(tmp_path) -> None:
    one, other = PACKAGES[0], PACKAGES[1]
    assert one.line == other.line
    for name, colour in (("one", "red"), ("other", "blue")):
        Image.new("RGBA", (8, 8), colour).save(tmp_path / f"{name}.png")
    size = (120, 200)
    for same in (art.back, art.side, art.wrap):
        assert same(one, size).tobytes() == same(other, size).tobytes()
    fronts = [
        art.front(package, tmp_path / f"{name}.png", size).tobytes()
        for package, name in ((one, "one"), (other, "other"))
    ]
    assert fronts[0] != fronts[1]
