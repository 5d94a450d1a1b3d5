from __future__ import annotations

import pytest
import torch

from hf_sluice.errors import UserError
from hf_sluice.export.tagger_graph import tagger_graphs
from hf_sluice.models.extraction import extract_tasks
from tests.export.exporting import assert_same, run_graph, run_model, session_of, with_padding_of_zeros
from tests.models.tiny_sluice import connections_of, presets_of_tasks, tiny_batch, tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model
from tests.models.tiny_tagging import DECODING, tiny_tagger

ENCODERS = ("none", "cnn", "bilstm")
LENGTHS = ((1,), (5, 3, 1), (2, 2), (9, 30, 1, 4))


def check_model(model, *, operators=17):
    with_padding_of_zeros(model)
    session = session_of(model, operators)
    for seed, lengths in enumerate(LENGTHS):
        batch = tiny_batch(lengths, seed)
        assert_same(run_graph(session, batch), run_model(model, batch), batch)


@pytest.mark.parametrize(("sharing", "num_tasks"), presets_of_tasks(1, 3))
def test_every_preset_and_way_to_read_layers(sharing, num_tasks):
    for connection in connections_of(sharing):
        check_model(tiny_model(num_tasks, dtype=torch.float32, sharing=sharing, layer_connection=connection))


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_every_character_encoder(make, encoder):
    check_model(make(3, dtype=torch.float32, char_encoder=encoder))


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
@pytest.mark.parametrize("hashes", [1, 4])
def test_word_features(make, encoder, hashes):
    features = {"word_features": ["norm", "shape"], "feature_rows": 7, "feature_hashes": hashes}
    check_model(make(3, dtype=torch.float32, char_encoder=encoder, **features))


@pytest.mark.parametrize("encoder", ENCODERS)
def test_subnets_of_different_depths(encoder):
    check_model(tiny_sparse_model(3, dtype=torch.float32, char_encoder=encoder, depths={"task1": 1}, num_layers=3))


@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
@pytest.mark.parametrize("decoding", DECODING)
def test_every_head(make, decoding):
    check_model(tiny_tagger(make, decoding))


@pytest.mark.parametrize("values", [{"num_layers": 1}, {"num_subspaces": 4}, {"num_subspaces": 1}, {"hidden_size": 2}])
def test_other_sizes(values):
    check_model(tiny_model(3, dtype=torch.float32, **values))


@pytest.mark.parametrize("operators", [14, 18, 21])
def test_other_versions_of_operators(operators):
    check_model(tiny_model(2, dtype=torch.float32, char_encoder="cnn"), operators=operators)
    assert [graph.opset_import[0].version for graph in tagger_graphs(tiny_model(2), operators)] == [operators] * 2


@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_a_part_has_what_its_tasks_need_alone(make):
    whole = make(3, dtype=torch.float32)
    part = extract_tasks(whole, ["task2"])
    sizes = [len(tagger_graphs(model, 17).tagger.SerializeToString()) for model in (part, whole)]
    assert sizes[0] < sizes[1]
    batch = tiny_batch()
    assert_same(run_graph(session_of(part), batch), {"task2": run_model(whole, batch)["task2"]}, batch)


@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
@pytest.mark.parametrize("encoder", ["cnn", "bilstm"])
def test_neither_padding_nor_company_matters(make, encoder):
    session = session_of(with_padding_of_zeros(make(2, dtype=torch.float32, char_encoder=encoder)))
    batch = tiny_batch((6, 4, 1))
    found = run_graph(session, batch)
    padded = {name: torch.nn.functional.pad(value, (0, 5)) for name, value in batch.items()}  # words, and characters
    assert_same({name: values[:, :6] for name, values in run_graph(session, padded).items()}, found, batch)
    for row in range(3):
        alone = {name: value if name == "char_ids" else value[row : row + 1] for name, value in batch.items()}
        assert_same(run_graph(session, alone), {name: values[row : row + 1] for name, values in found.items()}, alone)


def test_weights_that_no_node_reads_are_an_error():
    model = tiny_model(2)
    model.sluice.words.register_parameter("prefixes", torch.nn.Parameter(torch.ones(3)))

    with pytest.raises(UserError, match=r"the weights words\.prefixes"):
        tagger_graphs(model, 17)
