"""The batches on which affinity is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.training.passes import Passes
from hf_sluice.training.sampling import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.training.encoded_split import EncodedSplit
    from hf_sluice.training.settings import TrainingSettings

_PROBES = 1_000_033  # keeps these batches apart from those that are trained on


class ProbePlanner:
    """Chooses what to measure on; a function of seed and step alone.

    A joint step is measured on its own batch, which serves all tasks (Fifty et al. 2021). The batch of a per-task step
    carries one task only: then each task has a batch of its own, from passes over its sentences beside those that are
    trained on.

    Args:
        split: what is trained on.
        tasks: names.
        settings: sizes of batches, and how often they are wanted.
        seed: of the run.
    """

    def __init__(self, split: EncodedSplit, tasks: Sequence[str], settings: TrainingSettings, seed: int) -> None:
        self._is_joint = settings.step == "joint"
        self._passes = {
            task: Passes(split.words.lengths, split.labelled_sentences(task), settings, (seed, _PROBES, number))
            for number, task in enumerate(tasks)
        }

    def probes(self, step: Step, number: int) -> list[Step]:
        """Batches, each with the tasks that are measured on it; every task is one of those of one batch.

        Args:
            step: the step ahead.
            number: of the measurement, from 0.
        """
        if self._is_joint:
            return [step]
        return [Step((task,), *passes.window(number, 1)) for task, passes in self._passes.items()]
