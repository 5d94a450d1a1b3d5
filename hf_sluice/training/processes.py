"""What a training step has to know of the processes that take part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    import torch
    from torch import Tensor, nn


class Processes(Protocol):
    """Connected processes that train one model, as seen by one of them: ``accelerate.Accelerator``, or one alone."""

    @property
    def device(self) -> torch.device:
        """Where this process computes."""
        ...

    @property
    def process_index(self) -> int:
        """Which of the processes this is, from 0."""
        ...

    @property
    def num_processes(self) -> int:
        """How many there are."""
        ...

    @property
    def is_main_process(self) -> bool:
        """Whether this is the one that writes."""
        ...

    def backward(self, loss: Tensor) -> None:
        """Adds the gradients of a loss, averaged over the processes, to the parameters' ``grad``."""
        ...

    def clip_grad_norm_(self, parameters: Iterable[Tensor], max_norm: float) -> Any:
        """Shortens gradients whose common norm is larger than ``max_norm``."""
        ...

    def no_sync(self, model: Any) -> AbstractContextManager[None]:
        """Within it, gradients of a prepared model stay with this process; they are averaged with the next ones."""
        ...

    def reduce(self, tensor: Tensor, reduction: str) -> Any:
        """The ``sum`` or ``mean`` of a tensor over the processes."""
        ...

    def unwrap_model(self, model: nn.Module) -> Any:
        """The model within a prepared one."""
        ...
