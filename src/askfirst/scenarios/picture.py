"""Pictures as values: a path inside a suite and the view of it that a state shows.

Nothing here opens a file: a suite opens pictures when somebody needs the pixels.
"""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from askfirst.errors import SampleError


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle of the picture.

    Attributes:
        left, top, right, bottom: Edges in pixels of the whole picture, x to the right and y
            downwards. They may be fractions and may leave the picture; whoever cuts rounds to the
            nearest pixel and fills what lies outside with black, as Pillow's crop does.
    """

    left: float
    top: float
    right: float
    bottom: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Edges in Pillow's order (left, top, right, bottom)."""
        return (self.left, self.top, self.right, self.bottom)

    def share_of(self, box: tuple[float, float, float, float]) -> float:
        """Share in [0, 1] of the area of `box` (left, top, right, bottom) that the crop shows."""
        width = min(self.right, box[2]) - max(self.left, box[0])
        height = min(self.bottom, box[3]) - max(self.top, box[1])
        area = (box[2] - box[0]) * (box[3] - box[1])
        return max(0.0, width) * max(0.0, height) / area


@dataclass(frozen=True, slots=True)
class Resize:
    """The picture scaled so that its short edge has a given length.

    Attributes:
        short_edge: Length in pixels of the shorter side after scaling.
    """

    short_edge: int

    def size_for(self, size: tuple[int, int]) -> tuple[int, int]:
        """Width and height in pixels after scaling a picture of `size`.

        The long edge is cut down to a whole number, so a 640×480 picture becomes 298×224 (the
        published resize rule; protocol, "Two modes").
        """
        width, height = size
        if width <= height:
            return self.short_edge, int(self.short_edge * height / width)
        return int(self.short_edge * width / height), self.short_edge


View = Crop | Resize | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a suite, by reference.

    Attributes:
        path: POSIX path relative to the suite's folder.
        view: The part or size of it that is shown; None shows the file as it is.
    """

    path: str
    view: View = None


class _PlainFormatter(string.Formatter):
    """str.format without attribute or item access: templates come from files nobody vouched for."""

    def get_field(
        self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Any, str]:
        return kwargs[field_name], field_name


def fill_template(template: str, **slots: object) -> str:
    """Fill an `image_template`; slots that the template does not name are ignored.

    Raises:
        SampleError: The template names a slot that the scenario does not have, or reaches into
            an object (`{image.x}`, `{image[0]}`), which a record has no business to do.
    """
    try:
        return _PlainFormatter().vformat(template, (), slots)
    except (KeyError, IndexError, ValueError) as error:
        names = ", ".join("{" + name + "}" for name in slots)
        raise SampleError(
            f"image_template {template!r} cannot be filled ({error}); this scenario has {names}"
        ) from error
