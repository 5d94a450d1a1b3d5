"""The table of sharing architectures that have a name; nothing else in the package asks for a preset's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .alpha_entries import EVEN, GIVEN, Entries

LAYER_CONNECTIONS = ("mixture", "skip", "concatenation", "last")


@dataclass(frozen=True)
class Preset:
    """A row of the table.

    Args:
        alpha: what stands in α.
        beta: ``learned``, ``given`` (it stays what ``beta_init`` says), ``last`` (the last layer alone is read) or
            ``task_layers`` (the one layer that ``task_layers`` names for each task is read). All but the last give way
            to a ``layer_connection`` other than the mixture.
        one_network: one network serves all tasks instead of one each.
        given_networks: ``alpha_init`` says how many networks there are, and ``task_networks`` which one a task reads.
        penalty: what is added to the loss, a key of ``penalties.PENALTIES``, or None.
        min_tasks: the smallest number of tasks that the preset makes sense for.
        max_tasks: the largest one.
        min_subspaces: the smallest number of subspaces.
        max_subspaces: the largest one.
        one_label_set: the tasks are domains with one label set.
    """

    alpha: tuple[Entries, ...]
    beta: Literal["learned", "given", "last", "task_layers"]
    one_network: bool = False
    given_networks: bool = False
    penalty: str | None = None
    min_tasks: int = 1
    max_tasks: int | None = None
    min_subspaces: int = 1
    max_subspaces: int | None = None
    one_label_set: bool = False

    @property
    def learns_alpha_between_networks_only(self) -> bool:
        """Whether α has parameters, none of which tells subspaces apart."""
        learned = [entries.one_per for entries in self.alpha if entries.is_learned]
        return bool(learned) and not any({"s", "r"} & set(one_per) for one_per in learned)


_IDENTITY = (Entries(fixed=0), Entries(("own", "aligned"), fixed=1))

# Ruder et al. 2019, "Prior Work as Instances of Sluice Networks". Where the paper says nothing of β, it is learned.
PRESETS: dict[str, Preset] = {
    "sluice": Preset(alpha=(Entries(),), beta="learned", penalty="orthogonality"),
    "hard_sharing": Preset(alpha=_IDENTITY, beta="last", one_network=True),
    "single_task": Preset(alpha=_IDENTITY, beta="last", one_network=True, max_tasks=1),
    # Hard sharing as the papers write it, with all networks: each draws the same mean of them all.
    "constant_alpha": Preset(alpha=(Entries(fixed=EVEN),), beta="learned"),
    # Søgaard & Goldberg 2016.
    "low_supervision": Preset(alpha=_IDENTITY, beta="task_layers", one_network=True, min_tasks=2),
    # Misra et al. 2016: one weight per layer and pair of networks.
    "cross_stitch": Preset(
        alpha=(Entries(fixed=0), Entries(("aligned",), one_per="kmn")), beta="last", min_tasks=2
    ),
    "group_lasso": Preset(
        alpha=_IDENTITY, beta="learned", penalty="group_lasso", min_tasks=2, min_subspaces=2
    ),
    # The blocks talk to each other up to the last layer, after which each task goes on alone.
    "block_communication": Preset(
        alpha=(Entries(), Entries(("outer",), fixed=0), Entries(("outer", "own", "aligned"), fixed=1)),
        beta="learned",
        penalty="group_lasso",
        min_tasks=2,
    ),
    # Daumé III 2007: subspace 1 is private; subspace 2 of a network has one weight, whoever draws from it.
    "domain_adaptation": Preset(
        alpha=(
            Entries(fixed=0),
            Entries(("own", "aligned"), one_per="km"),
            Entries(("shared",), one_per="kn"),
        ),
        beta="learned",
        min_tasks=2,
        min_subspaces=2,
        max_subspaces=2,
        one_label_set=True,
    ),
    # Any architecture, nothing of it learned: what is left of one when tasks are taken out of it.
    "fixed": Preset(alpha=(Entries(fixed=GIVEN),), beta="given", given_networks=True),
}  # fmt: skip
