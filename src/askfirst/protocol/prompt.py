"""How an observation becomes a prompt (protocol, "Prompt (MCQA)")."""

import hashlib
import json
from dataclasses import asdict, dataclass

from askfirst.scenarios.observation import Observation
from askfirst.scenarios.option import Option


@dataclass(frozen=True, slots=True)
class PromptTemplate:
    """The wording around question and options.

    Attributes:
        lead: Sentence between the question and the options.
        line: One option, with slots `{label}` and `{text}`.
        close: Sentence after the options.
    """

    lead: str = "Choose from the following options. Options:\n"
    line: str = "{label}. {text}\n"
    close: str = "Please only return one of the options without any other words."

    @property
    def sha256(self) -> str:
        """Hex digest that changes whenever a word of the template does."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


PUBLISHED_TEMPLATE = PromptTemplate()
"""The wording of the paper."""


def question_text(observation: Observation, hint: bool) -> str:
    """The question with its context sentence and, if wanted, its hint."""
    parts = (observation.context, observation.question, observation.hint if hint else "")
    return " ".join(part for part in parts if part)


def options_text(
    options: tuple[Option, ...], labels: tuple[str, ...], template: PromptTemplate
) -> str:
    """The options as labelled lines."""
    return "".join(
        template.line.format(label=label, text=option.text)
        for label, option in zip(labels, options, strict=True)
    )


def prompt_text(
    observation: Observation, labels: tuple[str, ...], template: PromptTemplate, hint: bool
) -> str:
    """The whole message that goes with the picture."""
    listed = options_text(observation.options, labels, template)
    return f"{question_text(observation, hint)} {template.lead}{listed}{template.close}"
