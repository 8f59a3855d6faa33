"""What things are called: our names, and the names that icon collections have for the same things.

Names are words, not pictures: those of both splits of the suite are among them, so that the
tokenizer knows them and so that pictures of other makers can teach them.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from askfirst.suites import load_suite

SUITES = ("studio", "studio-train")
TABLE = Path(__file__).with_name("names.json")
STYLES = (
    r"-(outline|linear|bold|duotone|line|fill|flat|remix|duo|solid|broken|color|stroke|rounded)$"
)
ARTICLES = re.compile(r"^(a pair of|a bunch of|an|a) ")
NO_THINGS = re.compile(
    r"-(skin|tone|light|dark|medium)\b|\b(button|clock|oclock|thirty|face|person|persons|man|men|"
    r"woman|women|people|boy|girl|family|couple|kiss|flag|keycap|zodiac|symbol|sign|arrow|heart|"
    r"hearts|circle|square|diamond|hand|hands|finger|fingers|mark|input|index|fist|globe|moon-|"
    r"facing|suit|oncoming|medal|banknote|speaker|page|with-smiling|cat-with|monkey$|arrow|voltage|"
    r"selector|keyboard-|japanese|no-|minus|plus|divide|multiply|infinity|curly|wavy|trade|copyright|"
    r"registered|prohibited|warning|radioactive|biohazard|identification|mens|womens|restroom|"
    r"aries|taurus|gemini|cancer|leo|virgo|libra|scorpius|scorpio|sagittarius|capricorn|aquarius|"
    r"pisces|ophiuchus|om|menorah|khanda|wheel-of|star-and|star-of|peace|atom|yin|hamsa|bust|busts|"
    r"anger|zzz|dizzy|sparkle|collision|dashing|droplets|hole|bubble|balloon-|level|signal|antenna|"
    r"vibration|cinema|customs|passport|baggage|luggage-|worker|farmer|cook|judge|scientist|singer|"
    r"artist|pilot|astronaut|firefighter|detective|guard|ninja|prince|princess|claus|angel|student|"
    r"teacher|mechanic|technologist|police-officer|skier|selfie|handshake|thumbs|victory|horns|"
    r"writing|genie|mage|fairy|vampire|mermaid|elf|zombie|troll)\b"
)
"""Emoji that are no things, or that are people."""


def option_of(name: str) -> str:
    """A name as it stands among the options."""
    return f"{name[0].upper()}{name[1:]}."


@cache
def suite_texts() -> tuple[str, ...]:
    """Every question, option and category of both splits, each once, in order."""
    texts: dict[str, None] = {}
    for suite in map(load_suite, SUITES):
        for samples in suite.samples.values():
            for sample in samples:
                for text in (sample.prompt, *sample.options, *sample.categories):
                    texts[text] = None
    return tuple(texts)


@cache
def aliases() -> Mapping[str, tuple[str, ...]]:
    """Names of ours whose pictures go by other names in icon collections."""
    table: dict[str, list[str]] = json.loads(TABLE.read_text("utf-8"))
    return {name: tuple(others) for name, others in table.items()}


def plain(icon: str) -> str:
    """The name of an icon less its style and number."""
    for _ in range(2):
        icon = re.sub(STYLES, "", icon)
    return re.sub(r"-\d+$", "", icon)


def thing_names(emoji: Iterable[str]) -> tuple[str, ...]:
    """All names of things: of the suites, of our table and of emoji, lower case, sorted."""
    names = {bare(text) for text in suite_texts() if _may_name(text)} | set(aliases())
    names |= {e.replace("-", " ") for e in emoji if not NO_THINGS.search(e) and e.count("-") < 3}
    return tuple(sorted(names))


def bare(option: str) -> str:
    """An option as a name: without full stop and article, lower case."""
    return ARTICLES.sub("", option.rstrip(".").lower())


def sought(name: str) -> tuple[str, ...]:
    """The icon names that show a thing."""
    return aliases().get(name) or (name.replace("'", "").replace(" ", "-"),)


def _may_name(text: str) -> bool:
    words = bare(text).split()
    verbs = {"it", "they", "is", "under", "the", "what", "which", "i", "this", "to", "block"}
    return text.endswith(".") and len(words) <= 3 and not verbs & set(words)
