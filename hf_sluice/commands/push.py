"""``hf-sluice push``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hf_sluice.commands.options import ModelName
from hf_sluice.commands.pushing import check_branch, report_push, show_progress
from hf_sluice.commands.terminal import console, tell
from hf_sluice.quiet_libraries import quiet_libraries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hf_sluice.models.hub_publishing import Published


def push(
    model: ModelName,
    repo_id: Annotated[str, typer.Argument(metavar="REPOSITORY", help="Where to: user/name, or name alone.")],
    private: Annotated[bool, typer.Option("--private", help="Make a new repository that only you see.")] = False,
    revision: Annotated[
        str | None, typer.Option(metavar="BRANCH", help="Push to this branch; it is made if it is not there.")
    ] = None,
    create_pr: Annotated[bool, typer.Option("--create-pr", help="Propose the change as a pull request.")] = False,
    message: Annotated[str | None, typer.Option("--message", "-m", metavar="TEXT", help="Of the commit.")] = None,
    token: Annotated[
        str | None,
        typer.Option(metavar="TOKEN", help="By default what HF_TOKEN holds or `hf auth login` has stored."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write all that would be pushed into this new folder, and do not push."),
    ] = None,
) -> None:
    r"""Publish a model on the Hub, with all that belongs to it, in one commit.

    Model, tokenizer, what was learned to share, a card with pictures, the code
    that loads it without this package, and of a run its recipe and results.
    A README.md that a person wrote or changed is kept, and so are files that
    others added. If it fails nothing is published, and it can be run again.

    Examples:
      hf-sluice push runs/demo user/demo --private
      hf-sluice push runs/demo user/demo --revision v2 -m "Trained longer"
      hf-sluice push runs/demo team/demo --create-pr
      hf-sluice push runs/demo user/demo --folder staged
    """
    check_branch(revision, create_pr=create_pr)

    from hf_sluice.hub.push import push as push_model
    from hf_sluice.hub.push import write_staged
    from hf_sluice.models.hub_publishing import Target

    quiet_libraries()
    if folder is not None:
        _list(write_staged(model, repo_id, folder))
        console().print(f"Written to {folder}; nothing was pushed", markup=False, soft_wrap=True)
        return
    show_progress()
    target = Target(
        repo_id,
        message or f"Upload {Path(model).name} with hf-sluice",
        private=private or None,
        token=token,
        branch=revision,
        as_pull_request=create_pr,
    )
    _report(push_model(model, target, tell), revision)


def _list(sizes: Mapping[str, int]) -> None:
    for name, size in sizes.items():
        console().print(f"{size:>12,}  {name}", markup=False, soft_wrap=True)


def _report(published: Published, revision: str | None) -> None:
    report_push(published)
    commit, repository = published.commit, published.repo_id
    at = commit.pr_revision or revision
    with_revision = "" if at is None else f', revision="{at}"'
    for line in (
        f'Use it: hf-sluice predict {repository}{"" if at is None else f"@{at}"} --text "…"',
        f'or AutoModelForTokenClassification.from_pretrained("{repository}"{with_revision}, trust_remote_code=True)',
    ):
        console().print(line, markup=False, soft_wrap=True)
