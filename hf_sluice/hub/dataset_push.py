"""Publishing a corpus as a data set on the Hub, in one commit, where its licence lets it be published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hf_sluice.errors import UserError
from hf_sluice.hub.corpus_folder import fill_folder
from hf_sluice.models.hub_errors import HubError
from hf_sluice.models.hub_publishing import full_name, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.hub.corpus_origin import CorpusOrigin
    from hf_sluice.models.hub_publishing import Published, Target


def check_licence(origin: CorpusOrigin, *, private: bool) -> list[str]:
    """Sees to it that a corpus may go where it is to go.

    Args:
        origin: what the corpus was made of.
        private: whether it goes to where nobody sees it but those who are let in.

    Returns:
        What who publishes it has to see to, one line each.

    Raises:
        UserError: a licence forbids to give copies to anyone, and anyone could get one.
    """
    closed = [source.title for source in origin.sources.corpora if not source.may_be_published]
    if closed and not private:
        raise UserError(
            f"--push: the licence of {' and of '.join(closed)} forbids to publish copies; --private makes a repository "
            "that only those see who are let in, and these need the licence too"
        )
    lines = [f"The licence of {title} holds for everyone who is let in" for title in closed]
    if origin.sources.unknown:
        formats = ", ".join(origin.sources.unknown)
        lines.append(f"The licence of what was read as {formats} is not on record: see to it that you may publish it")
    return lines


def push_corpus(
    corpus: TaggingCorpus, origin: CorpusOrigin, target: Target, tell: Callable[[str], None] = lambda _line: None
) -> Published:
    """Publishes a corpus with its card.

    Files of an earlier push that are not needed any more are removed; what others put there is kept, and so is a card
    that a person wrote or changed.

    Args:
        corpus: the corpus.
        origin: what it was made of.
        target: where to; its ``repo_id`` may be a name among the user's own repositories.
        tell: called with a line for each step.

    Raises:
        UserError: the licence forbids it, or the Hub did not take it; then nothing was published.
    """
    for line in check_licence(origin, private=bool(target.private)):
        tell(line)
    try:
        target = replace(target, repo_id=full_name(target.repo_id, target.token), kind="dataset")
        with TemporaryDirectory() as path:
            fill_folder(corpus, Path(path), origin, target.repo_id, is_published=True)
            return publish(Path(path), target, tell=tell)
    except HubError as error:
        raise UserError(str(error)) from error
