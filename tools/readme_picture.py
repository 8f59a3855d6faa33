"""Draws the README's picture: episodes of the oracle, turn by turn, from the embedded suite.

python -m tools.readme_picture docs/episode.png ROD-10030 MVP-N-20002 IN-C-30004
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from askfirst.protocol.play import Reply, Request, play
from askfirst.protocol.protocol import ASKFIRST_V1
from askfirst.scenarios.registry import scenario
from askfirst.suites.pixels import open_picture
from askfirst.suites.suite import Suite, load_suite

CELL, GAP, CAPTION = 220, 14, 62
INK, ASK, ANSWER = "#1f2328", "#b4472c", "#1f7a6d"
MOST_TURNS = 5


def turns(suite: Suite, name: str) -> tuple[str, list[tuple[Image.Image, str, str]]]:
    """The question of a sample, and picture, wording and colour of every turn."""
    key, _, number = name.rpartition("-")
    sample = next(sample for sample in suite.samples[key] if sample.id == int(number))
    playing = play(scenario(key), sample, ASKFIRST_V1)
    request: Request = next(playing)
    seen = []
    try:
        while True:
            option = request.observation.options[request.advice]
            colour = ASK if option.kind == "action" else ANSWER
            picture = open_picture(suite, request.observation.picture)
            seen.append((picture, f"“{option.text}”", colour))
            request = playing.send(Reply(option.text))
    except StopIteration:
        return sample.prompt, seen


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """The text with line breaks, no line wider than `width` pixels."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        lines[-1:] = [longer] if font.getlength(longer) <= width else [lines[-1], word]
    return "\n".join(lines)


def draw(rows: list[tuple[str, list[tuple[Image.Image, str, str]]]]) -> Image.Image:
    """A row an episode: the question above, a picture and what is said in each turn."""
    font, bold = ImageFont.load_default(15), ImageFont.load_default(17)
    height = GAP + 30 + CELL * 3 // 4 + CAPTION
    sheet = Image.new("RGB", (MOST_TURNS * (CELL + GAP) + GAP, height * len(rows)), "white")
    pen = ImageDraw.Draw(sheet)
    for number, (question, seen) in enumerate(rows):
        top = number * height + GAP
        pen.text((GAP, top), question, INK, bold)
        for place, (picture, said, colour) in enumerate(seen[:MOST_TURNS]):
            left = GAP + place * (CELL + GAP)
            frame = Image.new("RGB", (CELL, CELL * 3 // 4), "#eceff1")
            picture.thumbnail(frame.size, Image.Resampling.LANCZOS)
            frame.paste(
                picture,
                ((frame.width - picture.width) // 2, (frame.height - picture.height) // 2),
            )
            sheet.paste(frame, (left, top + 30))
            text = wrapped(said, font, CELL)
            pen.text((left, top + 36 + frame.height), text, colour, font)
    return sheet


def main(out: str, *names: str) -> None:
    suite = load_suite("studio")
    draw([turns(suite, name) for name in names]).save(Path(out), optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
