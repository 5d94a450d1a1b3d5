"""Loading that says in one sentence what does not fit, before any weight is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from transformers import PretrainedConfig

from .configuration_tagger import TaggerConfig
from .decoders import decoder_of
from .weight_files import check_arguments, check_weight_files

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

_OF_TASKS = ("tasks", "decoder")
_SOURCE = ("revision", "cache_dir", "token", "local_files_only", "subfolder")


class CheckedLoading:
    """Mixin before ``PreTrainedModel``: compares the configuration asked for with the one that was saved."""

    config_class: type[TaggerConfig] = TaggerConfig

    @classmethod
    def from_pretrained(cls, name_or_path: str | os.PathLike[str], *args: Any, **kwargs: Any) -> Self:
        """Loads a model; the arguments are those of ``PreTrainedModel.from_pretrained``.

        Weights are read from safetensors alone: nothing is unpickled.

        Raises:
            ValueError: the folder holds another type of model, or the configuration given has other tasks, labels,
                decoders, subspaces or sizes than the saved one; or what was saved is damaged, or is not safetensors.
        """
        check_arguments(name_or_path, kwargs)
        source: dict[str, Any] = {key: kwargs[key] for key in _SOURCE if key in kwargs}
        saved, _ = cls.config_class.get_config_dict(name_or_path, **source)
        if saved.get("model_type") != cls.config_class.model_type:
            raise ValueError(
                f"{name_or_path}: holds a model of type {saved.get('model_type')!r}, "
                f"{cls.__name__} loads {cls.config_class.model_type!r}"
            )
        wanted = kwargs.get("config")
        if wanted is not None and not isinstance(wanted, PretrainedConfig):
            wanted = cls.config_class.from_pretrained(wanted)
        if not kwargs.get("ignore_mismatched_sizes"):
            fields = (*cls.config_class.architecture_fields, *_OF_TASKS)
            overrides = {key: kwargs[key] for key in fields if key in kwargs}
            _compare(str(name_or_path), cls.config_class.from_dict(saved), wanted, overrides)
        check_weight_files(name_or_path, saved, source, kwargs.get("variant"))
        cls.check_saved(name_or_path, source)
        kwargs["use_safetensors"] = True
        loaded = super().from_pretrained(name_or_path, *args, **kwargs)  # type: ignore[misc]
        try:
            (loaded[0] if isinstance(loaded, tuple) else loaded).check_loaded()
        except ValueError as error:
            raise ValueError(f"{name_or_path}: {error}") from None
        return loaded

    @classmethod
    def check_saved(cls, name_or_path: str | os.PathLike[str], source: Mapping[str, Any]) -> None:
        """Looks at the files before anything is loaded; raises ValueError where they hold no such model's weights.

        Args:
            name_or_path: what is loaded.
            source: which of its versions, and where it is cached; as ``from_pretrained`` takes it.
        """

    def check_loaded(self) -> None:
        """Looks at what was loaded; raises ValueError where it is no such model's."""


def _compare(where: str, saved: Any, wanted: PretrainedConfig | None, overrides: dict[str, Any]) -> None:
    def asked(field: str) -> Any:
        return overrides.get(field, getattr(wanted if wanted is not None else saved, field))

    saved_tasks, asked_tasks = ({task["name"]: task for task in tasks} for tasks in (saved.tasks, asked("tasks")))
    if list(saved_tasks) != list(asked_tasks):
        raise ValueError(
            f"{where}: saved with {len(saved_tasks)} tasks ({', '.join(saved_tasks)}), "
            f"asked for with {len(asked_tasks)} ({', '.join(asked_tasks)})"
        )
    for name, task in saved_tasks.items():
        before, now = task.get("labels", []), asked_tasks[name].get("labels", [])
        if list(before) != list(now):
            raise ValueError(
                f"{where}: task {name!r} was saved with {len(before)} labels and is asked for with {len(now)}, "
                "or in another order"
            )
        decoder, asked_decoder = decoder_of(task, saved.decoder), decoder_of(asked_tasks[name], asked("decoder"))
        if decoder != asked_decoder:
            raise ValueError(
                f"{where}: task {name!r} was saved with the decoder {decoder!r}, asked for with {asked_decoder!r}"
            )
    for field in saved.architecture_fields:
        if getattr(saved, field) != asked(field):
            raise ValueError(f"{where}: saved with {field} {getattr(saved, field)!r}, asked for with {asked(field)!r}")
