from __future__ import annotations

from dataclasses import replace

import pytest

from hf_sluice.data.load import load_corpus
from hf_sluice.data.scheme_conversion import convert_scheme
from hf_sluice.errors import RecipeError, UserError
from hf_sluice.hub.cards.sources import Sources
from hf_sluice.hub.corpus_folder import save_corpus
from hf_sluice.hub.corpus_origin import CorpusOrigin
from hf_sluice.recipe import Recipe
from hf_sluice.tasks import Task
from hf_sluice.training.recipe_corpus import choose_from_corpus, load_source_corpus, source_tasks

SPLITS = {"train_sentences": 80, "validation_sentences": 16, "test_sentences": 16}
NOISE = {"noise": {"source": "chunk", "labels": "random"}, "twin": {"source": "pos", "labels": "copy"}}
LETTERS = {"files": {"train": "x.conll", "test": "x.conll"}, "columns": ["token", "part", "other"]}


def recipe_of(*tasks, seed=0, **data):
    return Recipe(data={"options": SPLITS, **data}, tasks=list(tasks), output="out", seed=seed)


def built(*tasks, **data):
    recipe = recipe_of(*tasks, **data)
    return choose_from_corpus(load_source_corpus(recipe.data, recipe.tasks), recipe.data, recipe.tasks)


def content(corpus):
    return {split: corpus[split].to_dict() for split in corpus}


def layer(corpus, task, split="train"):
    return dict(zip(corpus[split]["sent_id"], corpus[split][task], strict=True))


def carried(corpus, task):
    return {name for name, labels in layer(corpus, task).items() if labels is not None}


def test_only_what_the_tasks_come_from_is_loaded():
    def sources(*tasks, **data):
        recipe = recipe_of(*tasks, **data)
        return source_tasks(recipe.data, recipe.tasks)

    assert sources("ner", {"name": "pos", "weight": 2}) == ["ner", "pos"]
    assert sources("ner", derived_tasks=NOISE) == ["ner"]
    assert sources("noise", "ner", derived_tasks=NOISE) == ["ner", "chunk"]
    assert sources("chunk", "noise", "twin", derived_tasks=NOISE) == ["chunk", "pos"]
    assert sources("pos_news", "pos_chat", domain_tasks="pos") == ["pos"]
    assert sources("twin_news", domain_tasks="twin", derived_tasks=NOISE) == ["pos"]
    assert sources("noise", derived_tasks=NOISE, disjoint_sentences={"noise": 3, "pos": 2}) == ["chunk", "pos"]


def test_choosing_leaves_the_source_as_it_is():
    recipe = recipe_of("noise", "pos", derived_tasks=NOISE, disjoint_sentences={"noise": 9, "pos": 5})
    source = load_source_corpus(recipe.data, recipe.tasks)
    before, tasks = content(source), source.tasks
    choose_from_corpus(source, recipe.data, recipe.tasks)

    assert (content(source), source.tasks) == (before, tasks)


def test_a_source_with_more_tasks_gives_the_same():
    recipe = recipe_of("noise", "pos", derived_tasks=NOISE, max_sentences={"train": 20})
    everything = load_corpus("demo", **SPLITS)
    chosen = choose_from_corpus(everything, recipe.data, recipe.tasks)

    assert content(chosen) == content(built(*recipe.tasks, **recipe.data.model_dump()))
    assert chosen["train"].column_names == ["tokens", "noise", "pos", "domain", "sent_id"]


def test_derived_tasks_are_tasks_with_their_weights():
    corpus = built({"name": "noise", "weight": 0.5}, "pos", "twin", derived_tasks=NOISE)
    labels = {task.name: task.labels for task in load_corpus("demo", **SPLITS).tasks}

    assert corpus.tasks == (Task("noise", labels["chunk"], weight=0.5), Task("pos", labels["pos"]),
                            Task("twin", labels["pos"]))  # fmt: skip
    assert layer(corpus, "twin") == layer(corpus, "pos")


def test_a_task_has_the_decoder_that_the_recipe_wants():
    wanted = {"name": "ner", "scheme": "BIOES", "decoder": "linear_crf"}
    corpus = built(wanted, {"name": "noise", "decoder": "linear"}, "pos", derived_tasks=NOISE)

    assert [task.decoder for task in corpus.tasks] == ["linear_crf", "linear", None]
    assert content(corpus) == content(built({"name": "ner", "scheme": "BIOES"}, "noise", "pos", derived_tasks=NOISE))


def test_the_runs_seed_has_no_say():
    def of_seed(seed):
        recipe = recipe_of("noise", seed=seed, derived_tasks=NOISE, max_sentences={"train": 20})
        return content(choose_from_corpus(load_source_corpus(recipe.data, recipe.tasks), recipe.data, recipe.tasks))

    assert of_seed(1) == of_seed(2)
    assert of_seed(1) != content(built("noise", derived_tasks=NOISE, max_sentences={"train": 20}, sampling_seed=1))


def test_random_labels_of_a_sentence_do_not_depend_on_what_else_is_chosen():
    everything = layer(built("noise", derived_tasks=NOISE), "noise")
    fewer = built("noise", "pos", derived_tasks=NOISE, max_sentences={"train": 12}, train_domains=["news"])

    assert len(fewer["train"]) == 12
    assert layer(fewer, "noise").items() <= everything.items()


def test_sizes_count_sentences_of_the_chosen_domains():
    corpus = built("pos", max_sentences={"train": 9, "test": 3}, train_domains=["news", "chat"], test_domains=["chat"])

    assert {split: len(data) for split, data in corpus.items()} == {"train": 9, "validation": 8, "test": 3}
    assert {corpus.domains[number] for number in corpus["test"]["domain"]} == {"chat"}


def test_sentences_are_separated_after_sampling():
    data = {"derived_tasks": NOISE, "max_sentences": {"train": 30}, "sampling_seed": 4}
    sampled = set(built("noise", "pos", **data)["train"]["sent_id"])
    corpus = built("noise", "pos", **data, disjoint_sentences={"noise": 20, "pos": 10})

    assert (len(carried(corpus, "noise")), len(carried(corpus, "pos"))) == (20, 10)
    assert carried(corpus, "noise") | carried(corpus, "pos") == sampled
    assert all(labels is not None for name in ("noise", "pos") for labels in layer(corpus, name, "test").values())


def test_one_task_alone_has_the_sentences_that_it_has_beside_others():
    data = {"derived_tasks": NOISE, "disjoint_sentences": {"noise": 20, "pos": 10}}
    both, alone = built("noise", "pos", **data), built("pos", **data)

    assert carried(alone, "pos") == carried(both, "pos") == set(alone["train"]["sent_id"])


def test_sentences_are_separated_by_the_sampling_seed():
    def of_seed(seed):
        return carried(built("pos", disjoint_sentences={"pos": 20}, sampling_seed=seed), "pos")

    assert of_seed(1) == of_seed(1)
    assert of_seed(1) != of_seed(2)


def test_a_task_is_written_in_the_scheme_that_the_recipe_wants():
    data = {"derived_tasks": {"spans": {"source": "ner", "labels": "copy"}}, "max_sentences": {"train": 30}}
    wanted = {"name": "ner", "scheme": "BIOES", "weight": 2.0}
    corpus, plain = (built(task, "spans", "chunk", **data, validate_on_train=True) for task in (wanted, "ner"))

    assert content(corpus) == content(convert_scheme(plain, "ner", "BIOES"))
    assert corpus.tasks[0] == replace(convert_scheme(plain, "ner", "BIOES").tasks[0], weight=2.0)
    assert corpus.tasks[1:] == plain.tasks[1:]
    assert corpus["validation"].to_dict() == corpus["train"].to_dict()


PARTS = {
    "tags": {"corpus": "demo", "tasks": ["pos"], "options": SPLITS, "max_sentences": {"train": 30}},
    "spans": {"corpus": "demo", "tasks": ["chunk", "ner"], "options": {**SPLITS, "seed": 1}},
}


def test_a_combined_corpus_is_chosen_from_as_any_other():
    data = {"corpus": "combined", "options": {"parts": PARTS}, "train_domains": ["tags/news", "spans/chat"]}
    data["derived_tasks"] = {"position": {"source": "ner", "labels": "position"}}
    corpus = built("pos", {"name": "ner", "scheme": "BIOES"}, "position", **data, max_sentences={"test": 5})

    assert {corpus.domains[number] for number in corpus["train"]["domain"]} == {"tags/news", "spans/chat"}
    assert {name.partition("/")[0] for name in carried(corpus, "pos")} == {"tags"}
    assert {name.partition("/")[0] for name in carried(corpus, "ner")} == {"spans"}
    assert carried(corpus, "position") == carried(corpus, "ner")
    assert corpus.tasks[1].scheme == "BIOES"
    assert len(corpus["test"]) == 5


def test_only_the_parts_that_the_tasks_come_from_are_loaded():
    def loaded(*tasks, **more):
        data = {"corpus": "combined", "options": {"parts": PARTS}, **more}
        return {name.partition("/")[0] for name in built(*tasks, **data)["train"]["sent_id"]}

    assert loaded("pos") == {"tags"}
    assert loaded("ner", "chunk") == {"spans"}
    assert loaded("noise", derived_tasks=NOISE) == {"spans"}
    assert loaded("ner", "pos") == {"spans", "tags"}


def test_the_scheme_of_a_described_task_is_that_of_its_file_and_a_task_made_of_it_may_have_another(tmp_path):
    (tmp_path / "x.conll").write_text("a X B-P\nb Y I-P\n", encoding="utf-8")
    spans = {"name": "other", "scheme": "IOB2"}
    derived = {"twin": {"source": "other", "labels": "copy"}}
    data = {"corpus": "columns", "root": str(tmp_path), "options": LETTERS, "derived_tasks": derived}
    corpus = built(spans, {"name": "twin", "scheme": "BIOES"}, **data)

    assert [task.labels for task in corpus.tasks] == [("O", "B-P", "I-P"), ("O", "B-P", "E-P", "I-P", "S-P")]
    assert corpus["train"][0]["other"] == [1, 2]
    assert corpus.notes == (
        "twin: the labels of other",
        "twin: IOB2 converted to BIOES, 0 malformed sentences repaired",
    )
    assert corpus["train"][0]["twin"] == [1, 2]


def test_domains_become_tasks():
    data = {"domain_tasks": "pos", "train_domains": ["news", "chat"]}
    corpus = built({"name": "pos_news", "weight": 2.0}, "pos_chat", **data)

    assert [(task.name, task.weight) for task in corpus.tasks] == [("pos_news", 2.0), ("pos_chat", 1.0)]
    assert corpus["train"].column_names == ["tokens", "pos_news", "pos_chat", "domain", "sent_id"]
    assert (len(carried(corpus, "pos_news")), len(carried(corpus, "pos_chat"))) == (20, 20)
    assert {split: len(rows) for split, rows in corpus.items()} == {"train": 40, "validation": 8, "test": 8}


def test_validation_can_be_training():
    corpus = built("pos", max_sentences={"train": 7}, validate_on_train=True)

    assert corpus["validation"].to_dict() == corpus["train"].to_dict()
    assert len(corpus["test"]) == 16
    assert corpus.notes[-1] == "validation: the training sentences, in place of those of development"


def test_tasks_of_file_formats_can_be_derived_from(tmp_path):
    (tmp_path / "x.conll").write_text("a X P\nb Y Q\n\nc X P\n", encoding="utf-8")
    derived = {"twin": {"source": "part", "labels": "copy"}}
    data = {"corpus": "columns", "root": str(tmp_path), "options": LETTERS, "derived_tasks": derived}
    corpus = built({"name": "part", "weight": 2.0}, {"name": "twin", "weight": 3.0}, **data)

    assert corpus.tasks == (Task("part", ("X", "Y"), weight=2.0), Task("twin", ("X", "Y"), weight=3.0))
    assert corpus["train"]["twin"][:] == [[0, 1], [0]]
    with pytest.raises(RecipeError, match=r"^data\.derived_tasks\.twin\.source: there is no task 'part'"):
        built("twin", **data)
    with pytest.raises(
        RecipeError,
        match=r"^tasks: 'twin' is described by its corpus; only its weight, decoder or scheme can be set, not",
    ):
        built({"name": "part"}, {"name": "twin", "labels": ["X"]}, **data)


@pytest.mark.parametrize(
    ("tasks", "data"),
    [
        (["srl", {"name": "ner", "weight": 2.0, "scheme": "BIOES"}], {"train_domains": ["news"]}),
        (["pos", "noise", {"name": "twin", "decoder": "linear"}], {"derived_tasks": NOISE}),
        (["pos_news", "pos_chat", "ner"], {"domain_tasks": "pos", "train_domains": ["news", "chat"]}),
        (["ner", "pos"], {"disjoint_sentences": {"ner": 20, "chunk": 30}, "max_sentences": {"train": 60}}),
    ],
)
def test_a_saved_corpus_is_chosen_from_as_any_other(tmp_path, tasks, data):
    save_corpus(load_corpus("demo", **SPLITS), tmp_path / "saved", CorpusOrigin(Sources(), {}))
    from_saved = {**data, "corpus": "datasets", "root": str(tmp_path), "options": {"path": "saved"}}
    chosen, expected = built(*tasks, **from_saved), built(*tasks, **data)

    assert content(chosen) == content(expected)
    assert chosen.tasks == expected.tasks
    assert [chosen[split].features for split in chosen] == [expected[split].features for split in expected]


def test_a_task_that_a_saved_corpus_lacks_is_named(tmp_path):
    save_corpus(load_corpus("demo", tasks=["pos"], **SPLITS), tmp_path / "saved", CorpusOrigin(Sources(), {}))
    data = {"corpus": "datasets", "options": {"path": str(tmp_path / "saved")}}
    for tasks, made in (
        (["ner"], {}),
        (["twin"], {"derived_tasks": {"twin": {"source": "ner", "labels": "copy"}}}),
        (["ner_news"], {"domain_tasks": "ner", "train_domains": ["news"]}),
    ):
        with pytest.raises(UserError, match="has no task 'ner'; it has pos"):
            built(*tasks, **data, **made)


@pytest.mark.parametrize(
    ("tasks", "data", "message"),
    [
        (["x"], {"derived_tasks": {"x": {"source": "xpos", "labels": "copy"}}},
         r"^data\.derived_tasks\.x\.source: there is no task 'xpos'; there is pos, chunk, ner, srl$"),
        (["x"], {"derived_tasks": {"x": {"source": "twin", "labels": "copy"}, **NOISE}},
         r"^data\.derived_tasks\.x\.source: there is no task 'twin'; there is pos, chunk, ner, srl$"),
        (["pos"], {"derived_tasks": {"ner": {"source": "pos", "labels": "copy"}}},
         r"^data\.derived_tasks\.ner: an annotated task has this name; choose another one$"),
        (["domain"], {"derived_tasks": {"domain": {"source": "pos", "labels": "copy"}}},
         r"^derived task 'domain': the name is taken by a column of the corpus; choose another one$"),
        (["a b"], {"derived_tasks": {"a b": {"source": "pos", "labels": "copy"}}}, r"^task 'a b': a name is made of "),
        (["twin_news"], {"domain_tasks": "twin"}, r"^data\.domain_tasks: there is no task 'twin'; there is pos, "),
        (["pos_nws"], {"domain_tasks": "pos"}, r"^tasks: there is no task 'pos_nws'; there is pos, pos_chat, "),
        (["pos_chat"], {"domain_tasks": "pos", "train_domains": ["news"]},
         r"^tasks: there is no task 'pos_chat'; there is pos, pos_news$"),
        (["pos_chat"], {"domain_tasks": "pos", "test_domains": ["news"]},
         r"^split 'test': no sentence is left that carries one of pos_chat$"),
        (["pos"], {"disjoint_sentences": {"noise": 4}},
         r"^data\.disjoint_sentences: there is no task 'noise'; there is pos, chunk, ner, srl$"),
        (["pos"], {"disjoint_sentences": {"pos": 90}},
         r"^disjoint_sentences: 90 sentences for 'pos', but only 80 are left$"),
        (["pos"], {"corpus": "dmo"}, r"^corpus 'dmo' is unknown; choose one of "),
        ([{"name": "twin", "labels": ["A"]}], {"derived_tasks": NOISE},
         r"^tasks: 'twin' is described by its corpus; only its weight, decoder or scheme can be set, not labels$"),
        ([{"name": "pos", "decoder": "crf"}], {},
         r"^task 'pos': decoder 'crf' is not one of mlp, linear, mlp_crf, linear_crf$"),
        ([{"name": "ner", "scheme": "BILOU"}], {}, r"^task 'ner': scheme 'BILOU' is not one of IOB1, IOB2, BIOES$"),
        ([{"name": "pos", "scheme": "BIOES"}], {}, r"^task 'pos': its labels mark no spans that could be written in "),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_named(tasks, data, message):
    with pytest.raises(UserError, match=message) as caught:
        built(*tasks, **data)
    assert "\n" not in str(caught.value)
