"""Training pictures put together from single things, in the looks of the scenarios.

Every look returns an RGB picture and the share of the evidence that it shows. Pictures are squeezed
into the square that the model sees.
"""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from tools.mini.architecture import IMAGE_SIZE
from tools.mini.pictures import Thing
from tools.studio.corruptions import corrupt
from tools.studio.in_c import KINDS
from tools.studio.mvp_n_art import back, front
from tools.studio.mvp_n_scene import Package
from tools.studio.strokes import (
    draw_by_hand,
    frames_of,
    in_drawing_order,
    parts_of,
    picture,
    shares,
)

Random = np.random.Generator
Colour = tuple[int, int, int]
Look = tuple[Image.Image, float]

CANVAS = (213, 160)  # 4 to 3, as most pictures of the suite
BLOCKS: dict[str, Colour] = {
    "red": (188, 69, 62),
    "blue": (63, 124, 180),
    "green": (79, 148, 97),
    "yellow": (203, 174, 66),
    "orange": (210, 123, 39),
    "purple": (128, 75, 159),
    "white": (225, 225, 222),
    "black": (48, 48, 52),
}


def squeezed(image: Image.Image) -> Image.Image:
    """A picture as the model sees it."""
    return image.convert("RGB").resize((IMAGE_SIZE, IMAGE_SIZE), Image.Resampling.BICUBIC)


def table(rng: Random, size: tuple[int, int] = CANVAS) -> Image.Image:
    """An empty table before a plain wall, lit from one side."""
    wall = np.clip(rng.uniform(130, 235) + rng.normal(0, 10, 3), 60, 250)
    wood = np.clip(
        rng.uniform(90, 220) * np.array([1, rng.uniform(0.72, 1), rng.uniform(0.5, 1)]), 0, 255
    )
    width, height = size
    edge = int(height * rng.uniform(0.4, 0.62))
    rows = np.where(np.arange(height)[:, None, None] < edge, wall, wood)
    light = 1 + rng.uniform(-0.25, 0.25) * np.linspace(-1, 1, width)[None, :, None]
    fall = 1 - rng.uniform(0, 0.25) * np.abs(np.linspace(-0.6, 1, height))[:, None, None]
    grain = rng.normal(0, 2.5, (height, width, 1))
    return Image.fromarray(np.clip(rows * light * fall + grain, 0, 255).astype(np.uint8))


def somewhere(rng: Random, rooms: Sequence[Image.Image]) -> Image.Image:
    """A table, or a blurred piece of a room of the train split."""
    if rng.random() < 0.5:
        return table(rng)
    room = rooms[int(rng.integers(len(rooms)))]
    share = rng.uniform(0.2, 0.7)
    width, height = int(room.width * share), int(room.height * share)
    left, top = (int(rng.integers(room.width - width)), int(rng.integers(room.height - height)))
    part = room.crop((left, top, left + width, top + height)).resize(CANVAS)
    return part.filter(ImageFilter.GaussianBlur(rng.uniform(0, 2.5)))


def cut_out(thing: Thing, rng: Random, longest: float, flip: bool = True) -> Image.Image:
    """A thing, turned, lit and sized anew; RGBA."""
    assert thing.pixels is not None
    image = Image.fromarray(thing.pixels).convert("RGBA")
    if flip and rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if rng.random() < 0.4:
        image = image.rotate(rng.uniform(-12, 12), Image.Resampling.BILINEAR, expand=True)
    scale = longest / max(image.size)
    wider, higher = rng.uniform(0.85, 1.15, 2)
    size = (max(3, int(image.width * scale * wider)), max(3, int(image.height * scale * higher)))
    image = image.resize(size, Image.Resampling.BILINEAR)
    alpha, colours = image.getchannel("A"), image.convert("RGB")
    for enhance, low, high in (
        (ImageEnhance.Brightness, 0.6, 1.2),
        (ImageEnhance.Color, 0.3, 1.2),
        (ImageEnhance.Contrast, 0.7, 1.2),
    ):
        if rng.random() < 0.6:
            colours = enhance(colours).enhance(rng.uniform(low, high))
    shade = np.linspace(*rng.uniform(0.65, 1.1, 2), size[0])[None, :, None]
    lit = Image.fromarray(np.clip(np.asarray(colours) * shade, 0, 255).astype(np.uint8))
    lit.putalpha(alpha)
    return lit


def stand(image: Image.Image, piece: Image.Image, x: float, bottom: float) -> None:
    """Pastes a thing so that it stands at (x, bottom), with a soft shadow."""
    left, top = int(x - piece.width / 2), int(bottom - piece.height)
    shadow = Image.new("L", image.size)
    ImageDraw.Draw(shadow).ellipse(
        (left, bottom - piece.width * 0.08, left + piece.width, bottom + piece.width * 0.08),
        fill=90,
    )
    image.paste((20, 18, 16), (0, 0), shadow.filter(ImageFilter.GaussianBlur(3)))
    image.paste(piece, (left, top), piece)


def behind_block(thing: Thing, rng: Random, colour: str, shown: float) -> Look:
    """ROD: a thing on a table of which a block hides all but the share `shown`."""
    image = table(rng) if rng.random() < 0.85 else Image.new("RGB", CANVAS, (200, 196, 190))
    piece = cut_out(thing, rng, rng.uniform(55, 95))
    x, bottom = CANVAS[0] / 2 + rng.normal(0, 4), CANVAS[1] * rng.uniform(0.72, 0.82)
    stand(image, piece, x, bottom)
    width, height = piece.width * rng.uniform(1.0, 1.15), piece.height * rng.uniform(1.02, 1.15)
    away = (width / 2 - piece.width / 2 + piece.width * shown) * rng.choice([-1, 1])
    if shown >= 1:
        away *= rng.uniform(1, 2.2)
    base = np.array(BLOCKS[colour]) * rng.uniform(0.8, 1.1)
    left, low = x + away - width / 2, bottom + rng.uniform(3, 9)
    draw = ImageDraw.Draw(image)
    side = width * rng.uniform(0.03, 0.12) * (1 if rng.random() < 0.5 else -1)
    draw.rectangle((left, low - height, left + width, low), fill=_levels(base))
    edge = left if side < 0 else left + width
    draw.polygon(
        [
            (edge, low),
            (edge + side, low - 4),
            (edge + side, low - height - 4),
            (edge, low - height),
        ],
        fill=_levels(base * 0.75),
    )
    return image, float(np.clip(shown, 0, 1))


def in_view(thing: Thing, rng: Random, rooms: Sequence[Image.Image], shown: float) -> Look:
    """COCO: a crop beside or across a thing."""
    image = somewhere(rng, rooms)
    piece = cut_out(thing, rng, rng.uniform(70, 150))
    x, y = rng.uniform(0.35, 0.65, 2) * CANVAS
    hidden = 1 - shown
    match int(rng.integers(4)):
        case 0:
            x = piece.width * (0.5 - hidden)
        case 1:
            x = CANVAS[0] - piece.width * (0.5 - hidden)
        case 2:
            y = piece.height * (0.5 - hidden)
        case _:
            y = CANVAS[1] - piece.height * (0.5 - hidden)
    if rng.random() < 0.5:
        stand(image, piece, x, y + piece.height / 2)
    else:
        image.paste(piece, (int(x - piece.width / 2), int(y - piece.height / 2)), piece)
    return image, shown


def among_others(
    things: Sequence[Thing], rng: Random, rooms: Sequence[Image.Image], shown: float
) -> Look:
    """VSOD: things side by side, the first of which is shown by `shown`; a blurred passer-by."""
    image = somewhere(rng, rooms)
    places = rng.permutation(len(things))
    width = CANVAS[0] / len(things)
    spot = 0.0
    for thing, place in zip(things, places, strict=True):
        piece = cut_out(thing, rng, rng.uniform(0.75, 1.2) * min(width, 75))
        x = width * (place + 0.5) + rng.normal(0, 4)
        stand(image, piece, x, CANVAS[1] * rng.uniform(0.6, 0.92))
        spot = x if thing is things[0] else spot
    if shown < 1 or rng.random() < 0.4:
        broad = rng.uniform(50, 120)
        away = 0.0 if shown <= 0 else (broad / 2 + 40 * shown) * rng.choice([-1, 1])
        _pass_by(image, rng, spot + away, broad)
    return image, shown


def _pass_by(image: Image.Image, rng: Random, x: float, broad: float) -> None:
    veil = Image.new("L", image.size)
    draw = ImageDraw.Draw(veil)
    draw.rounded_rectangle((x - broad / 2, rng.uniform(-40, 50), x + broad / 2, 200), 30, fill=255)
    if rng.random() < 0.6:
        head = broad * 0.28
        draw.ellipse((x - head, -head, x + head, head * 1.8), fill=255)
    cloth = Image.new("RGB", image.size, _levels(rng.uniform(20, 190) + rng.normal(0, 25, 3)))
    image.paste(cloth, (0, 0), veil.filter(ImageFilter.GaussianBlur(rng.uniform(2, 6))))


def packaged(thing: Thing, product: str, rng: Random, seen: bool) -> Look:
    """MVP-N: a package with the thing on its front, or another side of it."""
    ground = _levels(rng.uniform(20, 210, 3))
    package = Package(
        "",
        "train",
        "",
        "",
        "",
        _word(rng),
        product,
        thing.name,
        "",
        ground,
        _levels(rng.uniform(225, 255, 3)),
        0,
        0,
        0,
        (),
    )
    size = (int(rng.integers(120, 170)), 180)
    if seen:
        assert thing.pixels is not None
        file = io.BytesIO()
        art = Image.fromarray(thing.pixels).convert("RGBA")
        square = Image.new("RGBA", (max(art.size),) * 2)
        square.paste(art, ((square.width - art.width) // 2, (square.width - art.height) // 2))
        square.save(file, "PNG")
        side = front(package, file, size)  # type: ignore[arg-type]
    elif rng.random() < 0.6:
        side = back(package, size)
    else:
        side = Image.new("RGB", size, ground)
    angle = float(rng.choice([-40, 0, 40])) + rng.normal(0, 5)
    high = int(rng.uniform(85, 115))
    wide = max(6, int(high * size[0] / size[1] * np.cos(np.radians(angle))))
    body = side.resize((wide, high), Image.Resampling.BILINEAR)
    if rng.random() < 0.55:
        bow = np.cos(np.linspace(-1.2, 1.2, wide))[None, :, None] ** 0.5
        body = Image.fromarray((np.asarray(body) * bow).astype(np.uint8))
    else:
        flank = Image.new(
            "RGB",
            (max(2, int(abs(np.sin(np.radians(angle))) * high * 0.28)), high),
            _levels(np.array(ground) * rng.uniform(0.55, 0.9)),
        )
        whole = Image.new("RGB", (wide + flank.width, high))
        whole.paste(body, (flank.width if angle > 0 else 0, 0))
        whole.paste(flank, (0 if angle > 0 else wide, 0))
        body = whole
    lit = ImageEnhance.Brightness(body).enhance(rng.uniform(0.7, 1.1)).convert("RGBA")
    image = table(rng, (160, 160))
    stand(image, lit, 80 + rng.normal(0, 4), 160 * rng.uniform(0.8, 0.9))
    return image, float(seen)


def corrupted(
    thing: Thing, rng: Random, rooms: Sequence[Image.Image], severity: int, kind: str
) -> Look:
    """IN-C: a photograph, or a thing somewhere, under a corruption (severity 0: clean)."""
    assert thing.pixels is not None
    if thing.kind == "photo":
        whole = Image.fromarray(thing.pixels)
        share = rng.uniform(0.75, 1)
        width, height = int(whole.width * share), int(whole.height * share)
        left, top = (
            int(rng.integers(whole.width - width + 1)),
            int(rng.integers(whole.height - height + 1)),
        )
        image = whole.crop((left, top, left + width, top + height))
        if rng.random() < 0.5:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    else:
        image = somewhere(rng, rooms)
        piece = cut_out(thing, rng, rng.uniform(90, 150))
        image.paste(piece, ((CANVAS[0] - piece.width) // 2, (CANVAS[1] - piece.height) // 2), piece)
    if severity:
        copy = image.copy()
        copy.thumbnail((KINDS[kind].copy,) * 2, Image.Resampling.LANCZOS)
        worse = corrupt(np.asarray(copy.convert("RGB")), kind, severity, rng)
        image = Image.fromarray(worse).resize((IMAGE_SIZE, IMAGE_SIZE), Image.Resampling.BICUBIC)
    return image, 1 - severity / 5


def drawn(thing: Thing, rng: Random, done: float) -> Look:
    """QD: a drawing of which at least the share `done` is drawn."""
    strokes = draw_by_hand(list(thing.strokes), rng)
    if rng.random() < 0.5:
        strokes = [np.stack([255 - s[:, 0], s[:, 1]], axis=1) for s in strokes]
    frames = frames_of(in_drawing_order(parts_of(strokes)), 10)
    drawn_shares = shares(frames)
    last = next(i for i, share in enumerate(drawn_shares) if share >= min(done, 1.0))
    return picture([part for frame in frames[: last + 1] for part in frame]), drawn_shares[last]


def on_card(thing: Thing, rng: Random, seen: bool) -> Look:
    """CIT: a card on a table that shows the thing, or its back."""
    image = table(rng)
    card = Image.new("RGBA", (70, 92), (244, 243, 240, 255))
    if seen:
        piece = cut_out(thing, rng, 56)
        card.alpha_composite(
            piece.crop((0, 0, min(70, piece.width), min(92, piece.height))),
            (max(0, (70 - piece.width) // 2), max(0, (92 - piece.height) // 2)),
        )
    else:
        card.paste((*_levels(rng.uniform(30, 200, 3)), 255), (4, 4, 66, 88))
    stand(image, card, CANVAS[0] / 2 + rng.normal(0, 3), 130)
    return image, float(seen)


def _levels(values: Sequence[float] | np.ndarray) -> Colour:
    red, green, blue = (int(np.clip(value, 0, 255)) for value in values)
    return red, green, blue


def _word(rng: Random) -> str:
    return "".join(rng.choice(list("ABCDEFGHILMNOPRSTUVZ"), int(rng.integers(4, 8))))
