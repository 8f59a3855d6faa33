"""Strokes: icons become drawings of an unsteady hand that grow piece by piece."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

pytest.importorskip("svgelements")

from tools.studio.strokes import (
    DOT,
    EPSILON,
    GRID,
    LONGEST_PART,
    SIZE,
    draw_by_hand,
    fit,
    frames_of,
    in_drawing_order,
    length,
    parts_of,
    picture,
    read_icon,
    shares,
    simplify,
    split,
)

ICON = """<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24"
  fill="none" stroke="currentColor" stroke-width="2">
  <path stroke="none" d="M0 0h24v24H0z" fill="none" />
  <path d="M2 4h12m0 8v6" /> <circle cx="12" cy="12" r="5" /> <path d="M6 6h.01" />
</svg>"""
LINES = arrays(float, st.tuples(st.integers(2, 30), st.just(2)), elements=st.floats(0, 255))


def line(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, float)


def distance_to_line(point: np.ndarray, stroke: np.ndarray) -> float:
    """Least distance of a point from a polyline, by its segments."""
    nearest = []
    for start, end in pairwise(stroke):
        along = end - start
        share = np.clip((point - start) @ along / max(along @ along, 1e-12), 0, 1)
        nearest.append(np.hypot(*(point - start - share * along)))
    return min(nearest)


def test_an_icon_gives_one_stroke_for_each_line_and_none_for_its_frame() -> None:
    across, down, circle, dot = read_icon(ICON)
    assert across[[0, -1]].tolist() == [[2, 4], [14, 4]]
    assert down[[0, -1]].tolist() == [[14, 12], [14, 18]]
    assert np.hypot(*(circle - 12).T) == pytest.approx(5, abs=0.01)
    assert np.ptp(dot, axis=0).max() < 0.1


@pytest.mark.parametrize(
    ("stroke", "kept"),
    [
        (line((0, 0), (5, 0.5), (10, 0)), [(0, 0), (10, 0)]),
        (line((0, 0), (5, 3), (10, 0)), [(0, 0), (5, 3), (10, 0)]),
        (line((0, 0), (5, 2), (10, 0)), [(0, 0), (10, 0)]),  # just on the border
        (line((0, 0), (10, 0), (10, 10), (0, 0)), [(0, 0), (10, 10), (0, 0)]),
        (line((1, 1), (1, 1)), [(1, 1), (1, 1)]),
    ],
    ids=["flat", "bent", "border", "closed", "dot"],
)
def test_simplifying_keeps_the_points_that_matter(stroke: np.ndarray, kept: list) -> None:
    if len(kept) == 3 and kept[0] == kept[-1]:  # (10, 0) lies 7.07 off the diagonal
        kept.insert(1, (10, 0))
    assert [tuple(point) for point in simplify(stroke, 2.0)] == kept


@given(LINES)
def test_a_simplified_stroke_is_part_of_the_stroke_and_never_far_from_it(
    stroke: np.ndarray,
) -> None:
    simple = simplify(stroke)
    assert (simple[[0, -1]] == stroke[[0, -1]]).all()
    assert {tuple(point) for point in simple} <= {tuple(point) for point in stroke}


def test_a_simplified_curve_stays_within_epsilon() -> None:
    angle = np.linspace(0, np.pi, 200)
    arc = 127 + 100 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    simple = simplify(arc)
    assert len(simple) < 15
    assert max(distance_to_line(point, simple) for point in arc) <= EPSILON + 1e-9


@given(LINES, st.integers(1, 6))
def test_parts_of_a_stroke_are_equally_long_and_join(stroke: np.ndarray, parts: int) -> None:
    whole = np.hypot(*np.diff(stroke, axis=0).T).sum()
    pieces = split(stroke, parts)
    lengths = [np.hypot(*np.diff(piece, axis=0).T).sum() for piece in pieces]
    assert lengths == pytest.approx([whole / parts] * parts, abs=1e-6)
    for piece, following in pairwise(pieces):
        assert piece[-1] == pytest.approx(following[0])


def test_a_dot_counts_a_little() -> None:
    assert length(line((3, 3), (3, 3))) == DOT
    assert length(line((0, 0), (3, 4), (3, 10))) == 11


def test_a_fitted_drawing_takes_the_grid_and_stands_in_its_middle() -> None:
    (stroke,) = fit([line((2, 4), (12, 4), (12, 9))])
    assert stroke.tolist() == [[0, GRID / 4], [GRID, GRID / 4], [GRID, GRID * 3 / 4]]


def test_drawing_starts_with_a_short_stroke_goes_on_nearby_and_ends_with_dots() -> None:
    dot, far, near = line((0, 0), (0, 0)), line((90, 0), (40, 0)), line((22, 0), (22, 30))
    short = line((0, 0), (20, 0))
    first, second, third, last = in_drawing_order([dot, far, near, short])
    assert first is short
    assert second is near
    assert third.tolist() == far[::-1].tolist()  # its nearer end is drawn first
    assert last is dot


@pytest.mark.parametrize("seed", range(5))
def test_frames_add_up_to_the_drawing_and_the_first_shows_little(seed: int) -> None:
    drawing = draw_by_hand(read_icon(ICON), np.random.default_rng(seed))
    parts = parts_of(drawing)
    frames = frames_of(in_drawing_order(parts), most=6)
    evidence = shares(frames)
    assert sum(len(frame) for frame in frames) == len(parts)
    assert 3 <= len(frames) <= 6
    assert len(frames[0]) == 1
    assert evidence == sorted(set(evidence))
    assert 0 < evidence[0] <= LONGEST_PART + 0.001
    assert evidence[-1] == 1


def test_shares_are_lengths_drawn_so_far() -> None:
    ten, thirty = line((0, 0), (10, 0)), line((0, 0), (0, 30))
    assert shares([[ten], [thirty], [ten, thirty]]) == [0.125, 0.5, 1]


def test_the_same_seed_draws_the_same_pixels_and_another_seed_does_not() -> None:
    first, again, other = (
        np.asarray(picture(draw_by_hand(read_icon(ICON), np.random.default_rng(seed))))
        for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_a_picture_is_black_on_white_with_a_margin() -> None:
    pixels = np.asarray(picture([line((0, 0), (GRID, GRID)), line((0, GRID), (0, GRID))]))
    assert pixels.shape == (SIZE, SIZE, 3)
    assert pixels[SIZE // 2, SIZE // 2].tolist() == [0, 0, 0]
    assert pixels[SIZE - 24, 24].tolist() == [0, 0, 0]  # the dot
    assert (pixels[:20] == 255).all() and (pixels[:, :20] == 255).all()
