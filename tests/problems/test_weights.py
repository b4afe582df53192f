import json
from fractions import Fraction as F

import numpy as np
import pytest

from theorycheck.errors import InvalidInstance
from theorycheck.problems import read_weights

FIRST = np.array([[1.0, 0.1]])
SECOND = np.array([[2.0], [-0.5]], dtype=np.float32)


def refused(path):
    with pytest.raises(InvalidInstance) as caught:
        read_weights(path)
    message = str(caught.value)

    assert "\n" not in message
    assert str(path.name) in message
    return message


def stored(tmp_path, data):
    path = tmp_path / "weights.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def archived(tmp_path, *arrays, **named):
    path = tmp_path / "weights.npz"
    np.savez(path, *arrays, **named)
    return path


def test_floats_of_an_archive_are_the_dyadics_they_stand_for(tmp_path):
    first, second = read_weights(archived(tmp_path, W1=FIRST, W2=SECOND))

    assert ((F(1), F(0.1)),) == first
    assert F(0.1) != F(1, 10)
    assert ((F(2),), (F(-1, 2),)) == second


def test_archives_without_names_keep_their_order(tmp_path):
    assert ((1, F(0.1)),) == read_weights(archived(tmp_path, FIRST, SECOND))[0]


def test_ten_layers_come_in_the_order_of_their_numbers(tmp_path):
    named = {f"W{j}": np.array([[j]]) for j in range(11, 0, -1)}

    assert list(range(1, 12)) == [w[0][0] for w in read_weights(archived(tmp_path, **named))]


def test_decimals_of_a_json_file_are_the_decimals_they_say(tmp_path):
    expected = (((F(1, 10), F(1, 3)),), ((F(-2),),))

    assert expected == read_weights(stored(tmp_path, '[[[0.1, "1/3"]], [[-2]]]'))
    assert expected == read_weights(stored(tmp_path, '{"W2": [[-2]], "W1": [[0.1, "1/3"]]}'))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("3", "a list or an object"),
        ("[]", "holds no matrix"),
        ("{}", "holds no matrix"),
        ("[[1, 2], [3, 4]]", "W1"),
        ("[1, 2]", "W1"),
        ("[[]]", "W1"),
        ("[[[]]]", "W1"),
        ("[[[1, 2], [3]]]", "W1"),
        ("[[[1]], [[1, 2]]]", "W2 has 2 columns but W1 has 1 rows"),
        ("[[[NaN]]]", "W1[0][0]"),
        ("[[[Infinity]]]", "W1[0][0]"),
        ("[[[1e999999999]]]", "W1[0][0]"),
        ("[[[true]]]", "W1[0][0]"),
        ("[[[null]]]", "W1[0][0]"),
        ('[["12"]]', "W1"),
        ('{"W1": [[1]], "W3": [[1]]}', "W1, W3"),
        ('{"W1": [[1]], "b1": [[1]]}', "W1, b1"),
        ('{"W1": [[1]], "W1": [[2]]}', "twice"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_damaged_json_is_refused(tmp_path, text, part):
    assert part in refused(stored(tmp_path, text))


@pytest.mark.parametrize(
    ("named", "part"),
    [
        ({}, "holds no matrix"),
        ({"W1": np.zeros(3)}, "W1"),
        ({"W1": np.zeros((1, 2, 2))}, "W1"),
        ({"W1": np.zeros(())}, "W1"),
        ({"W1": np.zeros((0, 2))}, "W1"),
        ({"W1": np.array([[np.nan]])}, "W1[0][0]"),
        ({"W1": np.array([[True]])}, "W1[0][0]"),
        ({"W1": np.array([[1j]])}, "W1[0][0]"),
        ({"W1": np.zeros((2, 2)), "W2": np.zeros((1, 3))}, "W2 has 3 columns but W1 has 2 rows"),
        ({"weight": np.zeros((2, 2))}, "W1, W2"),
    ],
)
def test_damaged_archives_are_refused(tmp_path, named, part):
    assert part in refused(archived(tmp_path, **named))


def test_pickled_objects_are_never_loaded(tmp_path):
    objects = np.array([[{"a": 1}]], dtype=object)

    assert "plain number arrays" in refused(archived(tmp_path, W1=objects))


def test_other_files_are_refused(tmp_path):
    text = tmp_path / "weights.npz"
    text.write_bytes(b"PK\x03\x04 no archive")
    single = tmp_path / "single.npz"
    with single.open("wb") as file:
        np.save(file, FIRST)

    assert "plain number arrays" in refused(text)
    assert "no .npz archive" in refused(single)
    assert "cannot be read" in refused(tmp_path / "absent.json")
    assert "must end in .npz or .json" in refused(tmp_path / "weights.pt")
    text.write_bytes(b"")
    assert "plain number arrays" in refused(text)
