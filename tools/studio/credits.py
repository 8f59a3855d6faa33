"""Who made the furniture models that the suite shows, for NOTICE.

    python -m tools.studio.credits PACKS

PACKS is the folder of the unpacked furniture packs; one line a pack and author goes to the output.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.studio.cit_scene import LAMPS, THINGS
from tools.studio.rod_scene import table_objects
from tools.studio.rooms.people import MODELS
from tools.studio.rooms.things import things

LICENCES = {
    "BlendSwap-CC-0": "CC0-1.0",
    "BlendSwap-CC-BY": "CC-BY-3.0",
    "KatorLegaz": "CC-BY-3.0-US",
    "Reallusion": "CC-BY-3.0-US",
    "Scopia": "CC-BY-3.0",
}


@dataclass(frozen=True, slots=True, order=True)
class Credit:
    """A model, its author and its licence."""

    pack: str
    creator: str
    name: str

    @property
    def licence(self) -> str:
        """SPDX identifier."""
        return LICENCES[self.pack]


def used_models() -> set[tuple[str, str]]:
    """Pack and folder of every model that may be in a picture."""
    table = {*(o.model for o in table_objects()), *THINGS, *LAMPS.values()}
    pairs = {(model.split("/")[0], model.split("/")[1]) for model in table}
    pairs |= {(thing.pack, Path(thing.model).parent.name) for thing in things().values()}
    return pairs | {("Reallusion", person) for person in MODELS}


def catalogue(text: str) -> dict[str, tuple[str, str]]:
    """Name and creator by model folder, from a `PluginFurnitureCatalog.properties`."""
    entries: dict[str, dict[str, str]] = defaultdict(dict)
    for key, number, value in re.findall(r"^(\w+)#(\d+)\s*=\s*(.*?)\s*$", text, re.MULTILINE):
        entries[number][key] = value
    return {
        Path(entry["model"]).parent.name: (entry["name"], entry.get("creator", "unknown"))
        for entry in entries.values()
    }


def credits_of(packs: Path, models: Iterable[tuple[str, str]]) -> list[Credit]:
    """A credit for every model, sorted by pack and author."""
    books = {
        pack: catalogue((packs / pack / "PluginFurnitureCatalog.properties").read_text("latin-1"))
        for pack in LICENCES
    }
    return sorted(
        Credit(pack, books[pack][folder][1], books[pack][folder][0]) for pack, folder in models
    )


def main() -> None:
    """Prints the credits."""
    by_author: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for credit in credits_of(Path(sys.argv[1]), used_models()):
        by_author[credit.pack, credit.licence, credit.creator].append(credit.name)
    for (pack, licence, creator), names in by_author.items():
        print(f"{pack} ({licence}), {creator}: {', '.join(names)}")


if __name__ == "__main__":
    main()
