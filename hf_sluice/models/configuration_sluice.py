"""Configuration of sluice networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from .configuration_tagger import TaggerConfig, check_not_negative, check_size
from .initial_values import ALPHA_INITS, BETA_INITS, initial_beta, num_units
from .learned_configuration import configure_sluice
from .presets import LAYER_CONNECTIONS, PRESETS
from .sharing_checks import check_fixed, check_sharing, layers_of_tasks, networks_of_tasks
from .sharing_table import sharing_table, starting_alpha

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .sharing_architecture import SharingArchitecture


class SluiceConfig(TaggerConfig):
    """What a sluice network is made of (Ruder et al. 2019, "Model"); the defaults are the papers' values.

    Beside the fields of :class:`TaggerConfig`, where the order of the tasks is the order of α's and β's rows:

    Args:
        num_subspaces: S, at least 1; ``hidden_size`` is a multiple of it.
        sharing: preset, a key of ``presets.PRESETS``: ``sluice``, ``hard_sharing``, ``single_task``,
            ``constant_alpha``, ``low_supervision``, ``cross_stitch``, ``group_lasso``, ``block_communication``,
            ``domain_adaptation`` or ``fixed`` (α and β stay what ``alpha_init`` and ``beta_init`` say).
        alpha_init: ``balanced``, ``imbalanced``, ``identity``, or nested lists (K, N·S, N·S) or (N·S, N·S), where N
            is the number of networks (one per task unless the preset has one for all; for ``fixed`` any number);
            also (K, N, N) or (N, N) for presets that do not tell subspaces apart. It says where learned entries start,
            tied ones at the mean.
        beta_init: ``last``, ``balanced``, or nested lists (M, K) or (K,).
        layer_connection: ``mixture`` (β learned where the preset learns it), ``skip`` (β = 1), ``concatenation`` (the
            heads read the outputs of all layers side by side) or ``last``.
        task_layers: for ``low_supervision`` the layer that each task's head reads, from 1 to K; by default the last
            for the first task and 1 for the others.
        task_networks: for ``fixed`` the network that each task's head reads, from 1 to N; by default the first task
            reads the first one, and so on.
        orthogonality_weight: w, weight of the penalty Ω between subspaces, at least 0.
        group_lasso_weight: weight of the group lasso of ``group_lasso`` and ``block_communication``, at least 0.

    Raises:
        ValueError: a field is out of range or fields contradict each other; the message names the field.
    """

    model_type = "sluice"
    architecture_fields: ClassVar[tuple[str, ...]] = (
        "num_subspaces", "num_layers", "hidden_size", "sharing", "layer_connection", "task_layers", "task_networks"
    )  # fmt: skip

    num_subspaces: int = 2
    sharing: str = "sluice"
    alpha_init: str | list[Any] = "imbalanced"
    beta_init: str | list[Any] = "last"
    layer_connection: str = "mixture"
    task_layers: dict[str, int] | None = None
    task_networks: dict[str, int] | None = None
    orthogonality_weight: float = 0.1
    group_lasso_weight: float = 0.001

    @classmethod
    def from_architecture(
        cls,
        architecture: SharingArchitecture,
        *,
        tasks: Sequence[Mapping[str, Any]] | None = None,
        sources: Mapping[str, str | None] | None = None,
        learn: str = "frozen",
        **fields: Any,
    ) -> Self:
        """The configuration of a new model with a learned architecture.

        A task that takes the place of another gets its row of β, and what its network drew from the networks of other
        tasks, and they from it. Where several take one place, what was drawn from it is divided evenly among them. A
        new task begins as the preset has it (``alpha_init`` and ``beta_init`` may say how): the row and column of its
        network, and its β. In a frozen architecture the other networks draw nothing from a new one, so that nothing is
        put for good into what was learned. Networks that no task takes the place of are left out. An architecture whose
        networks are not those of single tasks (hard sharing, or tasks taken out of a model) keeps them all.

        Args:
            architecture: what was learned.
            tasks: as in the fields; by default the architecture's, with its label sets.
            sources: for tasks the task of the architecture whose place they take, or None for new ones; tasks that are
                not named take the place of the task of their name.
            learn: ``frozen`` (α and β stay as they are, and no penalty is added to the loss) or ``start`` (they are
                learned from there on, by default as the preset learned them).
            fields: of the new configuration. ``hidden_size`` is the architecture's unless it is said; layers, subspaces
                and the connection of layers are the architecture's.

        Raises:
            ValueError: it is the architecture of another type of model, or fields and tasks do not go with it.
        """
        own = architecture.tasks
        return configure_sluice(cls, architecture, own if tasks is None else tasks, sources, learn, fields)

    @property
    def num_networks(self) -> int:
        """N: one network per task, or one for all, or as many as a fixed α is for."""
        preset = PRESETS[self.sharing]
        if preset.given_networks and (units := num_units(self.alpha_init)) is not None:
            return max(1, units // self.num_subspaces)
        return 1 if preset.one_network else max(1, len(self.tasks))

    def networks_read(self) -> tuple[int, ...]:
        """For each task the network whose output its head reads, counted from 0."""
        if self.task_networks is not None:
            return tuple(self.task_networks[name] - 1 for name in self.task_names)
        number = len(self.tasks)
        return (0,) * number if PRESETS[self.sharing].one_network else tuple(range(number))

    @property
    def state_size(self) -> int:
        """Width of what a head reads."""
        return 2 * self.hidden_size * (self.num_layers if self.layer_connection == "concatenation" else 1)

    @property
    def penalty_weight(self) -> float:
        """Weight of the preset's penalty Ω in the loss; 0 where it has none."""
        penalty = PRESETS[self.sharing].penalty
        return 0.0 if penalty is None else getattr(self, f"{penalty}_weight")

    def _check_sizes(self) -> None:
        super()._check_sizes()
        check_size("num_subspaces", self.num_subspaces)
        if self.hidden_size % self.num_subspaces:
            raise ValueError(
                f"hidden_size {self.hidden_size} cannot be cut into num_subspaces {self.num_subspaces} equal parts"
            )

    def _check_choices(self) -> None:
        super()._check_choices()
        for name in ("orthogonality_weight", "group_lasso_weight"):
            check_not_negative(name, getattr(self, name))
        for name, choices in (("sharing", tuple(PRESETS)), ("layer_connection", LAYER_CONNECTIONS)):
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} {getattr(self, name)!r} is none of {', '.join(choices)}")

    def _check_sharing(self) -> None:
        check_sharing(self)
        self.task_layers = layers_of_tasks(self)
        self.task_networks = networks_of_tasks(self)
        self._check_initial_values()
        if self.tasks and PRESETS[self.sharing].given_networks:
            check_fixed(sharing_table(self), self)

    def _check_initial_values(self) -> None:
        if isinstance(self.alpha_init, str) and self.alpha_init not in ALPHA_INITS:
            raise ValueError(f"alpha_init {self.alpha_init!r} is none of {', '.join(ALPHA_INITS)}, nor nested lists")
        if isinstance(self.beta_init, str) and self.beta_init not in BETA_INITS:
            raise ValueError(f"beta_init {self.beta_init!r} is none of {', '.join(BETA_INITS)}, nor nested lists")
        if self.tasks:
            starting_alpha(self)
            initial_beta(self.beta_init, len(self.tasks), self.num_layers)
            self.alpha_init, self.beta_init = _plain(self.alpha_init), _plain(self.beta_init)


def _plain(values: str | list[Any]) -> str | list[Any]:
    """Arrays and tuples as lists, the form in which JSON gives them back."""
    return values if isinstance(values, str) else np.asarray(values).tolist()
