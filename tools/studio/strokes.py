"""Strokes: icons as polylines, drawn by an unsteady hand, simplified, and drawn in pieces.

A stroke is an n × 2 array of points (x to the right, y down). A drawing is a list of strokes. The
finished drawings lie on a grid 0…255 and are simplified as those of the Quick, Draw! data set.
"""

import io
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from svgelements import SVG, Path, Shape

Stroke = NDArray[np.float64]

GRID = 255.0  # longer side of a drawing
EPSILON = 2.0  # points nearer than this to the line between their neighbours are left out
LONGEST_PART = 0.2  # share of a drawing's length that is drawn without lifting the pen
SHORTEST_START = 0.05  # share of a drawing's length that the first stroke has at least
LEAST_ADDED = 0.06  # share of a drawing's length that a frame adds at least, the first excepted
DOT = 4.0  # length that counts for a dot, which is drawn with the pen's own width
SAMPLING = 0.35  # distance of the points taken from an icon, of which 24 make its side

SIZE = 256  # pixels
MARGIN = 24
PEN = 4
OVERSAMPLING = 4


def read_icon(svg: str) -> list[Stroke]:
    """The stroked lines of an icon, in its own units; a dot is a stroke of two equal points."""
    strokes = []
    for element in SVG.parse(io.StringIO(svg)).elements():
        if not isinstance(element, Shape) or element.stroke.value is None:
            continue
        for subpath in Path(element).as_subpaths():
            line = Path(subpath)
            count = max(1, int(line.length(error=1e-3) / SAMPLING))
            places = line.npoint(np.linspace(0, 1, count + 1))
            strokes.append(np.array(places, dtype=float).reshape(-1, 2))
    return strokes


def length(stroke: Stroke) -> float:
    """Length of a stroke; a dot counts as `DOT`."""
    return max(float(np.hypot(*np.diff(stroke, axis=0).T).sum()), DOT)


def fit(drawing: Sequence[Stroke]) -> list[Stroke]:
    """A drawing in the middle of the grid, of which its longer side takes the whole."""
    points = np.vstack(drawing)
    low, high = points.min(axis=0), points.max(axis=0)
    scale, middle = GRID / (high - low).max(), (low + high) / 2
    return [(stroke - middle) * scale + GRID / 2 for stroke in drawing]


def simplify(stroke: Stroke, epsilon: float = EPSILON) -> Stroke:
    """The points that keep a line within `epsilon` of a stroke (Ramer, Douglas and Peucker)."""
    if len(stroke) < 3:
        return stroke
    start, end = stroke[0], stroke[-1]
    along, offsets = end - start, stroke - start
    reach = np.hypot(*along)
    if reach > 0:
        away = np.abs(along[0] * offsets[:, 1] - along[1] * offsets[:, 0]) / reach
    else:
        away = np.hypot(*offsets.T)
    farthest = int(away.argmax())
    if away[farthest] <= epsilon:
        return np.vstack([start, end])
    before = simplify(stroke[: farthest + 1], epsilon)
    return np.vstack([before[:-1], simplify(stroke[farthest:], epsilon)])


def draw_by_hand(drawing: Sequence[Stroke], rng: np.random.Generator) -> list[Stroke]:
    """A drawing as an unsteady hand would repeat it, on the grid: tilted, misplaced, trembling."""
    middle = GRID / 2
    tilt, lean = rng.normal(0, 0.05, 2)
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    shear = np.array([[rng.uniform(0.9, 1.1), lean], [0, 1]])
    trembled = []
    for stroke in fit(drawing):
        placed = (stroke - middle) @ (turn @ shear).T + middle + rng.normal(0, 2.5, 2)
        trembled.append(simplify(placed + _tremor(placed, rng)))
    return [np.rint(stroke) for stroke in fit(trembled)]


def _tremor(stroke: Stroke, rng: np.random.Generator) -> Stroke:
    """Slow waves along a stroke, in both directions; their lengths are in grid units."""
    travelled = np.r_[0, np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))]
    waves = np.array([40.0, 90.0, 200.0])
    heights = rng.normal(0, waves / 90, (2, 3))
    phases = rng.uniform(0, 2 * np.pi, (2, 3))
    turns = 2 * np.pi * travelled[:, None, None] / waves + phases
    return (heights * np.sin(turns)).sum(axis=2)


def split(stroke: Stroke, parts: int) -> list[Stroke]:
    """A stroke cut into parts of equal length; neighbours share a point."""
    travelled = np.r_[0, np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))]
    pieces = []
    for start, end in pairwise(np.linspace(0, travelled[-1], parts + 1)):
        inside = stroke[(travelled > start) & (travelled < end)]
        ends = [[np.interp(at, travelled, axis) for axis in stroke.T] for at in (start, end)]
        pieces.append(np.vstack([ends[0], inside, ends[1]]))
    return pieces


def parts_of(drawing: Sequence[Stroke]) -> list[Stroke]:
    """A drawing whose long strokes are cut so that no part tells much by itself."""
    longest = LONGEST_PART * sum(map(length, drawing))
    parts = []
    for stroke in drawing:
        parts += split(stroke, int(np.ceil(length(stroke) / longest)))
    return parts


def in_drawing_order(parts: Sequence[Stroke]) -> list[Stroke]:
    """The parts from a short one on, each time the one that begins nearest to where the pen is.

    A part may be drawn from either end. Dots come last.
    """
    total = sum(map(length, parts))
    dots = [part for part in parts if length(part) <= DOT]
    rest = sorted((part for part in parts if length(part) > DOT), key=length)
    first = next((i for i, p in enumerate(rest) if length(p) >= SHORTEST_START * total), 0)
    order = [rest.pop(first)]
    while rest:
        pen = order[-1][-1]
        gaps = [[np.hypot(*(part[end] - pen)) for end in (0, -1)] for part in rest]
        nearest, end = np.unravel_index(int(np.argmin(gaps)), (len(rest), 2))
        part = rest.pop(int(nearest))
        order.append(part[::-1] if end else part)
    return order + dots


def frames_of(parts: Sequence[Stroke], most: int) -> list[list[Stroke]]:
    """What each frame adds: one part, or several where parts are many or tiny.

    The two neighbours that are shortest together are joined, again and again, until there are no
    more than `most` frames and none adds less than `LEAST_ADDED`; the first part stays by itself.
    """
    frames = [[part] for part in parts]
    least = LEAST_ADDED * sum(map(length, parts))
    while len(frames) > 2:
        lengths = [sum(map(length, frame)) for frame in frames]
        if len(frames) <= most and min(lengths[1:]) >= least:
            break
        joined = [a + b for a, b in pairwise(lengths)]
        at = 1 + int(np.argmin(joined[1:]))
        frames[at : at + 2] = [frames[at] + frames[at + 1]]
    return frames


def shares(frames: Sequence[Sequence[Stroke]]) -> list[float]:
    """Share of the whole length that is drawn once each frame is; the last is 1."""
    added = np.array([sum(map(length, frame)) for frame in frames])
    drawn = np.cumsum(added) / added.sum()
    return [round(float(share), 3) for share in drawn]


def picture(drawing: Sequence[Stroke]) -> Image.Image:
    """Black strokes with round ends on white, `SIZE` × `SIZE` pixels."""
    side = SIZE * OVERSAMPLING
    image = Image.new("L", (side, side), 255)
    canvas = ImageDraw.Draw(image)
    radius = PEN * OVERSAMPLING / 2
    scale = (SIZE - 2 * MARGIN) / GRID
    for stroke in drawing:
        points = [(float(x), float(y)) for x, y in (stroke * scale + MARGIN) * OVERSAMPLING]
        canvas.line(points, fill=0, width=PEN * OVERSAMPLING)
        for x, y in points:
            canvas.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return image.resize((SIZE, SIZE), Image.Resampling.BOX).convert("RGB")
