import pytest
import torch

from hf_sluice.models.dense_product import has_quicker_product, product

TOLERANCES = {torch.float64: 1e-13, torch.float32: 1e-5, torch.bfloat16: 0.2}


@pytest.mark.parametrize("dtype", list(TOLERANCES))
@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 7, 5), (40, 30, 50), (0, 3, 2), (2, 0, 3)])
def test_it_is_the_product(dtype, shape):
    rows, inner, columns = shape
    generator = torch.Generator().manual_seed(0)
    a, b = (torch.randn(size, generator=generator, dtype=torch.float64) for size in ((rows, inner), (inner, columns)))
    for left in (a, a.t().contiguous().t()):
        for right in (b, b.t().contiguous().t()):
            got = product(left.to(dtype), right.to(dtype))
            assert got.dtype == dtype
            torch.testing.assert_close(got.double(), a @ b, rtol=0, atol=TOLERANCES[dtype])


@pytest.mark.filterwarnings("ignore:TF32")
def test_switched_off_libraries_are_not_asked():
    matrix = torch.ones(2, 2)
    with torch.backends.mkldnn.flags(enabled=False):
        assert not has_quicker_product(matrix)
        assert torch.equal(product(matrix, matrix), 2 * matrix)


def test_other_numbers_than_float32_are_left_to_torch():
    assert not has_quicker_product(torch.ones(2, 2), torch.ones(2, 2, dtype=torch.float64))
