"""Which of a model's tasks to predict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence


def choose_tasks(known: Sequence[str], tasks: Sequence[str] | None) -> list[str]:
    """The tasks asked for, by default all that the model has.

    Args:
        known: those that it has.
        tasks: those asked for.

    Raises:
        UserError: one that it does not have.
    """
    for name in tasks or ():
        if name not in known:
            raise UserError(f"task {name!r} is none of the model's tasks: {', '.join(known)}")
    return list(dict.fromkeys(tasks)) if tasks else list(known)
