from __future__ import annotations

from hf_sluice.hub.cards.subnet_words import subnet_words
from tests.analysis.small_subnets import small_search
from tests.hub.cards.small_records import AGE, NER, POS, new_sparse_model, recipe_of, record_of

SPARSE = {"model": {"model_type": "sparse_sharing"}}


def words_of(shares, **fields):
    tasks = (POS, NER, AGE)[: len(shares)]
    model = new_sparse_model(tasks, dict(zip((task.name for task in tasks), shares, strict=True)))
    return subnet_words(record_of(tasks, model=model, **fields))


def searched_words(**masks):
    model, search = small_search(3)
    tasks = [{"name": name} for name in model.config.task_names]
    recipe = recipe_of((), **SPARSE, tasks=tasks, masks={"pruning_rate": 0.25, **masks})
    return " ".join(subnet_words(record_of((), model=model, recipe=recipe, search=search)))


def test_what_each_task_keeps_and_what_they_share_is_said():
    kept, together, overlap, chance = words_of((0.5, 0.25))

    assert kept.endswith("weights that are masked, these shares remain: pos 50 % and ner 25 %.")
    assert together == "Together the tasks use 50 % of them."
    assert overlap == (
        "The masks of pos and ner overlap by 50 % (of 50 % that are possible, one keeping fewer) (of the weights that "
        "either of them uses, so many are used by both)."
    )
    assert chance == "Drawn at random, masks of the sizes of pos and ner would overlap by about 20 %."


def test_masks_that_keep_everything_are_hard_sharing():
    (words,) = words_of((1.0, 1.0))

    assert words.startswith("The masks keep all ")
    assert words.endswith("weights for every task: it is hard sharing.")


def test_one_task_overlaps_with_none():
    (words,) = words_of((0.5,))

    assert words.endswith("these shares remain: pos 50 %.")


def test_of_several_pairs_the_most_and_the_least_are_named_with_what_is_possible():
    most_and_least, chance, of_all = words_of((0.5, 0.45, 0.1))[2:]

    assert most_and_least == (
        "The masks of pos and ner overlap most, by 90 % (of the weights that either of them uses, so many are used by "
        "both), those of pos and age least, by 20 % (of 20 % that are possible, one keeping fewer)."
    )
    assert chance == "Drawn at random, masks of the sizes of pos and ner would overlap by about 31 %."
    assert of_all == "All 3 overlap by 20 %."


def test_overlaps_that_differ_by_little_are_not_told_apart():
    assert words_of((0.5, 0.5, 0.5))[2].startswith("The masks of every two tasks overlap by about 100 %")


def test_the_search_is_told_with_its_choice_and_how_close_its_candidates_are():
    words = searched_words()

    assert "A search pruned 25 % of the remaining weights a round, up to 6 times" in words
    assert (
        "the candidate with the best development score was taken: task0 after 2, task1 after 2 and task2 after 2."
        in words
    )
    assert "lie within 0.000 (task0), 0.000 (task1) and 0.000 (task2)." in words
    assert "the candidate that the recipe asks for was taken" in searched_words(choice={"round": 2})


def test_random_masks_are_not_said_to_have_been_searched_for():
    words = searched_words(method="random")

    assert "drawn at random" in words
    assert "A search" not in words


def test_without_a_recipe_nothing_is_said_of_their_origin():
    model, search = small_search(3)

    assert "search" not in " ".join(subnet_words(record_of((), model=model, search=search)))
