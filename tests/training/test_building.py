from __future__ import annotations

import gzip

import pytest
import torch

from hf_sluice.data.load import load_corpus
from hf_sluice.errors import DataError, RecipeError, UserError
from hf_sluice.recipe import DataRecipe, Recipe, TokenizerRecipe
from hf_sluice.tasks import Task
from hf_sluice.training.building import build_corpus, build_model, build_tokenizer
from tests.training.tiny_training import POS, SIZES, assert_equal_parameters, copy_of, demo

SPLITS = {"train_sentences": 16, "validation_sentences": 8, "test_sentences": 8}


def recipe_of(tasks=("pos", "chunk"), **sections):
    return Recipe(**{"data": DataRecipe(options=SPLITS), "tasks": list(tasks), "output": "out", **sections})


@pytest.fixture(scope="module")
def corpus():
    return demo(train=16)


@pytest.fixture(scope="module")
def tokenizer(corpus):
    return build_tokenizer(TokenizerRecipe(min_count=1), corpus)


def built(words, tasks=(POS,), seed=0, **sections):
    return build_model(recipe_of(**sections), tasks, words, seed)


def test_the_corpus_is_the_one_that_is_named():
    expected = load_corpus("demo", tasks=["chunk", "pos"], **SPLITS)
    found = build_corpus(recipe_of(["chunk", "pos"]))

    assert found.tasks == expected.tasks
    assert {split: found[split].to_dict() for split in found} == {split: expected[split].to_dict() for split in found}


def test_tasks_come_in_the_order_of_the_recipe_with_their_weights():
    corpus = build_corpus(recipe_of([{"name": "srl", "weight": 0.25}, "pos", {"name": "ner"}]))

    assert [(task.name, task.weight) for task in corpus.tasks] == [("srl", 0.25), ("pos", 1.0), ("ner", 1.0)]


def test_domains_are_kept_per_split():
    data = DataRecipe(options=SPLITS, train_domains=["news"], validation_domains=["chat", "news"])
    corpus = build_corpus(recipe_of(data=data))
    names = corpus["train"].features["domain"].names
    found = {split: {names[number] for number in corpus[split]["domain"]} for split in corpus}

    assert found == {"train": {"news"}, "validation": {"chat", "news"}, "test": {"news", "chat", "travel", "recipes"}}


def test_tasks_of_file_formats_are_described_by_the_recipe(tmp_path):
    (tmp_path / "x.conll").write_text("a X B-P 1.5\nb Y I-P 2\n\nc X O -1\n", encoding="utf-8")
    files = dict.fromkeys(("train", "validation", "test"), "x.conll")
    described = [
        {"name": "part", "labels": ["Y", "X"], "weight": 2.0},
        {"name": "span", "scheme": "IOB2", "metric": "span_f1"},
        {"name": "value", "kind": "regression", "metric": "spearman"},
    ]
    options = {"files": files, "columns": ["token", "part", "span", "value"]}
    corpus = build_corpus(recipe_of(described, data=DataRecipe(corpus="columns", root=str(tmp_path), options=options)))

    assert corpus.tasks == (
        Task("part", ("Y", "X"), weight=2.0),
        Task("span", ("O", "B-P", "I-P"), scheme="IOB2", metric="span_f1"),
        Task("value", kind="regression", metric="spearman"),
    )
    assert corpus["train"]["value"][:] == [[1.5, 2.0], [-1.0]]


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ("xpos", r"^corpus 'demo': there is no task 'xpos'"),
        (
            {"name": "pos", "labels": ["X"]},
            r"^tasks: 'pos' is described by its corpus; only its weight, decoder or scheme can be set",
        ),
        ({"name": "pos", "weight": -1}, r"^task 'pos': weight -1 should be a positive number$"),
        ({"name": "pos", "weight": "heavy"}, r"^task 'pos': weight 'heavy' should be a positive number$"),
    ],
)
def test_a_task_that_the_corpus_does_not_have_so_is_refused(task, message):
    with pytest.raises(UserError, match=message):
        build_corpus(recipe_of([task]))


def test_the_tokenizer_knows_the_words_of_training(corpus):
    tokenizer = build_tokenizer(TokenizerRecipe(min_count=1, lowercase=False, number_symbol=False), corpus)

    assert {word for tokens in corpus["train"]["tokens"] for word in tokens} <= set(tokenizer.get_vocab())


def test_what_the_recipe_says_of_words_is_done(corpus):
    def size(**values):
        return len(build_tokenizer(TokenizerRecipe(**values), corpus).get_vocab())

    everything = size(min_count=1, lowercase=False)
    assert size(min_count=3) < size(min_count=2) < size(min_count=1) < everything
    assert size(min_count=1, max_words=10) < 20


def test_the_model_is_as_large_as_the_recipe_says(tokenizer):
    config = built(tokenizer, model={**SIZES, "sharing": "hard_sharing", "num_subspaces": 4}, tasks=(POS,)).config

    assert {name: getattr(config, name) for name in SIZES} == SIZES
    assert (config.sharing, config.num_subspaces) == ("hard_sharing", 4)
    assert (config.vocab_size, config.char_vocab_size) == (tokenizer.vocab_size, tokenizer.char_vocab_size)
    assert config.tasks == [POS.to_dict()]


def test_the_weight_of_a_task_reaches_the_model(tokenizer):
    corpus = build_corpus(recipe_of(["pos", {"name": "chunk", "weight": 0.25}]))

    assert [task["weight"] for task in built(tokenizer, corpus.tasks, model=SIZES).config.tasks] == [1.0, 0.25]


def test_initial_values_are_a_function_of_the_seed(tokenizer):
    first, again, other = (copy_of(built(tokenizer, model=SIZES, seed=seed)) for seed in (3, 3, 4))

    assert_equal_parameters(first, again)
    assert not torch.equal(first["heads.0.dense.weight"], other["heads.0.dense.weight"])


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ({"hiden_size": 8}, r"^model\.hiden_size is no field of a recipe; known are model_type, word_embedding_size, "),
        ({"vocab_size": 8}, r"^model\.vocab_size is no field of a recipe; known are "),
        ({"tasks": []}, r"^model\.tasks is no field of a recipe; known are "),
        ({"hidden_size": 7}, r"^model: hidden_size 7 cannot be cut into num_subspaces 2 equal parts$"),
        ({"num_layers": "two"}, r"^model: num_layers should be a whole number of at least 1, not 'two'$"),
        ({"sharing": "none"}, r"^model: sharing 'none' is none of "),
        ({"sharing": ["sluice"]}, r"^model: "),
        ({"alpha_init": [[1.0, 0.0, 0.0]]}, r"^model: alpha_init"),
        ({"alpha_init": [[1.0], [1.0, 0.0]]}, r"^model: "),
    ],
)
def test_a_wrong_field_of_the_model_is_named(tokenizer, model, message):
    with pytest.raises(RecipeError, match=message) as caught:
        built(tokenizer, model={**SIZES, **model})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("compressed", [False, True])
def test_word_vectors_start_the_embedding(corpus, tokenizer, tmp_path, compressed):
    known = corpus["train"][0]["tokens"][0].lower()
    text = f"{known} " + " ".join(["0.5"] * 6) + "\nunheard " + " ".join(["9"] * 6) + "\n"
    path = tmp_path / ("vectors.txt.gz" if compressed else "vectors.txt")
    path.write_bytes(gzip.compress(text.encode()) if compressed else text.encode())
    plain = copy_of(built(tokenizer, model=SIZES))
    started = copy_of(built(tokenizer, model=SIZES, tokenizer=TokenizerRecipe(word_vectors=str(path))))
    row, name = tokenizer.get_vocab()[known], "sluice.words.embedding.weight"

    assert started[name][row].tolist() == [0.5] * 6
    plain[name][row] = 0.5
    assert_equal_parameters(started, plain)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, r"^tokenizer\.word_vectors: .*vectors\.txt: there is no such file of word vectors$"),
        ("", r"^tokenizer\.word_vectors: .*vectors\.txt: the file is empty"),
        ("a 1 2 3\n", r"^tokenizer\.word_vectors: .*vectors\.txt:1: the line has 3 values, expected 6$"),
    ],
)
def test_a_file_that_holds_no_vectors_of_that_width_is_refused(tokenizer, tmp_path, text, message):
    path = tmp_path / "vectors.txt"
    if text is not None:
        path.write_text(text)

    with pytest.raises(RecipeError, match=message):
        built(tokenizer, model=SIZES, tokenizer=TokenizerRecipe(word_vectors=str(path)))


def test_an_error_in_the_data_names_its_place(tmp_path):
    (tmp_path / "x.conll").write_text("a X\nb\n", encoding="utf-8")
    data = DataRecipe(
        corpus="columns", root=str(tmp_path), options={"files": {"train": "x.conll"}, "columns": ["token", "pos"]}
    )

    with pytest.raises(DataError, match=r"x\.conll:2: "):
        build_corpus(recipe_of([{"name": "pos"}], data=data))
