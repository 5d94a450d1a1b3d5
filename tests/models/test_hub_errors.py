import json

import pytest
from huggingface_hub.errors import EntryNotFoundError, LocalTokenNotFoundError, OfflineModeIsEnabled

from hf_sluice.models.hub_errors import HubError, explained


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (LocalTokenNotFoundError("long\ntext"), "no token: log in with `hf auth login`, set HF_TOKEN, or give one"),
        (OfflineModeIsEnabled("text"), "the Hub is not to be asked: HF_HUB_OFFLINE is set"),
        (
            json.JSONDecodeError("text", "", 0),
            "the Hub gave an answer that its client cannot read; nothing was published",
        ),
        (KeyError("commitUrl"), "the Hub gave an answer that its client cannot read; nothing was published"),
        (ValueError("one\n\ntwo"), "the Hub's client gives up: one two; nothing was published"),
    ],
)
def test_the_clients_errors_become_one_line(error, message):
    found = explained(error, "user/repo")
    assert str(found).startswith(f"user/repo: {message}")
    assert "\n" not in str(found)


def test_what_went_wrong_in_another_thread_is_looked_into():
    wrapped = RuntimeError("Error while uploading")
    wrapped.__cause__ = OfflineModeIsEnabled("text")
    assert "HF_HUB_OFFLINE" in str(explained(wrapped, "user/repo"))


def test_a_line_stays_as_it_is():
    error = HubError("a line")
    assert explained(error, "user/repo") is error


@pytest.mark.parametrize("error", [RuntimeError("a fault of this program"), OSError("no space left"), TypeError("x")])
def test_what_has_nothing_to_do_with_the_hub_is_left_alone(error):
    assert explained(error, "user/repo") is None


def test_an_error_without_an_answer_does_not_break_it():
    assert explained(EntryNotFoundError("text"), "user/repo") is None
