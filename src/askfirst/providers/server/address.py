"""The name of a model on a server: `<model>@<url>`, what follows `server/`."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from askfirst.errors import RunError

PROVIDER = "server"
DEFAULT_PATH = "/v1"
EXAMPLE = f"{PROVIDER}/Qwen/Qwen2.5-VL-7B-Instruct@http://localhost:8000/v1"


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a model is served.

    Attributes:
        model: What the server calls it; empty for the only one that it serves.
        base_url: What `/chat/completions` is appended to; it holds no secret.
    """

    model: str
    base_url: str


def parse_address(name: str) -> ServerAddress:
    """Take a model name apart; the last @ separates, since model names may hold one.

    Raises:
        RunError: There is no usable address. The message never repeats the name: what is wrong with
            it may be a password.
    """
    model, at, url = name.rpartition("@")
    if "://" in model:
        raise _bad("user names, passwords and a second address have no place in it")
    if not at:
        raise _bad("the @ is missing")
    if not url.isascii() or any(c.isspace() or not c.isprintable() for c in url):
        raise _bad("there are blanks or strange characters in it")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise _bad("host or port cannot be read") from None
    if parts.scheme not in ("http", "https") or not host:
        raise _bad("it must begin with http:// or https:// and a host")
    if parts.query or parts.fragment:
        raise _bad("it must end with its path, without ? and #")
    return ServerAddress(
        model, f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/') or DEFAULT_PATH}"
    )


def _bad(reason: str) -> RunError:
    return RunError(
        f"the address of a {PROVIDER}/ model cannot be used: {reason}. "
        f"Write {PROVIDER}/<model>@<url>, such as {EXAMPLE}"
    )
