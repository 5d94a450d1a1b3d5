"""What a tagger has learned to share, apart from its weights: an artefact of a few kilobytes that can be reused."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import torch
from transformers.utils.hub import extract_commit_hash

from .architecture_file import (
    LARGEST,
    check_format,
    read_mixing,
    read_origin,
    read_sizes,
    read_subnets,
    read_tasks,
    to_fields,
)
from .architecture_of_model import mixing_of_model, subnets_of_model
from .architecture_origin import ArchitectureOrigin
from .architecture_tasks import sources_of
from .hub_file import FileSource
from .mask_file import MaskSet
from .readable_json import readable_json
from .strict_json import read_strict_json

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from torch import Tensor

    from .learned_mixing import LearnedMixing
    from .modeling_tagger_base import TaggerPreTrainedModel
    from .subnets import Subnets

ARCHITECTURE_FILE = "architecture.json"
MASKS_FILE = "masks.safetensors"


@dataclass(frozen=True, eq=False)
class SharingArchitecture:
    """A learned sharing architecture: α and β of a sluice network, or the masks of a sparse-sharing model.

    Args:
        tasks: one dict per task, as the configuration of the model has them.
        num_layers: K.
        hidden_size: units per direction of each layer.
        mixing: α and β; None of a sparse-sharing model.
        subnets: the masks; None of a sluice network.
        origin: where it comes from.
    """

    tasks: tuple[Mapping[str, Any], ...]
    num_layers: int
    hidden_size: int
    mixing: LearnedMixing | None = None
    subnets: Subnets | None = None
    origin: ArchitectureOrigin = field(default_factory=ArchitectureOrigin)

    @property
    def model_type(self) -> str:
        """``sluice`` or ``sparse_sharing``."""
        return "sluice" if self.subnets is None else "sparse_sharing"

    @property
    def task_names(self) -> list[str]:
        """Names of the tasks, in order."""
        return [task["name"] for task in self.tasks]

    @property
    def digest(self) -> str:
        """A SHA-256 of all but the origin: the same for the same architecture, wherever it lies."""
        fields = {name: value for name, value in to_fields(self).items() if name != "origin"}
        text = json.dumps(fields, sort_keys=True, default=lambda array: array.tolist())
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def of_model(
        cls, model: TaggerPreTrainedModel, state: Mapping[str, Tensor] | None = None, commit: str | None = None
    ) -> Self:
        """What a model shares, with heads or without.

        Args:
            model: the model.
            state: its parameters and buffers, where they are others than the model holds.
            commit: of the program that trained it, where that is known.

        Raises:
            ValueError: α or β hold a value that is not finite.
        """
        config, state = model.config, model.state_dict() if state is None else state
        return cls(
            tasks=tuple(copy.deepcopy(config.tasks)),
            num_layers=config.num_layers,
            hidden_size=config.hidden_size,
            mixing=mixing_of_model(config, state),
            subnets=subnets_of_model(config, state),
            origin=ArchitectureOrigin.here(commit),
        )

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Writes ``architecture.json`` and, of masks, ``masks.safetensors``; other masks that are there go.

        Whenever it is cut short, what is left is no architecture that could be taken for one.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / ARCHITECTURE_FILE
        text = readable_json(to_fields(self)) + "\n"
        aside = path.with_name(f"{path.name}.writing")
        aside.write_text(text, encoding="utf-8", newline="\n")
        path.unlink(missing_ok=True)
        (folder / MASKS_FILE).unlink(missing_ok=True)
        if self.subnets is not None:
            self.subnets.masks.save(folder / MASKS_FILE)
        aside.replace(path)

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> Self:
        """Reads what :meth:`save` wrote.

        Raises:
            FileNotFoundError: there is none.
            ValueError: it is damaged, of a later version, or the masks beside it are another model's.
        """
        return cls._read(FileSource(folder).file)

    @classmethod
    def from_pretrained(
        cls,
        name_or_path: str | os.PathLike[str],
        *,
        revision: str | None = None,
        cache_dir: str | Path | None = None,
        token: str | bool | None = None,
        local_files_only: bool = False,
        subfolder: str = "",
    ) -> Self:
        """Reads an architecture from a folder or from the Hub, of which its own files alone are fetched.

        Args:
            name_or_path: a folder, or the name of a repository.
            revision: branch, tag or commit; by default the main branch.
            cache_dir: where fetched files are kept.
            token: for repositories that are not everybody's.
            local_files_only: whether to look at what has been fetched before, and at nothing else.
            subfolder: of the folder or repository.

        Raises:
            FileNotFoundError: the folder or repository holds none.
            OSError: the repository or the revision cannot be read.
            ValueError: it is damaged, of a later version, or the masks beside it are another model's.
        """
        source = FileSource(name_or_path, revision, cache_dir, token, local_files_only, subfolder)
        if source.is_folder:
            return cls._read(source.file)
        commit = extract_commit_hash(str(source.file(ARCHITECTURE_FILE)), None)
        fetched = cls._read(replace(source, revision=commit or revision).file)  # both files of one commit
        return replace(fetched, origin=replace(fetched.origin, model=str(name_or_path), revision=commit))

    @classmethod
    def _read(cls, find: Callable[[str], Path]) -> Self:
        path = find(ARCHITECTURE_FILE)
        try:
            values = read_strict_json(path, LARGEST)
            model_type = check_format(values)
            tasks = read_tasks(values)
            names = [task["name"] for task in tasks]
            num_layers, hidden_size = read_sizes(values)
            is_sluice = model_type == "sluice"
            return cls(
                tasks=tasks,
                num_layers=num_layers,
                hidden_size=hidden_size,
                mixing=read_mixing(values, names) if is_sluice else None,
                subnets=None if is_sluice else read_subnets(values, names, MaskSet.load(find(MASKS_FILE))),
                origin=read_origin(values),
            )
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None

    def masks_for(
        self, tasks: Sequence[str], sources: Mapping[str, str | None] | None = None
    ) -> dict[str, dict[str, Tensor]]:
        """Masks for the tasks of a new model: those of the tasks whose place they take, and all ones for new tasks.

        Args:
            tasks: names.
            sources: for new tasks the task whose mask they get, or None; by default the one of the same name.

        Raises:
            ValueError: it has no masks, or a task has no place.
        """
        if self.subnets is None:
            raise ValueError("an architecture of a sluice network has no masks; α and β go by SluiceConfig")
        masks = self.subnets.masks.masks
        whole = {name: torch.ones(shape, dtype=torch.bool) for name, shape in self.subnets.masks.shapes.items()}
        return {
            task: dict(whole if source is None else masks[source])
            for task, source in sources_of(tasks, self.task_names, sources).items()
        }

    def apply(self, model: Any, sources: Mapping[str, str | None] | None = None) -> None:
        """Gives a sparse-sharing model the masks; the arguments and errors are those of :meth:`masks_for`.

        Raises:
            ValueError: also where the masks are of other shapes than the model's parameters.
        """
        model.set_masks(self.masks_for(model.config.task_names, sources))
