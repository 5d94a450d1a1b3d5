import pytest

from hf_sluice.models.triton_launch import LARGEST_HIDDEN_SIZE, plan_launch

H100, CONSUMER = (227 * 1024, 132), (99 * 1024, 80)


@pytest.mark.parametrize("hidden", range(1, LARGEST_HIDDEN_SIZE + 1))
@pytest.mark.parametrize("element_size", [2, 4])
@pytest.mark.parametrize("device", [H100, CONSUMER])
def test_a_launch_holds_all_units_and_fits(hidden, element_size, device):
    launch = plan_launch(hidden, 32, 8, element_size, *device)
    assert hidden <= launch.block_h < 2 * max(16, hidden)
    assert launch.block_h % launch.block_k == 0
    units = launch.block_h if launch.resident else launch.block_k
    assert 4 * units * launch.block_h * element_size < device[0]


def test_weights_are_held_where_there_is_room():
    held = {(h, size): plan_launch(h, 32, 8, size, *H100).resident for h in (64, 100, 200) for size in (2, 4)}
    assert held == {(64, 2): True, (100, 2): True, (200, 2): False, (64, 4): True, (100, 4): False, (200, 4): False}
    assert not plan_launch(100, 32, 8, 2, *CONSUMER).resident


@pytest.mark.parametrize(("batch", "hidden", "tile"), [(1, 100, 16), (32, 100, 16), (1000, 100, 32), (1000, 200, 16)])
def test_tiles_grow_once_all_processors_work(batch, hidden, tile):
    assert plan_launch(hidden, batch, 8, 4, *H100).tile == tile
