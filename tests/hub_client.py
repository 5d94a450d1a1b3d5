"""Processes whose Hugging Face libraries talk to the Hub of the tests and keep what they fetch to themselves."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import huggingface_hub.constants
import huggingface_hub.hf_api

from tests.hub_requests import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def environment(url: str, home: Path, token: str = TOKEN) -> dict[str, str]:
    """The environment of another process: the libraries read it when they are imported.

    Args:
        url: of the Hub.
        home: a folder for what is fetched.
        token: what the process shows.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING"))}
    return {
        **inherited,
        "HF_ENDPOINT": url,
        "HF_HOME": str(home),
        "HF_TOKEN": token,
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "NO_PROXY": "127.0.0.1",
    }


def use_hub(url: str, home: Path, monkeypatch: pytest.MonkeyPatch, token: str = TOKEN) -> None:
    """Lets the libraries of this process talk to a Hub, as :func:`environment` does for another one."""
    monkeypatch.setenv("HF_TOKEN", token)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    values = {
        "ENDPOINT": url,
        "HUGGINGFACE_CO_URL_TEMPLATE": url + "/{repo_id}/resolve/{revision}/{filename}",
        "HF_HUB_OFFLINE": False,
        "HF_HUB_DISABLE_XET": True,
        "HF_HOME": str(home),
        "HF_HUB_CACHE": str(home / "hub"),
        "HF_ASSETS_CACHE": str(home / "assets"),
        "HF_TOKEN_PATH": str(home / "token"),
        "HF_STORED_TOKENS_PATH": str(home / "stored_tokens"),
        "AGENT_HARNESSES_PATH": str(home / ".agent_harnesses.json"),
    }
    for name, value in values.items():
        monkeypatch.setattr(huggingface_hub.constants, name, value, raising=False)
    monkeypatch.setattr(huggingface_hub.hf_api.api, "endpoint", url)
    _redirect(url, monkeypatch)
    _use_hub_in_transformers(home, monkeypatch)
    _use_hub_in_datasets(url, monkeypatch)


def _redirect(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of older clients some calls go to the Hub whatever the endpoint is."""
    port = urlsplit(url).port

    def to_the_tests(request: Any) -> None:
        if request.url.host == "huggingface.co":
            request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=port)

    session = huggingface_hub.get_session()
    hooks = session.event_hooks
    monkeypatch.setattr(session, "event_hooks", {**hooks, "request": [to_the_tests, *hooks["request"]]})


def _use_hub_in_transformers(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import transformers.dynamic_module_utils
    import transformers.utils.hub

    monkeypatch.setattr(transformers.utils.hub, "_hf_api", None, raising=False)
    for module in (transformers.utils.hub, transformers.dynamic_module_utils):
        monkeypatch.setattr(module, "HF_MODULES_CACHE", str(home / "modules"))
    monkeypatch.setattr(sys, "path", list(sys.path))  # that folder is appended to it


def _use_hub_in_datasets(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets.config

    monkeypatch.setattr(datasets.config, "HF_ENDPOINT", url)
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", False)
