import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.models.packed_bits import has_stray_bits, pack_bits, packed_size, unpack_bits


@st.composite
def rows_of_bits(draw):
    rows, number = draw(st.integers(1, 3)), draw(st.integers(1, 40))
    bits = draw(st.lists(st.booleans(), min_size=rows * number, max_size=rows * number))
    return torch.tensor(bits).view(rows, number)


@given(rows_of_bits())
def test_what_was_packed_comes_back(bits_MN):
    packed = pack_bits(bits_MN)
    assert packed.dtype == torch.uint8
    assert packed.shape == (len(bits_MN), packed_size(bits_MN.shape[1]))
    assert torch.equal(unpack_bits(packed, bits_MN.shape[1]), bits_MN)
    assert not has_stray_bits(packed, bits_MN.shape[1])


@given(rows_of_bits())
def test_every_weight_is_one_bit_of_its_byte_the_first_the_highest(bits_MN):
    for row, bits in zip(pack_bits(bits_MN).tolist(), bits_MN.tolist(), strict=True):
        digits = "".join(f"{byte:08b}" for byte in row)
        assert digits == "".join(str(int(bit)) for bit in bits).ljust(len(digits), "0")


@pytest.mark.parametrize(("bits", "size"), [(1, 1), (8, 1), (9, 2), (800_000, 100_000)])
def test_size(bits, size):
    assert packed_size(bits) == size


@pytest.mark.parametrize("number", [1, 7, 9, 15])
def test_every_bit_beyond_the_last_one_is_seen(number):
    for place in range(packed_size(number) * 8):
        packed = torch.zeros(2, packed_size(number), dtype=torch.uint8)
        packed[1, place // 8] = 1 << 7 - place % 8
        assert has_stray_bits(packed, number) == (place >= number)
