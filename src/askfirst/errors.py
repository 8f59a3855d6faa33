"""Errors that AskFirst raises on purpose; each message says what is wrong and what to do."""


class AskFirstError(Exception):
    """Base of every error that a user can cause and mend."""


class SampleError(AskFirstError):
    """A sample record that the scenario cannot play."""


class UnknownName(AskFirstError):
    """A scenario, protocol, suite or parser name that nobody registered."""


class UnknownChoice(AskFirstError):
    """An option index outside the options that the current observation offers."""


class EpisodeOver(AskFirstError):
    """A step after the end of an episode, or before its start."""


class SuiteError(AskFirstError):
    """A suite folder that cannot be trusted: missing, broken or escaping files."""


class RunError(AskFirstError):
    """A run that cannot start or go on: bad selection, foreign output folder, unknown model."""


LONGEST_REASON = 500
"""Characters of another program's error that a message of ours repeats."""


def reason_of(error: BaseException) -> str:
    """What another program's error says, in one line of bearable length."""
    return " ".join(str(error).split())[:LONGEST_REASON] or type(error).__name__
