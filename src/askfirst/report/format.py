"""The formats of a report."""

from enum import StrEnum


class Format(StrEnum):
    """What a report can be written as."""

    HTML = "html"
    MARKDOWN = "md"
    CSV = "csv"
    JSON = "json"
    LATEX = "latex"

    @property
    def suffix(self) -> str:
        """End of the name of such a file."""
        return ".tex" if self is Format.LATEX else f".{self.value}"
