"""Orders of q2's layers that do not run, and those besides the usual one that do."""

from __future__ import annotations

from examiner.bank import Bank

BANK = Bank("q2.q2_12")
for _name, _order, _says in (
    (
        "affine_of_unpadded",
        "ecbfdg",
        "Layer g takes 256 numbers, 16 maps of 4 by 4: that would be without the padding of e.",
    ),
    (
        "channels_turned_round",
        "echfda",
        "Layer h takes 16 channels and makes 6: the number of channels that come in stands first.",
    ),
    ("a_layer_twice", "ecbcfda", "Six layers are needed, each once."),
    ("without_a", "ecbfd", "Nothing makes ten scores: six layers are needed."),
    ("without_b", "ecfda", "Nothing makes 16 maps: six layers are needed."),
    ("without_pool", "ecbda", "There are two pools, and both are needed."),
    ("without_d", "ecbfa", "Nothing makes a row of numbers: six layers are needed."),
    ("without_e", "cbfda", "Nothing takes the picture with its one channel: e is missing."),
    ("b_before_e", "bcefda", "Layer b takes 6 channels, and the picture has one: e comes before."),
    ("affine_before_flatten", "ecbfad", "An affine layer takes a row of numbers: flatten first."),
    (
        "flatten_first",
        "decbfa",
        "What is flattened has no rows and columns for a filter to slide along: d comes late.",
    ),
    (
        "pool_after_flatten",
        "ecbdfa",
        "A pool needs rows and columns: it stands before the flattening.",
    ),
    (
        "a_pool_after_the_end",
        "ecbdaf",
        "16 maps of 10 by 10 come to the flattening: the second pool must stand before it.",
    ),
    (
        "both_pools_after_b",
        "ebcfda",
        "28 by 28 pixels become 24, then 12, then 6: 16 maps of 6 by 6 are 576 numbers, not 400. "
        "Where must the second pool stand for maps of 5 by 5?",
    ),
    (
        "both_pools_before_b",
        "ecfbda",
        "28 by 28 pixels become 14, then 7, and b makes 3 of 7: 16 maps of 3 by 3 are 144 numbers, "
        "not 400. Where must one of the pools stand for maps of 5 by 5?",
    ),
):
    BANK.add_mistake(_name, _says, list(_order))
BANK.right["usual"] = list("ecbfda")
BANK.right["pools_exchanged"] = list("efbcda")
BANK.right["a_pool_before_everything"] = list("cebfda")
BANK.right["one_string"] = "ecbfda"
BANK.right["with_commas"] = "E, C, B, F, D, A"
BANK.right["a_tuple"] = ("e", "c", "b", "f", "d", "a")
