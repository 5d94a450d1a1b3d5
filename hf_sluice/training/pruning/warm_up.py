"""Multi-task warm-up: all tasks train the whole network together first (Sun et al. 2020, "MTW")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.training.checkpoints import Checkpoints
from hf_sluice.training.progress import TrainingProgress
from hf_sluice.training.sampling import make_planner

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from torch import Tensor

    from hf_sluice.training.pruning.workbench import Workbench


def warm_up(bench: Workbench, checkpoints: Path, tell: Callable[[str], None]) -> dict[str, Tensor]:
    """Trains the bench's fresh model, whole, on all tasks; without warm-up epochs it is left as it is.

    Args:
        bench: where to train.
        checkpoints: a folder for what to resume from, after each epoch.
        tell: called with a line after each epoch.

    Returns:
        The weights that all rounds begin with.

    Raises:
        ModelFolderError: the checkpoint to resume from is damaged.
    """
    settings = bench.training_settings(epochs=bench.masks.warmup_epochs or 1)
    tasks = list(bench.tasks)
    planner = make_planner(bench.split("train"), tasks, settings, bench.recipe.seed)
    stepper, optimizer = bench.stepper(bench.model, tasks, settings, bench.recipe.seed)
    saved, progress = Checkpoints(checkpoints), TrainingProgress()
    state = saved.load()
    if state is not None:
        bench.model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        progress = TrainingProgress.from_state_dict(state["progress"])
    bench.model.train()
    for epoch in range(progress.epoch, bench.masks.warmup_epochs):
        for step in planner.epoch(epoch):
            stepper.train(step, progress)
        losses = progress.mean_losses()
        told = ", ".join(f"{task} {losses[task]:.3f}" for task in tasks if task in losses)
        tell(f"warm-up: epoch {epoch + 1} of {bench.masks.warmup_epochs}, losses: {told}")
        progress.next_epoch()
        saved.save(progress.step, {
            "model": bench.model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "progress": progress.state_dict(),
        })  # fmt: skip
    return {name: value.detach().cpu().clone() for name, value in bench.model.state_dict().items()}
