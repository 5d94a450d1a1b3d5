"""Training steps on random words, of any size, on any device; needs no corpus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.encoded_words import EncodedWords
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.tasks import Task
from hf_sluice.training.encoded_split import EncodedSplit
from hf_sluice.training.objectives.making import make_objective
from hf_sluice.training.one_process import OneProcess
from hf_sluice.training.progress import TrainingProgress
from hf_sluice.training.sampling import Step
from hf_sluice.training.settings import TrainingSettings
from hf_sluice.training.step import StepTrainer
from hf_sluice.training.step_optimizer import make_step_optimizer

if TYPE_CHECKING:
    from collections.abc import Callable

LABELS = 20
VOCABULARY, FORMS, CHARACTERS = 10_000, 5_000, 12  # word types, forms, and characters of a form
_CHARACTER_TYPES = 100


@dataclass(frozen=True, slots=True)
class StepSizes:
    """What the time of a step depends on.

    Args:
        tasks: M.
        layers: K.
        hidden: H, per direction.
        sentences: B.
        words: T, of every sentence.
    """

    tasks: int = 2
    layers: int = 3
    hidden: int = 100
    sentences: int = 32
    words: int = 20

    @property
    def tokens(self) -> int:
        """Words of a batch."""
        return self.sentences * self.words


class SyntheticTraining:
    """A model of some sizes and one batch for it.

    Args:
        sizes: of both.
        device: where to train.
        sharing: preset.
        shortest: words of the shortest sentence; by default all are equally long.
    """

    def __init__(
        self, sizes: StepSizes, device: torch.device, sharing: str = "sluice", shortest: int | None = None
    ) -> None:
        torch.manual_seed(0)
        tasks = [Task(f"task{number}", tuple(map(str, range(LABELS)))) for number in range(sizes.tasks)]
        names = tuple(task.name for task in tasks)
        self.config = SluiceConfig(
            tasks=[task.to_dict() for task in tasks],
            vocab_size=VOCABULARY,
            char_vocab_size=_CHARACTER_TYPES,
            hidden_size=sizes.hidden,
            num_layers=sizes.layers,
            sharing=sharing,
        )
        self.model = SluiceForTokenClassification(self.config).to(device).train()  # type: ignore[arg-type]
        self.split = _random_split(sizes, names, shortest)
        settings, process = TrainingSettings(batch_size=sizes.sentences), OneProcess(device)
        objective = make_objective(settings.objective, tasks, process, self.model)
        optimizer = make_step_optimizer(self.model, names, settings)
        self._trainer = StepTrainer(self.model, optimizer, objective, self.split, settings, process, seed=0)
        self._step = Step(names, np.arange(sizes.sentences))
        self._device = device

    @property
    def num_words(self) -> int:
        """Words of the batch."""
        return int(self.split.words.lengths.sum())

    def train(self) -> None:
        """One step, to its end."""
        self._trainer.train(self._step, TrainingProgress())
        if self._device.type == "cuda":
            torch.cuda.synchronize()

    def steps(self, number: int) -> Callable[[], None]:
        """So many steps, to the end of the last one: on a GPU, one step may be prepared while another is computed."""
        progress = TrainingProgress()

        def run() -> None:
            for _ in range(number):
                self._trainer.train(self._step, progress)
            if self._device.type == "cuda":
                torch.cuda.synchronize()

        return run


def _shares_of_forms() -> np.ndarray:
    """Few forms are frequent, as in a text (Zipf 1949; Mandelbrot's constant 2.7)."""
    weights = 1 / (np.arange(FORMS) + 2.7)
    return weights / weights.sum()


def _random_split(sizes: StepSizes, tasks: tuple[str, ...], shortest: int | None) -> EncodedSplit:
    random = np.random.default_rng(0)
    lengths = random.integers(shortest or sizes.words, sizes.words + 1, sizes.sentences)
    lengths[0] = sizes.words
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    number = int(offsets[-1])
    words = EncodedWords(
        random.integers(3, VOCABULARY, number),
        random.choice(FORMS, number, p=_shares_of_forms()),
        offsets,
        random.integers(2, _CHARACTER_TYPES, (FORMS, CHARACTERS)).astype(np.int32),
        np.full(FORMS, CHARACTERS, dtype=np.int64),
    )
    labels = {task: random.integers(0, LABELS, number) for task in tasks}
    return EncodedSplit(words, labels, [None] * sizes.sentences)
