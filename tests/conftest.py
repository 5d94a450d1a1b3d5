from __future__ import annotations

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from hf_sluice.cli import main
from tests.hub_client import use_hub
from tests.hub_server import HubServer, hub_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

settings.register_profile("no_clock", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("no_clock")

TINY = (
    "data.options={train_sentences: 60, validation_sentences: 16, test_sentences: 16}",
    *(f"model.{size}=8" for size in ("hidden_size", "char_hidden_size", "char_embedding_size", "head_hidden_size")),
    "training.epochs=1",
)
RECIPE = "tasks: [pos, chunk, ner]\nmodel: {num_layers: 2}\nbaselines: [majority, single_task]\n"
TINY_SPARSE = (
    "data.options={train_sentences: 40, validation_sentences: 12, test_sentences: 12}",
    *(f"model.{size}=8" for size in ("hidden_size", "word_embedding_size", "char_embedding_size", "char_filters")),
    "training.epochs=1",
    "masks={pruning_rate: 0.3, final_sparsity: 0.4, epochs: 1, warmup_epochs: 1}",
)
SPARSE_RECIPE = (
    "tasks: [pos, chunk, ner]\nmodel: {model_type: sparse_sharing, num_layers: 2}\ntraining: {step: per_task}\n"
)


def pytest_configure(config: pytest.Config) -> None:
    """Leaves the order of files as it is below: pytest-xdist would begin with those that have the most tests."""
    if hasattr(config.option, "loadscopereorder"):  # not in its oldest version
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts files with slow tests first, so that none of them is left over for one process at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The folder of the real corpora."""
    root = os.environ.get("HF_SLUICE_DATA")
    if not root:
        pytest.skip("HF_SLUICE_DATA is not set")
    return Path(root)


@dataclass(frozen=True)
class Finished:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def hf_sluice(capsys, monkeypatch) -> Callable[..., Finished]:
    """Runs a command in this process, with bytes on standard input."""

    def run(*arguments: object, stdin: bytes = b"") -> Finished:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = main(list(map(str, arguments)))
        return Finished(code, *capsys.readouterr())

    return run


@pytest.fixture
def hub(tmp_path, monkeypatch) -> Iterator[HubServer]:
    """A Hub of its own, which this process talks to; tests/hub_server.py says what can be done with it."""
    with hub_server() as server:
        use_hub(server.url, tmp_path / "hub_home", monkeypatch)
        yield server


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory) -> Path:
    """The folder of one finished run, for all tests to read: a tiny model of three tasks on a little demo corpus."""
    return _trained(tmp_path_factory.mktemp("demo"), RECIPE, TINY)


@pytest.fixture(scope="session")
def sparse_run(tmp_path_factory) -> Path:
    """The same with sparse sharing, its masks searched for in three rounds."""
    return _trained(tmp_path_factory.mktemp("sparse"), SPARSE_RECIPE, TINY_SPARSE)


def _trained(folder: Path, recipe: str, overrides: Sequence[str]) -> Path:
    (folder / "tiny.yaml").write_text(recipe, encoding="utf-8")
    options = [part for override in overrides for part in ("--set", override)]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        assert main(["train", str(folder / "tiny.yaml"), "--output", str(folder / "run"), *options]) == 0
    return folder / "run"
