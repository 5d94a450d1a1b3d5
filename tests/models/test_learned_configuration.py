import copy

import numpy as np
import pytest
import torch

from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig
from hf_sluice.models.extraction import extract_tasks
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from hf_sluice.models.sharing_architecture import SharingArchitecture
from tests.models.tiny_sluice import connections_of, presets_of_tasks, tiny_batch, tiny_labels, tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model

SIZES = ("vocab_size", "char_vocab_size", "word_embedding_size", "char_embedding_size", "char_hidden_size",
         "head_hidden_size", "noise", "char_filters", "char_filter_width")  # fmt: skip
LEARNED = [(s, n, c) for s, n in presets_of_tasks(1, 3) if s != "fixed" for c in connections_of(s)]


def learned(num_tasks=3, **values):
    """A model whose α and β are far from any initial values, and its architecture."""
    model = tiny_model(num_tasks, dtype=torch.float32, **values)
    return model, SharingArchitecture.of_model(model)


def tasks(*names):
    return [{"name": name, "labels": [f"{name}{number}" for number in range(4)]} for name in names]


def configured(model, architecture, **values):
    return SluiceConfig.from_architecture(architecture, **{**{n: getattr(model.config, n) for n in SIZES}, **values})


def built(config, **values):
    torch.manual_seed(0)
    return SluiceForTokenClassification(config, **values).eval()


def with_weights_of(model, config, networks=None):
    """A model with the weights of another one, whose networks stand where those named stood."""
    made = built(config)
    state = {name: value for name, value in model.state_dict().items() if "_weights." not in name}
    if networks is not None:
        layers = [name for name in state if ".layers." in name]
        state |= {name: state[name][networks] for name in layers}
        heads = {name: value for name, value in state.items() if name.startswith("heads.")}
        state = {name: value for name, value in state.items() if name not in heads}
        for new, old in enumerate(networks):
            of_old = {name: value for name, value in heads.items() if name.startswith(f"heads.{old}.")}
            state |= {name.replace(f"heads.{old}.", f"heads.{new}."): value for name, value in of_old.items()}
    assert not made.load_state_dict(state, strict=False).unexpected_keys
    return made


def same_bits(tensor, other):
    return torch.equal(tensor, other) and torch.equal(torch.signbit(tensor), torch.signbit(other))


@pytest.mark.parametrize(("sharing", "number", "connection"), LEARNED)
def test_a_frozen_architecture_is_the_learned_one_bit_for_bit(sharing, number, connection):
    model, architecture = learned(number, sharing=sharing, layer_connection=connection)
    config = configured(model, architecture)
    again = with_weights_of(model, config)

    assert config.sharing == "fixed"
    assert same_bits(again.alpha, model.alpha)
    assert same_bits(again.beta, model.beta)
    assert again.sluice.alpha_weights.free is again.sluice.beta_weights.free is None
    batch = tiny_batch()
    for name, logits in model(**batch).logits.items():
        assert torch.equal(again(**batch).logits[name], logits)


@pytest.mark.parametrize(("sharing", "number", "connection"), LEARNED)
def test_learning_starts_from_the_learned_values_bit_for_bit(sharing, number, connection):
    model, architecture = learned(number, sharing=sharing, layer_connection=connection)
    config = configured(model, architecture, learn="start")
    again = built(config)

    assert (config.sharing, config.layer_connection) == (sharing, connection)
    assert same_bits(again.alpha, model.alpha)
    assert same_bits(again.beta, model.beta)
    for weights in ("alpha_weights", "beta_weights"):
        ours, theirs = getattr(again.sluice, weights), getattr(model.sluice, weights)
        assert torch.equal(ours.slots, theirs.slots)


def test_alpha_is_kept_while_everything_else_is_trained():
    model, architecture = learned(2)
    again = built(configured(model, architecture)).train()
    batch = tiny_batch()
    before = {name: value.clone() for name, value in again.state_dict().items()}
    optimizer = torch.optim.SGD(again.parameters(), lr=0.1)
    again(**batch, labels=tiny_labels(again.config, batch)).loss.backward()
    optimizer.step()

    assert same_bits(again.alpha, model.alpha)
    assert same_bits(again.beta, model.beta)
    assert not torch.equal(again.state_dict()["sluice.layers.0.weight_hh"], before["sluice.layers.0.weight_hh"])


@pytest.mark.parametrize("names", [("c", "a", "b"), ("b",), ("c", "a")])
@pytest.mark.parametrize("learn", ["frozen", "start"])
def test_tasks_may_be_renamed_reordered_and_left_out(names, learn):
    model, architecture = learned(3)
    old = {"a": "task0", "b": "task1", "c": "task2"}
    sources = {name: old[name] for name in names}
    again = built(configured(model, architecture, tasks=tasks(*names), sources=sources, learn=learn))

    rows = [int(old[name][-1]) for name in names]
    units = [2 * row + s for row in rows for s in range(2)]
    assert same_bits(again.alpha, model.alpha[:, units][:, :, units])
    assert same_bits(again.beta, model.beta[rows])
    assert [len(task["labels"]) for task in again.config.tasks] == [4] * len(names)


def test_networks_with_the_weights_of_one_place_compute_what_stood_there():
    model, architecture = learned(2)
    sources = {"a": "task1", "b": "task0", "c": "task1"}
    of_two = {task["name"]: task for task in model.config.tasks}
    described = [{**of_two[source], "name": name} for name, source in sources.items()]
    again = with_weights_of(model, configured(model, architecture, tasks=described, sources=sources), [1, 0, 1])

    batch = tiny_batch()
    expected, found = model(**batch).logits, again(**batch).logits
    for name, source in sources.items():
        torch.testing.assert_close(found[name], expected[source])


def test_a_new_task_does_not_disturb_what_is_frozen():
    model, architecture = learned(2)
    wanted = [*architecture.tasks, *tasks("new")]
    config = configured(model, architecture, tasks=wanted, sources={"new": None}, beta_init="balanced")
    again, batch = built(config), tiny_batch()
    before = again(**batch).logits
    with torch.no_grad():
        for name, parameter in again.named_parameters():
            if ".layers." in name:
                parameter[2].normal_()
    after = again(**batch).logits

    assert all(torch.equal(before[name], after[name]) for name in ("task0", "task1"))
    assert not torch.equal(before["new"], after["new"])
    assert again.beta[2].tolist() == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize("sharing", ["sluice", "cross_stitch", "domain_adaptation", "block_communication"])
def test_a_new_task_begins_as_its_preset_has_it(sharing):
    model, architecture = learned(2, sharing=sharing)
    wanted = [*architecture.tasks, {**architecture.tasks[0], "name": "new"}]
    again = built(configured(model, architecture, tasks=wanted, sources={"new": None}, learn="start"))
    fresh = built(SluiceConfig(tasks=wanted, sharing=sharing, hidden_size=8))

    assert same_bits(again.alpha[:, :4, :4], model.alpha)
    assert same_bits(again.beta[:2], model.beta)
    assert torch.equal(again.alpha[:, 4, 4], fresh.alpha[:, 4, 4])
    assert torch.equal(again.alpha[:, 4:, 4:] == 0, fresh.alpha[:, 4:, 4:] == 0)
    assert torch.equal(again.beta[2], fresh.beta[2])


def test_tasks_of_one_network_share_it_again():
    model, architecture = learned(3, sharing="low_supervision", task_layers={"task1": 2})
    sources = {"x": "task1", "new": None, "y": "task0"}
    start = configured(model, architecture, tasks=tasks("x", "new", "y"), sources=sources, learn="start")
    frozen = configured(model, architecture, tasks=tasks("x", "new", "y"), sources=sources)

    assert start.task_layers == {"x": 2, "new": 1, "y": 3}
    assert frozen.beta_init == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert (frozen.num_networks, frozen.task_networks) == (1, {"x": 1, "new": 1, "y": 1})


def test_networks_that_several_tasks_or_none_read_are_kept_as_they_are():
    model, _ = learned(3)
    part = extract_tasks(model, ["task2", "task0"])
    architecture = SharingArchitecture.of_model(part)
    config = configured(model, architecture, tasks=tasks("a", "b"), sources={"a": "task0", "b": "task0"})

    assert part.config.num_networks == 3
    assert same_bits(built(config).alpha, part.alpha)
    assert config.task_networks == {"a": 1, "b": 1}
    with pytest.raises(ValueError, match=r"^tasks: the architecture has 3 networks for 2 tasks, and none for the new"):
        configured(model, architecture, tasks=tasks("a"), sources={"a": None})
    with pytest.raises(ValueError, match=r"^sharing 'sluice' has a network for each task, the architecture 3 for 2"):
        configured(model, architecture, sharing="sluice", learn="start")


def test_what_was_frozen_may_be_learned_again():
    model, architecture = learned(2)
    frozen = SharingArchitecture.of_model(built(configured(model, architecture)))
    config = configured(model, frozen, learn="start")

    assert config.sharing == "sluice"
    assert same_bits(built(config).alpha, model.alpha)
    assert configured(model, architecture, learn="start", sharing="group_lasso").sharing == "group_lasso"


def test_alpha_holds_at_another_width_and_the_label_sets_stay():
    model, architecture = learned(2)
    config = configured(model, architecture, hidden_size=12)

    assert (config.hidden_size, model.config.hidden_size) == (12, 8)
    assert config.tasks == model.config.tasks
    assert same_bits(built(config).alpha, model.alpha)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"learn": "never"}, "learn 'never' is none of frozen, start"),
        ({"num_layers": 2}, "num_layers: the architecture is one of num_layers 3, not 2"),
        ({"num_subspaces": 4}, "num_subspaces: the architecture is one of num_subspaces 2, not 4"),
        ({"layer_connection": "last"}, "layer_connection: the architecture is one of layer_connection 'mixture', not"),
        ({"hidden_size": 9}, "hidden_size 9 cannot be cut into num_subspaces 2 equal parts"),
        ({"sharing": "sluice"}, "sharing: nothing of a frozen architecture is learned"),
        ({"task_layers": {"task0": 1}}, "task_layers: a frozen architecture says which layers a task reads"),
        ({"task_networks": {"task0": 1}}, "task_networks: the architecture says which network a task reads"),
        ({"sharing": "fixed", "learn": "start"}, "sharing 'fixed' learns nothing; choose of sluice, "),
        ({"sharing": "none", "learn": "start"}, "sharing 'none' learns nothing; choose of sluice, "),
        ({"sharing": "hard_sharing", "learn": "start"}, "sharing 'hard_sharing' has one network, the architecture 2"),
        ({"sources": {"task1": "task7"}}, "tasks: there is no 'task7' in the architecture"),
        ({"tasks": tasks("other")}, "tasks: there is no 'other' in the architecture"),
    ],
)
def test_what_does_not_go_with_the_architecture_is_named(values, message):
    with pytest.raises(ValueError, match=f"^{message}") as caught:
        configured(*learned(2), **values)
    assert "\n" not in str(caught.value)


def sparse(**values):
    model = tiny_sparse_model(3, dtype=torch.float32, **values)
    return model, SharingArchitecture.of_model(model)


def sparse_config(model, architecture, **values):
    given = {name: getattr(model.config, name) for name in ("vocab_size", "char_vocab_size")}
    return SparseSharingConfig.from_architecture(architecture, **{**given, **values})


@pytest.mark.parametrize("encoder", ["cnn", "bilstm", "none"])
def test_masks_find_a_model_of_their_shapes(encoder):
    model, architecture = sparse(char_encoder=encoder)
    again = SparseSharingForTokenClassification(sparse_config(model, architecture))
    architecture.apply(again)

    assert again.config.masked_shapes() == model.config.masked_shapes()
    for task, masks in model.masks.items():
        assert all(torch.equal(again.masks[task][name], mask) for name, mask in masks.items())


def test_masks_go_to_other_tasks_and_new_tasks_keep_every_weight():
    model, architecture = sparse()
    wanted, sources = tasks("x", "new", "y"), {"x": "task2", "y": "task2", "new": None}
    again = SparseSharingForTokenClassification(
        sparse_config(model, architecture, tasks=wanted, sources=sources, decoder="mlp")
    )
    architecture.apply(again, sources)

    for name, mask in model.masks["task2"].items():
        assert torch.equal(again.masks["x"][name], mask)
        assert torch.equal(again.masks["y"][name], mask)
        assert again.masks["new"][name].all()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"hidden_size": 12}, r"masks hold .* of layers.0.weight_ih is \(1, 2, 32, 11\), but there it is \(1, 2, 48"),
        ({"num_layers": 1}, "masks hold for the same shapes alone: that of layers.1.weight_ih is .*, but there is no"),
        ({"num_layers": 3}, "num_layers: the masks are those of 2 layers"),
        ({"char_encoder": "none"}, "masks hold for the same shapes alone: that of words.characters.weight is"),
        ({"masked_parameters": ["layers.0.weight_hh"]}, "masked_parameters: they are those of the architecture"),
        ({"tasks": tasks("other")}, "tasks: there is no 'other' in the architecture"),
    ],
)  # fmt: skip
def test_masks_of_other_shapes_are_named(values, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        sparse_config(*sparse(), **values)


def test_masks_cannot_be_given_to_a_model_of_other_shapes():
    _, architecture = sparse()
    other = tiny_sparse_model(3, hidden_size=12)
    with pytest.raises(ValueError, match=r"masks of 'task0': layers.0.weight_ih should be of shape"):
        architecture.apply(other)


def test_an_architecture_is_for_its_own_type_of_model():
    (_, of_mixing), (_, of_masks) = learned(2), sparse()
    with pytest.raises(ValueError, match="is one of sparse sharing; it is for SparseSharingConfig"):
        SluiceConfig.from_architecture(of_masks)
    with pytest.raises(ValueError, match="is one of a sluice network; it is for SluiceConfig"):
        SparseSharingConfig.from_architecture(of_mixing)
    with pytest.raises(ValueError, match="has no masks"):
        of_mixing.masks_for(["task0"])


def test_a_configuration_shares_nothing_with_the_architecture():
    model, architecture = learned(2)
    before = copy.deepcopy(architecture.tasks)
    config = configured(model, architecture)
    config.tasks[0]["name"] = "changed"
    config.tasks[1]["labels"].append("changed")
    model.config.tasks[0]["labels"].append("changed")
    assert architecture.tasks == before
    assert np.isfinite(architecture.mixing.alpha).all()
