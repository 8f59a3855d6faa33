"""What goes between a provider and its workers: plain values, pickled over a pipe."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a conversation.

    Attributes:
        role: "system", "user" or "assistant".
        text: What it says.
        pictures: Pictures that precede the text: references of ours, data URIs or file paths.
    """

    role: str
    text: str
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """How a reply is written; requests that share it may share a batch.

    Attributes:
        max_tokens: Most tokens of a reply.
        temperature: 0 is greedy.
        top_p: Share of probability to draw from, when the temperature is not 0.
        seed: Seed of the draw; None for any.
    """

    max_tokens: int
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One request.

    Attributes:
        number: Names it in this process.
        lines: The conversation.
        writing: How to reply.
        labels: Labels of the options, where the provider was told.
        options: Texts of the options, where the provider was told.
        cuttable: Whether the reply may end as soon as it has named an option by its label.
        continued: Whether a later request will begin with this conversation and its reply.
    """

    number: int
    lines: tuple[Line, ...]
    writing: Writing
    labels: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    cuttable: bool = False
    continued: bool = False

    @property
    def earlier(self) -> tuple[Line, ...]:
        """The conversation as the request before this one showed it: without the last reply."""
        return self.lines[:-2]

    @property
    def pictures(self) -> tuple[str, ...]:
        """All pictures of the conversation, in order."""
        return tuple(picture for line in self.lines for picture in line.pictures)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a job.

    Attributes:
        number: The job's.
        text: The reply.
        finished: Whether the model ended it, rather than the limit of tokens.
        input_tokens, output_tokens: How many were read and written.
        option_logprobs: Summed log-probability of each option in nats, in the mode "logprobs".
        note: What was done to the request or to the reply, such as scaling up a picture.
    """

    number: int
    text: str
    finished: bool
    input_tokens: int
    output_tokens: int
    option_logprobs: tuple[float, ...] | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that broke, and why."""

    number: int
    error: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The first word of a worker that has loaded its model."""

    device: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """The first and last word of a worker that cannot load its model."""

    error: str
