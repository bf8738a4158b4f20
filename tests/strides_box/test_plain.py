"""Values survive the wire; what is no value is refused, whatever it looks like."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from strides.check import Foreign
from strides_box.plain import MOST_NUMBERS_IN_LIST, NotPlain, Packer, Tensor, Unpacker


def keep(value):
    return {"t": "foreign", "module": type(value).__module__, "name": type(value).__name__}


def over(value):
    """The value after a journey."""
    packer = Packer(keep)
    tree = packer.pack(value)
    arrays = tuple(memoryview(bytearray(array)) for array in packer.arrays)
    return Unpacker(arrays, lambda tree: tree).unpack(tree)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.text(max_size=20)
    | st.floats(allow_nan=False)
    | st.just(...)
    | st.complex_numbers(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=20)
        | st.lists(inner, max_size=5).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.integers(0, 9), inner, max_size=5)
    ),
    max_leaves=30,
)


@given(PLAIN)
def test_plain_values_come_over_as_they_are(value):
    came = over(value)
    assert came == value
    assert type(came) is type(value)


@settings(deadline=None)
@given(
    hnp.arrays(
        hnp.integer_dtypes()
        | hnp.floating_dtypes()
        | hnp.boolean_dtypes()
        | hnp.complex_number_dtypes(),
        hnp.array_shapes(min_dims=0, min_side=0, max_side=4),
    ),
    st.booleans(),
)
def test_arrays_keep_shape_dtype_order_and_numbers(array, turned):
    array = array.T if turned else array
    came = over(array)
    assert came.shape == array.shape
    assert came.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(came, array)
    assert came.flags.f_contiguous == array.flags.f_contiguous
    assert came.flags.writeable


def test_numpy_numbers_and_long_lists():
    assert type(over(np.float32(3))) is np.float32
    assert over(list(range(100))) == list(range(100))
    assert over(tuple(np.arange(100) / 8)) == tuple(np.arange(100) / 8)
    assert isinstance(over(np.matrix([[1, 2]])), np.matrix)


def test_a_generator_goes_on_where_it_was():
    rng = np.random.default_rng(3)
    rng.normal(size=5)
    assert over(rng).normal() == rng.normal()


def test_what_is_not_plain_is_named():
    for value in ({1, 2}, object(), np.array([None]), np.array(["a"]), 2**2000, iter([])):
        assert isinstance(over(value), Foreign)
    deep: list = []
    for _ in range(100):
        deep = [deep]
    inside = over(deep)
    while isinstance(inside, list):
        (inside,) = inside
    assert inside.name == "structure that is too deep"


def test_a_tensor_comes_as_its_numbers():
    torch = pytest.importorskip("torch")
    came = over(torch.arange(3.0))
    assert isinstance(came, Tensor)
    assert came.array.tolist() == [0, 1, 2]


def array(**change):
    return {"t": "array", "dtype": "<f8", "shape": [2], "place": 0} | change


HOSTILE = [
    [1],
    {"t": "list", "items": 3},
    {"t": "dict", "items": [[1]]},
    {"t": "dict", "items": [[[1], 2]]},
    {"t": "float", "text": "a"},
    {"t": "int", "text": "z"},
    {"t": "complex", "parts": ["1"]},
    {"t": "generator", "state": {"state": {"state": "x"}}},
    {"t": "generator", "state": None},
    array(place=1),
    array(place=-1),
    array(place=True),
    array(place="0"),
    array(dtype="O"),
    array(dtype="|O"),
    array(dtype="<U4"),
    array(dtype="<M8"),
    array(dtype="V16"),
    array(dtype="f8,f8"),
    array(dtype=8),
    array(dtype="\x00"),
    array(shape=[3]),
    array(shape=[-2]),
    array(shape=[-1, -2]),
    array(shape=[True, 2]),
    array(shape=[2.0]),
    array(shape="2"),
    array(shape=[1] * 33 + [2]),
    array(shape=[0, 2**39, 2**39]),
    array(shape=[0, 2**80]),
    array(t="list", shape=[]),
    array(t="tuple", shape=[1, 2]),
    {"t": "list", "items": [array(), array()]},
]


@pytest.mark.parametrize("tree", HOSTILE, ids=str)
def test_a_tree_that_stands_for_nothing_is_refused(tree):
    data = memoryview(bytearray(16))
    with pytest.raises(NotPlain):
        Unpacker((data,), lambda tree: tree).unpack(tree)


def test_a_list_of_a_great_many_numbers_is_refused():
    data = memoryview(bytearray(MOST_NUMBERS_IN_LIST + 1))
    tree = {"t": "list", "dtype": "|i1", "shape": [MOST_NUMBERS_IN_LIST + 1], "place": 0}
    with pytest.raises(NotPlain, match="at most"):
        Unpacker((data,), lambda tree: tree).unpack(tree)


def test_a_name_from_the_other_end_is_short_and_printable():
    foreign = Unpacker((), lambda tree: tree).unpack(
        {"t": "foreign", "module": "a\x1b[0m", "name": "b" * 1000}
    )
    assert foreign.module == "a[0m"
    assert len(foreign.name) == 80
