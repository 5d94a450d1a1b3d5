"""``push_to_hub`` of models and tokenizers: complete, in one commit, nobody's card overwritten."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from .hub_publishing import Target, full_name, publish
from .short_card import short_card
from .travelling_code import add_code

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from huggingface_hub import CommitInfo
    from torch import Tensor

    from .tokenization_tagger import TaggerTokenizer

TOKENIZER_FILES = frozenset({"vocabulary.json", "tokenizer_config.json", "special_tokens_map.json"})


_OF_A_PUSH = ("commit_message", "commit_description", "private", "token", "revision", "create_pr", "tags")


class PushedModel:
    """Mixin before ``PreTrainedModel``."""

    def save_pretrained(
        self,
        save_directory: str | os.PathLike[str],
        is_main_process: bool = True,
        state_dict: dict[str, Tensor] | None = None,
        push_to_hub: bool = False,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Saves the model and, where ``push_to_hub`` says so, publishes it as :meth:`push_to_hub` does.

        The arguments are those of ``PreTrainedModel.save_pretrained``, which would publish weights and configuration
        alone.
        """
        model: Any = super()
        options = {name: kwargs.pop(name) for name in _OF_A_PUSH if name in kwargs}
        repo_id = kwargs.pop("repo_id", Path(save_directory).name)
        model.save_pretrained(save_directory, is_main_process, state_dict, False, *args, **kwargs)
        if push_to_hub and is_main_process:
            self.push_to_hub(repo_id, **options)

    def push_to_hub(
        self,
        repo_id: str,
        *,
        tokenizer: TaggerTokenizer | None = None,
        commit_message: str | None = None,
        commit_description: str | None = None,
        private: bool | None = None,
        token: str | bool | None = None,
        revision: str | None = None,
        create_pr: bool = False,
        tags: Sequence[str] = (),
    ) -> CommitInfo:
        """Publishes the model: weights, configuration, sharing architecture, a card, and the code that loads them.

        All of it is one commit. What an earlier push left and is not needed any more is removed; what others put there
        is kept, a card that a person wrote or changed, too.

        Args:
            repo_id: ``user/name``, or a name among one's own repositories; one that is not there is made.
            tokenizer: goes along; without it, the one that is there stays.
            commit_message: by default says what is published.
            commit_description: more about it.
            private: whether a new repository is for those alone who are let in.
            token: by default what ``hf auth login`` or ``HF_TOKEN`` gave.
            revision: the branch; a new one begins with what the main one holds.
            create_pr: whether to propose the commit instead of making it.
            tags: for the Hub's search; they stand in the card.

        Returns:
            The commit, as ``huggingface_hub`` describes it: its address, its ``oid``, the ``pr_url``.

        Raises:
            HubError: it did not work, and nothing was published. A ``ValueError`` of one line that says what to do.
        """
        model: Any = self
        target = Target(
            full_name(repo_id, token),
            commit_message or f"Upload {type(model).__name__}",
            commit_description,
            private=private,
            token=token,
            branch=revision,
            as_pull_request=create_pr,
        )
        with TemporaryDirectory() as path:
            folder = Path(path)
            model.save_pretrained(folder)
            if tokenizer is not None:
                tokenizer.save_pretrained(folder)
            add_code(folder, model)
            (folder / "README.md").write_text(short_card(model.config, target.repo_id, tags), encoding="utf-8")
            type(model).from_pretrained(folder)  # what cannot be loaded is not published
            spared = TOKENIZER_FILES if tokenizer is None else frozenset[str]()
            return publish(folder, target, spares=spared.__contains__).commit


class PushedTokenizer:
    """Mixin before ``PreTrainedTokenizer``."""

    def push_to_hub(
        self,
        repo_id: str,
        *,
        commit_message: str = "Upload tokenizer",
        commit_description: str | None = None,
        private: bool | None = None,
        token: str | bool | None = None,
        revision: str | None = None,
        create_pr: bool = False,
    ) -> CommitInfo:
        """Publishes the tokenizer and the code that loads it; whatever else is there stays.

        ``model.push_to_hub(repo_id, tokenizer=tokenizer)`` publishes both in one commit.

        Arguments, result and errors are those of a model's :meth:`PushedModel.push_to_hub`.
        """
        tokenizer: Any = self
        target = Target(
            full_name(repo_id, token),
            commit_message,
            commit_description,
            private=private,
            token=token,
            branch=revision,
            as_pull_request=create_pr,
        )
        with TemporaryDirectory() as path:
            folder = Path(path)
            tokenizer.save_pretrained(folder)
            add_code(folder, None)
            return publish(folder, target, spares=lambda _name: True).commit
