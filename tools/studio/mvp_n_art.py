"""The printed sides of a package: a telling front; a back and sides that a line shares."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tools.studio.mvp_n_scene import Package

Colour = tuple[int, int, int]
DARK = (40, 36, 32)
NUTRIENTS = ("Energy", "Fat", "Saturates", "Carbohydrate", "Sugars", "Fibre", "Protein", "Salt")


def front(package: Package, emoji: Path, size: tuple[int, int]) -> Image.Image:
    """The front: brand, product, picture and name of what is inside."""
    width, height = size
    picture = Image.new("RGB", size, package.ground)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((-width * 0.4, height * 0.48, width * 1.4, height * 1.7), fill=package.paper)
    _line(draw, package.brand, width / 2, height * 0.1, width * 0.8, height * 0.13, package.paper)
    _line(
        draw, package.product, width / 2, height * 0.215, width * 0.6, height * 0.075, package.paper
    )
    side = round(min(width * 0.78, height * 0.46))
    with Image.open(emoji) as file:
        art = file.convert("RGBA").resize((side, side), Image.Resampling.LANCZOS)
    picture.paste(art, ((width - side) // 2, round(height * 0.53 - side / 2)), art)
    _line(draw, package.kind.upper(), width / 2, height * 0.86, width * 0.9, height * 0.12, DARK)
    return picture


def back(package: Package, size: tuple[int, int]) -> Image.Image:
    """A back with a table of nutrients (or contents) and a bar code."""
    width, height = size
    picture = Image.new("RGB", size, package.ground)
    draw = ImageDraw.Draw(picture)
    _line(draw, package.brand, width / 2, height * 0.08, width * 0.6, height * 0.08, package.paper)
    top, bottom = height * 0.16, height * 0.74
    draw.rounded_rectangle((width * 0.1, top, width * 0.9, bottom), width * 0.03, package.paper)
    step = (bottom - top) / (len(NUTRIENTS) + 1)
    font = ImageFont.load_default(step * 0.6)
    for i, word in enumerate(NUTRIENTS):
        y = top + (i + 0.5) * step
        draw.text((width * 0.15, y), word, DARK, font)
        draw.text((width * 0.85, y), f"{7 * (i + 2) % 23}.{i} g", DARK, font, anchor="ra")
        draw.line((width * 0.15, y + step * 0.95, width * 0.85, y + step * 0.95), DARK)
    _bar_code(draw, (width * 0.3, height * 0.8, width * 0.7, height * 0.93))
    return picture


def side(package: Package, size: tuple[int, int]) -> Image.Image:
    """A narrow side: the brand written upwards."""
    width, height = size
    lying = Image.new("RGB", (height, width), package.ground)
    draw = ImageDraw.Draw(lying)
    _line(
        draw,
        f"{package.brand} {package.product}",
        height / 2,
        width / 2,
        height * 0.8,
        width * 0.45,
        package.paper,
    )
    return lying.transpose(Image.Transpose.ROTATE_90)


def wrap(package: Package, size: tuple[int, int]) -> Image.Image:
    """What a round package shows beside its front: brand, back, brand."""
    width, height = size
    picture = Image.new("RGB", size, package.ground)
    third = width // 3
    for left in (0, width - third):
        picture.paste(side(package, (third, height)), (left, 0))
    picture.paste(back(package, (third, height)), (third, 0))
    return picture


def _line(
    draw: ImageDraw.ImageDraw,
    text: str,
    x: float,
    y: float,
    width: float,
    height: float,
    colour: Colour,
) -> None:
    """Writes one line centred on (x, y), as large as `width` and `height` allow."""
    size = height
    while size > 6 and draw.textlength(text, ImageFont.load_default(size)) > width:
        size *= 0.95
    draw.text(
        (x, y),
        text,
        colour,
        ImageFont.load_default(size),
        anchor="mm",
        stroke_width=1,
        stroke_fill=colour,
    )


def _bar_code(draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    draw.rectangle(box, (250, 250, 250))
    bar = (right - left) / 40
    for i in range(1, 39):
        if (i * i * 7) % 5 < 2 or i % 9 == 0:
            draw.rectangle((left + i * bar, top + bar, left + (i + 0.9) * bar, bottom - bar), DARK)
