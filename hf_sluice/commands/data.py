"""``hf-sluice data``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hf_sluice.commands.options import Overrides, RecipeFile
from hf_sluice.commands.pushing import check_branch, report_push, show_progress
from hf_sluice.commands.terminal import console, print_json, print_tables, tell
from hf_sluice.new_folder import check_new_folder
from hf_sluice.quiet_libraries import quiet_libraries

if TYPE_CHECKING:
    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.hub.corpus_origin import CorpusOrigin
    from hf_sluice.models.hub_publishing import Target


def data(
    recipe: RecipeFile,
    overrides: Overrides = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Save the sentences, with a card, into this new folder to train from it."),
    ] = None,
    push: Annotated[
        str | None, typer.Option(metavar="REPOSITORY", help="Publish them as a data set: user/name, or name alone.")
    ] = None,
    private: Annotated[bool, typer.Option("--private", help="Push to a new repository that only you see.")] = False,
    revision: Annotated[
        str | None, typer.Option(metavar="BRANCH", help="Push to this branch; it is made if it is not there.")
    ] = None,
    create_pr: Annotated[bool, typer.Option("--create-pr", help="Propose the push as a pull request.")] = False,
) -> None:
    r"""Show what the data of a recipe holds: sentences, words, labels, gaps, unknown words.

    With --save and --push the sentences become a data set that knows its tasks:
    a recipe trains from it with `data: {corpus: datasets, options: {path: …}}`.
    A README.md that a person wrote or changed on the Hub is kept.

    Examples:
      hf-sluice data recipes/demo.yaml
      hf-sluice data recipes/demo.yaml --set 'data.train_domains=\[news]'
      hf-sluice data recipes/demo.yaml --json > demo.json
      hf-sluice data recipes/demo.yaml --save data/demo
      hf-sluice data recipes/demo.yaml --push user/demo --private
    """
    check_branch(revision, create_pr=create_pr)
    if push is None and (private or create_pr or revision is not None):
        raise typer.BadParameter("--private, --revision and --create-pr say how to --push; name a repository")
    if json and (save is not None or push is not None):
        raise typer.BadParameter("--json prints what the data hold; leave out --save and --push")

    from hf_sluice.recipe import load_recipe

    loaded = load_recipe(recipe, overrides or ())  # before the libraries, which take seconds to load

    from hf_sluice.training.building import build_corpus

    quiet_libraries()
    if save is None and push is None:
        _show(build_corpus(loaded), json=json)
        return
    from hf_sluice.hub.corpus_origin import CorpusOrigin
    from hf_sluice.hub.dataset_push import check_licence

    origin = CorpusOrigin.of(loaded)
    if save is not None:
        check_new_folder(save)
    if push is not None:
        check_licence(origin, private=private)  # before anything is read
    corpus = build_corpus(loaded)
    if save is not None:
        _save(corpus, origin, save)
    if push is not None:
        from hf_sluice.models.hub_publishing import Target

        message = f"Upload the data of {recipe.stem} with hf-sluice"
        target = Target(push, message, private=private or None, branch=revision, as_pull_request=create_pr)
        _push(corpus, origin, target)


def _show(corpus: TaggingCorpus, *, json: bool) -> None:
    from dataclasses import asdict

    from hf_sluice.data.statistics import describe
    from hf_sluice.data.statistics_tables import statistics_tables

    statistics = describe(corpus)
    if json:
        print_json(asdict(statistics))
        return
    out = console()
    print_tables(statistics_tables(statistics), out)
    for note in statistics.notes:
        out.print(f"Note: {note}", markup=False)


def _save(corpus: TaggingCorpus, origin: CorpusOrigin, folder: Path) -> None:
    from hf_sluice.hub.corpus_folder import save_corpus

    save_corpus(corpus, folder, origin)
    console().print(f"Saved to {folder}", markup=False, soft_wrap=True)
    _say_how_to_train(str(folder), None)


def _push(corpus: TaggingCorpus, origin: CorpusOrigin, target: Target) -> None:
    from hf_sluice.hub.dataset_push import push_corpus

    show_progress()
    published = push_corpus(corpus, origin, target, tell)
    report_push(published)
    _say_how_to_train(published.repo_id, published.commit.pr_revision or target.branch)


def _say_how_to_train(path: str, revision: str | None) -> None:
    at = "" if revision is None else f", revision: {revision}"
    line = f"Train from it: data: {{corpus: datasets, options: {{path: {path}{at}}}}}"
    console().print(line, markup=False, soft_wrap=True)
