"""Dynamic weight averaging (Liu, Johns & Davison 2019, "End-to-End Multi-Task Learning with Attention", eq. 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scipy.special import softmax

from hf_sluice.training.objectives.objective import Objective, weighted_sum

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.tasks import Task
    from hf_sluice.training.objectives.objective import StepLosses
    from hf_sluice.training.processes import Processes


class DynamicWeightAverage(Objective):
    """A task whose loss fell less over the last two epochs counts more in this one.

    weight_m(t) = λ_m · M · softmax_m(r(t−1) / T) with r_m(t−1) = L_m(t−1) / L_m(t−2), L being means over an epoch.
    r_m is 1 until a task has been trained in two epochs.

    Args:
        tasks: all tasks.
        processes: those that train the model.
        temperature: T, positive.
    """

    def __init__(self, tasks: Sequence[Task], processes: Processes, temperature: float) -> None:
        super().__init__(tasks, processes)
        self._temperature = temperature
        self._history: dict[str, list[float]] = {name: [] for name in self._lambda}

    def backward(self, step: StepLosses) -> None:
        """Adds the gradients of a step to the parameters' ``grad``."""
        self._processes.backward(weighted_sum(step, self._weights()))

    def finish_epoch(self, losses: Mapping[str, float]) -> None:
        """Takes note of the mean losses of the tasks that were trained."""
        for name, history in self._history.items():
            if name in losses:
                self._history[name] = [*history, losses[name]][-2:]

    def values(self) -> dict[str, dict[str, float]]:
        """``weights``: those of the epoch at hand."""
        return {"weights": self._weights()}

    def state_dict(self) -> dict[str, Any]:
        """The mean losses of the last two epochs."""
        return {"history": dict(self._history)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes up what :meth:`state_dict` gave."""
        self._history = dict(state["history"])

    def _weights(self) -> dict[str, float]:
        rates = [_rate(history) for history in self._history.values()]
        shares = softmax([rate / self._temperature for rate in rates]).tolist()
        return {
            name: weight * len(rates) * share
            for (name, weight), share in zip(self._lambda.items(), shares, strict=True)
        }


def _rate(history: Sequence[float]) -> float:
    """How much is left of a loss after an epoch; a loss of 0 stays what it is."""
    return history[1] / history[0] if len(history) == 2 and history[0] else 1.0  # noqa: PLR2004 - two epochs
