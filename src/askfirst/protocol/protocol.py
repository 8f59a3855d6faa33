"""Protocols: frozen, named, versioned values that say how a suite is put to a model.

A protocol that has been published is never edited: a change of anything that could move a score
gets a new name, so that results carry their meaning with them.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from askfirst.errors import UnknownName
from askfirst.protocol.labels import codepoint_labels, unique_labels
from askfirst.protocol.prompt import PUBLISHED_TEMPLATE, PromptTemplate
from askfirst.scenarios.observation import Mode


class ParserName(StrEnum):
    """The parsers of replies; both read every reply, one of them moves the episode."""

    OFFICIAL = "official"
    ROBUST = "robust-v1"


class LabelStyle(StrEnum):
    """How options are labelled: by code points from A on, or A … Z, AA, AB …"""

    CODEPOINT = "codepoint"
    UNIQUE = "unique"


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """How observations become messages and replies become choices.

    Attributes:
        name: Unique name with its version, as it stands in every result.
        parser: The parser whose choice moves the episode.
        labels: How options are labelled.
        template: Wording around question and options.
        hint: Whether the scenario's hint follows the question.
        reference: Whether only the reference image and the categories are shown.
        resize: Whether pictures are scaled to a short edge of 224 px.
        history: Whether all earlier turns stay in the conversation.
        twins: Whether the answerable twin of every sample is played too, by default.
        max_tokens: Number of tokens that a reply may have.
        temperature: Sampling temperature; 0 asks for the likeliest reply.
    """

    name: str
    parser: ParserName = ParserName.OFFICIAL
    labels: LabelStyle = LabelStyle.CODEPOINT
    template: PromptTemplate = PUBLISHED_TEMPLATE
    hint: bool = False
    reference: bool = False
    resize: bool = False
    history: bool = False
    twins: bool = False
    max_tokens: int = 50
    temperature: float = 0.0

    @property
    def mode(self) -> Mode:
        """The switches of the environment under this protocol."""
        return Mode(reference=self.reference, resize=self.resize)

    @property
    def sha256(self) -> str:
        """Hex digest over every field, name included."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def labels_for(self, count: int) -> tuple[str, ...]:
        """Labels of `count` options."""
        if self.labels is LabelStyle.CODEPOINT:
            return codepoint_labels(count)
        return unique_labels(count)


OFFICIAL_V1 = Protocol(name="official-v1")
"""The paper's multiple choice."""

ASKFIRST_V1 = Protocol(
    name="askfirst-v1", parser=ParserName.ROBUST, labels=LabelStyle.UNIQUE, twins=True
)
"""Ours: the same prompt, read by the parser that never guesses, every sample beside its twin."""

PROTOCOLS: dict[str, Protocol] = {
    protocol.name: protocol
    for protocol in (
        ASKFIRST_V1,
        OFFICIAL_V1,
        replace(OFFICIAL_V1, name="official-v1-hint", hint=True),
        replace(OFFICIAL_V1, name="official-v1-reference", reference=True),
        replace(OFFICIAL_V1, name="official-v1-history", history=True, resize=True),
    )
}
"""All protocols by name: ours, the paper's, and its experiments."""


def protocol(name: str) -> Protocol:
    """The protocol of a name.

    Raises:
        UnknownName: There is no such protocol.
    """
    if name not in PROTOCOLS:
        raise UnknownName(f"unknown protocol {name!r}: choose from {', '.join(PROTOCOLS)}")
    return PROTOCOLS[name]
