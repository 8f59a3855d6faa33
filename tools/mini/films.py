"""CIT: changes of state drawn with simple shapes, every outcome of every scene equally often."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tools.mini.looks import CANVAS, Colour, Look, Random, cut_out, stand, table
from tools.mini.pictures import Thing

DRINKS: dict[str, Colour] = {
    "milk": (238, 234, 224),
    "orange": (235, 140, 30),
    "cola": (50, 25, 15),
    "tomato": (190, 45, 35),
}
BRIGHT: tuple[Colour, ...] = (
    (190, 45, 40),
    (50, 110, 190),
    (60, 150, 80),
    (215, 180, 50),
    (210, 120, 40),
    (130, 70, 165),
)
HAPPENS = {  # outcomes that a scene can be drawn with
    "candle": ("lit", "fallen", "covered", "taken"),
    "glass": ("milk", "orange", "cola", "tomato"),
    "tower": ("falls", "added", "taken", "pulled"),
    "balloon": ("blown", "flies", "shrinks", "bursts"),
    "lamp": ("on", "fallen", "taken", "turned"),
    "ball": ("left", "right", "up", "covered"),
    "ice": ("melts", "slides", "breaks", "lifted"),
    "cake": ("slice", "cherry", "cover", "lifted"),
    "cups": ("left", "middle", "right", "none"),
}

Draw = ImageDraw.ImageDraw


@dataclass(frozen=True, slots=True)
class Moment:
    """What to draw.

    Attributes:
        image: The table on which to draw.
        draw: Draws on it.
        spot: x and ground in pixels, and size, of the thing that changes.
        outcome: What happens, "" before it does.
        progress: How far it has got, up to 1.
        paint: Colour of what may have any.
        rng: For what is left open.
    """

    image: Image.Image
    draw: Draw
    spot: tuple[float, float, float]
    outcome: str
    progress: float
    paint: Colour
    rng: Random


def film(scene: str, outcome: str, progress: float, rng: Random) -> Look:
    """A moment of a film: before the event (`progress` 0) or after it, up to its end (1)."""
    after = progress > 0
    dim = scene == "candle" or (scene == "lamp" and rng.random() < 0.5)
    image = table(rng)
    if dim:
        darker = rng.uniform(0.45, 0.8)
        image = image.point(lambda level: int(level * darker))
    canvas = ImageDraw.Draw(image)
    x, ground = CANVAS[0] / 2 + rng.normal(0, 4), CANVAS[1] * rng.uniform(0.72, 0.82)
    size = rng.uniform(0.85, 1.3)
    paint = BRIGHT[int(rng.integers(len(BRIGHT)))]
    spot = (x, ground, size)
    DRAWN[scene](Moment(image, canvas, spot, outcome if after else "", progress, paint, rng))
    return image, float(after)


def _box(draw: Draw, x: float, bottom: float, width: float, height: float, fill: Colour) -> None:
    draw.rectangle((x - width / 2, bottom - height, x + width / 2, bottom), fill=fill)
    shade = tuple(int(level * 0.75) for level in fill)
    draw.rectangle((x + width * 0.3, bottom - height, x + width / 2, bottom), fill=shade)


def _round(draw: Draw, x: float, y: float, radius: float, fill: Colour) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def _glow(image: Image.Image, x: float, y: float, reach: float) -> None:
    veil = Image.new("L", image.size)
    ImageDraw.Draw(veil).ellipse((x - reach, y - reach, x + reach, y + reach), fill=150)
    image.paste((255, 220, 150), (0, 0), veil.filter(ImageFilter.GaussianBlur(reach / 2.5)))


def _veil(
    image: Image.Image, box: tuple[float, float, float, float], fill: Colour, share: int
) -> None:
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).rectangle(box, fill=share)
    image.paste(fill, (0, 0), mask)


def _candle(moment: Moment) -> None:
    image, draw, outcome, progress = moment.image, moment.draw, moment.outcome, moment.progress
    x, ground, size = moment.spot
    wax = (228, 215, 190)
    high, wide = 55 * size, 17 * size
    draw.ellipse((x - 26 * size, ground - 5, x + 26 * size, ground + 6), fill=(150, 150, 150))
    lift = 55 * progress if outcome == "taken" else 0
    if outcome == "fallen":
        _box(draw, x + 15 * size, ground, high, wide, wax)
        return
    _box(draw, x, ground - lift, wide, high, wax)
    draw.line((x, ground - high - lift, x, ground - high - 6 - lift), fill=(30, 25, 20), width=2)
    if outcome == "lit":
        top = ground - high - 10
        _glow(image, x, top, 45)
        ImageDraw.Draw(image).ellipse((x - 4, top - 9, x + 4, top + 5), fill=(255, 235, 160))
    if outcome == "covered":
        box = (x - 24 * size, ground - high - 18 - 40 * (1 - progress), x + 24 * size, ground)
        _veil(image, box, (215, 225, 230), 110)
        ImageDraw.Draw(image).rectangle(box, outline=(235, 240, 245))


def _glass(moment: Moment) -> None:
    image, draw, outcome, progress = moment.image, moment.draw, moment.outcome, moment.progress
    x, ground, size = moment.spot
    wide, high = 34 * size, 52 * size
    if outcome:
        fill = DRINKS[outcome]
        full = high * (0.15 + 0.65 * progress)
        _box(draw, x, ground, wide * 0.9, full, fill)
        if progress < 0.9:
            draw.rectangle((x - 3, 0, x + 3, ground - full), fill=fill)
    _veil(image, (x - wide / 2, ground - high, x + wide / 2, ground), (220, 228, 232), 70)
    outline = [
        (x - wide / 2, ground - high),
        (x - wide / 2, ground),
        (x + wide / 2, ground),
        (x + wide / 2, ground - high),
    ]
    ImageDraw.Draw(image).line(outline, fill=(240, 244, 246), width=1)


def _tower(moment: Moment) -> None:
    draw, outcome, progress = moment.draw, moment.outcome, moment.progress
    x, ground, size = moment.spot
    side = 24 * size
    colours = [BRIGHT[i] for i in moment.rng.permutation(len(BRIGHT))[:4]]
    if outcome == "falls":
        for i, fill in enumerate(colours[:3]):
            cx, angle = (
                x + side * (i * 1.1 - 0.6) + moment.rng.normal(0, 4),
                moment.rng.uniform(0, 1.5),
            )
            turn = np.array([0.8, 2.35, 3.93, 5.5]) + angle
            lift = side * 0.5 * (1 + moment.rng.uniform(0, 0.5) * (1 - progress) * i)
            corners = [
                (cx + side * 0.68 * np.cos(a), ground - lift + side * 0.68 * np.sin(a))
                for a in turn
            ]
            draw.polygon(corners, fill=fill)
        return
    offsets = {"pulled": (side * 1.5 * progress, 0.0)}
    for i, fill in enumerate(colours[:3]):
        shift = offsets["pulled"][0] if outcome == "pulled" and i == 0 else 0
        drop = side if outcome == "pulled" and i > 0 and progress > 0.5 else 0
        lift = 40 * progress if outcome == "taken" and i == 2 else 0
        _box(draw, x + shift, ground - side * i - lift + drop, side, side, fill)
    if outcome == "added":
        _box(draw, x, ground - side * 3 - 20 * (1 - progress), side, side, colours[3])


def _balloon(moment: Moment) -> None:
    draw, outcome, progress = moment.draw, moment.outcome, moment.progress
    x, ground, size = moment.spot
    radius, y = 26 * size, ground - 30 * size
    if outcome == "blown":
        radius *= 1 + 0.7 * progress
        y = ground - radius
    elif outcome == "flies":
        y -= 70 * progress
    elif outcome == "shrinks":
        radius *= 1 - 0.65 * progress
        y = ground - radius
    elif outcome == "bursts":
        for _ in range(6):
            dx, dy = moment.rng.normal(0, 24, 2)
            draw.polygon(
                [
                    (x + dx, ground - abs(dy)),
                    (x + dx + 9, ground - abs(dy) - 5),
                    (x + dx + 5, ground - abs(dy) + 6),
                ],
                fill=moment.paint,
            )
        return
    draw.ellipse((x - radius * 0.9, y - radius, x + radius * 0.9, y + radius), fill=moment.paint)
    _round(draw, x - radius * 0.35, y - radius * 0.4, radius * 0.18, (240, 235, 235))


def _lamp(moment: Moment) -> None:
    image, draw, outcome, progress = moment.image, moment.draw, moment.outcome, moment.progress
    x, ground, size = moment.spot
    foot, shade = (
        (190, 180, 165),
        tuple(int(level) for level in np.clip(np.array(moment.paint) * 0.3 + 130, 0, 255)),
    )
    if outcome == "fallen":
        _box(draw, x, ground, 60 * size, 6, foot)
        draw.polygon(
            [
                (x + 25 * size, ground),
                (x + 55 * size, ground + 4),
                (x + 55 * size, ground - 40 * size),
                (x + 25 * size, ground - 26 * size),
            ],
            fill=shade,
        )
        return
    lift = 45 * progress if outcome == "taken" else 0
    x += 60 * progress * moment.rng.choice([-1, 1]) if outcome == "turned" else 0
    bottom = ground - lift
    draw.ellipse((x - 18 * size, bottom - 4, x + 18 * size, bottom + 4), fill=foot)
    draw.rectangle((x - 3, bottom - 45 * size, x + 3, bottom), fill=foot)
    if outcome == "on":
        _glow(image, x, bottom - 55 * size, 60)
        draw = ImageDraw.Draw(image)
        shade = (255, 240, 200)
    draw.polygon(
        [
            (x - 28 * size, bottom - 40 * size),
            (x + 28 * size, bottom - 40 * size),
            (x + 14 * size, bottom - 75 * size),
            (x - 14 * size, bottom - 75 * size),
        ],
        fill=shade,
    )


def _ball(moment: Moment) -> None:
    draw, outcome, progress = moment.draw, moment.outcome, moment.progress
    x, ground, size = moment.spot
    radius = 17 * size
    dx = {"left": -70.0, "right": 70.0}.get(outcome, 0.0) * progress
    dy = 60 * progress if outcome == "up" else 0
    _round(draw, x + dx, ground - radius - dy, radius, moment.paint)
    if outcome == "covered":
        _box(draw, x, ground + 3 - 50 * (1 - progress), radius * 3, radius * 2.6, (170, 125, 80))


def _ice(moment: Moment) -> None:
    draw, outcome, progress = moment.draw, moment.outcome, moment.progress
    x, ground, size = moment.spot
    side, ice = 36 * size, (190, 215, 228)
    if outcome == "melts":
        pool = side * (0.6 + 0.5 * progress)
        draw.ellipse((x - pool, ground - 5, x + pool, ground + 7), fill=(170, 195, 210))
        side *= 1 - 0.6 * progress
    if outcome == "breaks":
        gap = 4 + 18 * progress
        for sign in (-1, 1):
            _box(draw, x + sign * (side / 4 + gap / 2), ground, side / 2, side, ice)
        return
    shift = 60 * progress if outcome == "slides" else 0
    lift = 50 * progress if outcome == "lifted" else 0
    _box(draw, x + shift, ground - lift, side, side, ice)


def _cake(moment: Moment) -> None:
    image, draw, outcome, progress = moment.image, moment.draw, moment.outcome, moment.progress
    x, ground, size = moment.spot
    wide, high = 44 * size, 26 * size
    draw.ellipse((x - wide * 1.25, ground - 9, x + wide * 1.25, ground + 9), fill=(235, 235, 235))
    bottom = ground - (45 * progress if outcome == "lifted" else 0)
    sponge = (214, 170, 115)
    draw.ellipse((x - wide, bottom - 14, x + wide, bottom + 8), fill=sponge)
    draw.rectangle((x - wide, bottom - high, x + wide, bottom - 3), fill=sponge)
    draw.ellipse((x - wide, bottom - high - 11, x + wide, bottom - high + 11), fill=moment.paint)
    if outcome == "slice":
        cut = [
            (x, bottom - high),
            (x + wide * 0.25, bottom - high + 12),
            (x + wide * 0.95, bottom - high + 4),
        ]
        draw.polygon(
            [*cut, (x + wide * 0.95, bottom), (x + wide * 0.25, bottom + 8)], fill=(178, 132, 85)
        )
        far = x + wide * (0.6 + 0.9 * progress)
        draw.polygon(
            [
                (far, ground + 10),
                (far + 26, ground + 6),
                (far + 26, ground - 10),
                (far, ground - 8),
            ],
            fill=sponge,
        )
        draw.polygon(
            [(far, ground - 8), (far + 26, ground - 10), (far + 14, ground - 18)], fill=moment.paint
        )
    if outcome == "cherry":
        _round(draw, x, bottom - high - 9 - 25 * (1 - progress), 7 * size, (190, 25, 35))
    if outcome == "cover":
        top = bottom - high - 40 - 30 * (1 - progress)
        mask = Image.new("L", image.size)
        ImageDraw.Draw(mask).pieslice(
            (x - wide * 1.15, top, x + wide * 1.15, 2 * ground - top), 180, 360, fill=150
        )
        image.paste((205, 210, 214), (0, 0), mask)


def _cups(moment: Moment) -> None:
    draw, outcome, progress = moment.draw, moment.outcome, moment.progress
    x, ground, size = moment.spot
    gap, wide, high = 48 * size, 17 * size, 34 * size
    lift = (15 + 40 * progress) if outcome else 0
    if outcome in ("left", "middle", "right"):
        place = {"left": -gap, "middle": 0.0, "right": gap}[outcome]
        _round(draw, x + place, ground - 7 * size, 8 * size, (220, 190, 50))
    for place in (-gap, 0, gap):
        bottom = ground - lift
        draw.polygon(
            [
                (x + place - wide, bottom),
                (x + place + wide, bottom),
                (x + place + wide * 0.7, bottom - high),
                (x + place - wide * 0.7, bottom - high),
            ],
            fill=moment.paint,
        )


DRAWN = {
    "candle": _candle,
    "glass": _glass,
    "tower": _tower,
    "balloon": _balloon,
    "lamp": _lamp,
    "ball": _ball,
    "ice": _ice,
    "cake": _cake,
    "cups": _cups,
}


def appears(thing: Thing, scene: str, progress: float, rng: Random) -> Look:
    """A thing comes out: from under a box, out of a pot, onto a table, or out of the dark."""
    image = table(rng)
    x, ground = CANVAS[0] / 2 + rng.normal(0, 4), CANVAS[1] * rng.uniform(0.74, 0.84)
    piece = cut_out(thing, rng, rng.uniform(55, 85))
    if scene == "box":
        if progress > 0:
            stand(image, piece, x, ground)
        low = ground + 4 - (piece.height + 15) * progress
        _box(
            ImageDraw.Draw(image),
            x,
            low,
            piece.width * 1.2 + 8,
            piece.height * 1.15 + 6,
            (170, 125, 80),
        )
    elif scene == "pot":
        if progress > 0:
            stand(image, piece, x, ground - 20)
        _box(ImageDraw.Draw(image), x, ground, 40, 28, (176, 92, 60))
    elif scene == "drive":
        if progress > 0:
            stand(image, piece, x + (1 - progress) * 60 * rng.choice([-1, 1]), ground)
    else:
        stand(image, piece, x, ground)
        if progress <= 0:
            image = image.point(lambda level: int(level * 0.03))
        else:
            image = image.point(lambda level: int(level * (0.4 + 0.5 * progress)))
    return image, float(progress > 0)
