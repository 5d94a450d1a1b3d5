"""What goes wrong between here and the Hub, in one line that says what to do about it."""

from __future__ import annotations

from json import JSONDecodeError

from huggingface_hub.errors import (
    HfHubHTTPError,
    HFValidationError,
    LocalTokenNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

_CONNECTION_ERROR = HfHubHTTPError.__bases__[0]  # of httpx, in whichever version the client uses
_AGAIN = "nothing was published; the same push can simply be done again"
_PERHAPS = "do the same push again, which does no harm should it have come through"
_REASONS: dict[type[Exception], str] = {
    HFValidationError: "no name of a repository; user/name is expected, of letters, digits, '-', '_' and '.'",
    LocalTokenNotFoundError: "no token: log in with `hf auth login`, set HF_TOKEN, or give one",
    OfflineModeIsEnabled: "the Hub is not to be asked: HF_HUB_OFFLINE is set",
    RevisionNotFoundError: "there is no such branch",
    RepositoryNotFoundError: "there is no such repository, or the token gives no right to see it",
}
_STATUSES = {
    401: "the Hub does not accept the token; see https://huggingface.co/settings/tokens, or `hf auth login` anew",
    403: "the token gives no right to write there",
    409: f"something else is being done to this repository; {_AGAIN}",
    412: f"somebody else changed the repository in the meantime; {_AGAIN}",
    429: f"the Hub asks to wait (429, too many requests); {_AGAIN} later",
}
_SERVER_ERROR = 500


class HubError(ValueError):
    """A push that failed; the message is one line that names the repository."""


def explained(error: Exception, repo_id: str) -> HubError | None:
    """The one line for an error of the Hub's client; None for what is none.

    Args:
        error: what was raised.
        repo_id: the repository that it is about.
    """
    if isinstance(error, HubError):
        return error
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, Exception):
        return explained(error.__cause__, repo_id)  # of an upload in another thread
    reason = _reason(error)
    return None if reason is None else HubError(f"{repo_id}: {reason}")


def _reason(error: Exception) -> str | None:
    for kind, reason in _REASONS.items():
        if isinstance(error, kind):
            return reason
    if isinstance(error, HfHubHTTPError):
        return _refusal(error)
    if isinstance(error, _CONNECTION_ERROR):
        return _broken(error)
    if isinstance(error, JSONDecodeError | KeyError):
        return f"the Hub gave an answer that its client cannot read; {_AGAIN}"
    if isinstance(error, ValueError):  # of the client's own checks
        return f"the Hub's client gives up: {_first_line(error)}; nothing was published"
    return None


def _broken(error: Exception) -> str:
    if any(of.__name__ == "TimeoutException" for of in type(error).__mro__):
        return f"the Hub did not answer in time; {_PERHAPS}"
    return f"the connection to the Hub broke ({_first_line(error) or type(error).__name__}); {_PERHAPS}"


def _refusal(error: HfHubHTTPError) -> str:
    status = error.response.status_code
    if status in _STATUSES:
        return _STATUSES[status]
    if status >= _SERVER_ERROR:
        return f"the Hub failed ({status}); {_AGAIN}"
    return f"the Hub refuses this ({status}): {_first_line(error)}"


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(getattr(error, "server_message", None) or error).splitlines()]
    return " ".join(line for line in lines if line)[:300]
