from fractions import Fraction as F

import pytest

from theorycheck.errors import InvalidInstance
from theorycheck.problems import Dataset, iris, read_csv


@pytest.fixture
def write(tmp_path):
    def make(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def refused(path, target="y"):
    with pytest.raises(InvalidInstance) as caught:
        read_csv(path, target=target)
    message = str(caught.value)

    assert "\n" not in message
    return message


# -- iris ----------------------------------------------------------------------------------------
def test_iris_has_fifty_flowers_of_each_species():
    data = iris()

    assert data.samples == 150
    assert [sum(row) for row in data.targets] == [50, 50, 50]
    assert all(sum(column) == 1 for column in zip(*data.targets, strict=True))
    assert data.target_names == ("setosa", "versicolor", "virginica")
    assert data.feature_names == ("sepal_length", "sepal_width", "petal_length", "petal_width")


def test_iris_sums_are_fishers():
    # Means 5.843333, 3.057333, 3.758, 1.199333; copies with two wrong cells have 3.054 and 1.19867.
    assert [F("876.5"), F("458.6"), F("563.7"), F("179.9")] == [sum(x) for x in iris().inputs]


def test_iris_class_means_are_fishers():
    data = iris()
    means = [
        [sum(x * y for x, y in zip(row, one, strict=True)) / 50 for row in data.inputs]
        for one in data.targets
    ]

    assert [F("5.006"), F("3.428"), F("1.462"), F("0.246")] == means[0]
    assert [F("5.936"), F("2.770"), F("4.260"), F("1.326")] == means[1]
    assert [F("6.588"), F("2.974"), F("5.552"), F("2.026")] == means[2]


def test_iris_cells_that_some_copies_have_wrong():
    rows = list(zip(*iris().inputs, strict=True))

    assert (F("4.9"), F("3.1"), F("1.5"), F("0.2")) == rows[34]
    assert (F("4.9"), F("3.6"), F("1.4"), F("0.1")) == rows[37]


# -- reading -------------------------------------------------------------------------------------
def test_decimals_are_the_decimals_they_say(write):
    data = read_csv(write("a,b,y\n0.1,1e-3,1/3\n-2.50,+7,.5\n"), target="y")

    assert ((F(1, 10), F(-5, 2)), (F(1, 1000), F(7))) == data.inputs
    assert ((F(1, 3), F(1, 2)),) == data.targets
    assert data.feature_names == ("a", "b")
    assert data.target_names == ("y",)
    assert data.name == "table"


def test_words_become_one_hot_rows_in_alphabetical_order(write):
    data = read_csv(write("kind,x\npear,1\napple,2\npear,3\n"), target="kind")

    assert data.target_names == ("apple", "pear")
    assert data.targets == ((0, 1, 0), (1, 0, 1))


@pytest.mark.parametrize(
    "content",
    [
        "x;y\n1;2\n3;4\n",
        "x\ty\n1\t2\n3\t4\n",
        "\ufeffx,y\n1,2\n3,4\n",
        "x,y\r\n1,2\r\n3,4\r\n",
        "x,y\r1,2\r3,4\r",
        '"x","y"\n"1","2"\n"3",4\n',
        "\n x , y \n 1 , 2 \n\n3,4",
        'x,"y"\n1,"2"\n3,4\n   \n',
    ],
)
def test_spellings_of_the_same_table_agree(write, content):
    data = read_csv(write(content), target="y")

    assert (data.inputs, data.targets) == (((1, 3),), ((2, 4),))


def test_quoted_names_and_classes_may_contain_the_separator(write):
    data = read_csv(write('"x, in cm",kind\n1,"a, b"\n2,"a ""c"""\n'), target="kind")

    assert data.feature_names == ("x, in cm",)
    assert data.target_names == ('a "c"', "a, b")


def test_line_numbers_count_blank_lines_and_quoted_line_ends(write):
    message = refused(write('x,y,z\n\n1,2,"3"\n"4\n",oops,6\n5,oops,7\n'))

    assert "line 4, column 'y'" in message


# -- refusals ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("", ["empty", "names the columns"]),
        ("\n  \n", ["empty"]),
        ("\ufeff", ["empty"]),
        ("x,y\n", ["no samples"]),
        ("y\n1\n2\n", ["one column 'y'", "feature"]),
        ("x,y\n1,2\n3\n", ["line 3", "1 cells, expected 2", "x, y"]),
        ("x,y\n1,2,\n", ["line 2", "3 cells, expected 2"]),
        ("x,y\n1,2\n,4\n", ["line 3, column 'x'", "missing value ''"]),
        ("x,y\n1,2\nNaN,4\n", ["line 3, column 'x'", "missing value 'NaN'"]),
        ("x,y\n1,2\n3,\n", ["line 3, column 'y'", "missing value"]),
        ("x,y\n1,a\n3,\n", ["column 'y'", "use words in every line"]),
        ("x,y\n1,2\ninf,4\n", ["line 3, column 'x'", "'inf' is no number"]),
        ("x,y\n1,2\n0x10,4\n", ["'0x10' is no number"]),
        ("x,y\n1,2\n1_0,4\n", ["'1_0' is no number"]),
        ("x,y\n1,2\n1/0,4\n", ["'1/0' is no number"]),
        ("x,y\n1,2\nred,4\n", ["line 3, column 'x'", "'red'", "remove the column"]),
        ("x;y\n1,5;2\n", ["line 2, column 'x'", "'1,5'", "decimal point"]),
        ("x,y\n1,2\n2,b\n", ["line 3, column 'y'", "'b'", "use words in every line"]),
        ("x,x,y\n1,2,3\n", ["two columns are named 'x'"]),
        ("x, x,y\n1,2,3\n", ["two columns are named 'x'"]),
        (",x,y\n0,1,2\n", ["column 1 has no name"]),
        ("1,2\n3,4\n", ["first line holds numbers"]),
        ("a,b\n1,2\n", ["no column 'y'", "the columns are a, b"]),
        ('x,y\n1,"2\n3,4\n', ["line 2", "quote"]),
        (b"x,y\n\xff\xfe,2\n", ["UTF-8"]),
        ("x,y\n1,2\n".encode("utf-16"), ["UTF-8"]),
        ("x,y\n1e9999999,2\n", ["line 2, column 'x'", "no rational number"]),
    ],
)
def test_damaged_tables_are_refused_with_place_and_remedy(write, content, parts):
    message = refused(write(content))

    assert [part for part in parts if part not in message] == [], message


def test_missing_files_and_folders_are_refused(tmp_path):
    assert "absent.csv" in refused(tmp_path / "absent.csv")
    assert "cannot be read" in refused(tmp_path)
    assert "cannot be read" in refused("a\0b.csv")


def test_no_target_lists_the_columns(write):
    assert "name the target column; the columns are x, y" in refused(write("x,y\n1,2\n"), None)


def test_data_sets_need_names_and_samples_that_fit():
    with pytest.raises(InvalidInstance, match="one name per row"):
        Dataset("d", [[1], [2]], [[3]], ("x",), ("y",))
    with pytest.raises(InvalidInstance, match="one column per sample"):
        Dataset("d", [[1, 2]], [[3]], ("x",), ("y",))


def test_mean_loss_divides_by_the_samples():
    data = Dataset("d", [[1, 2]], [[1, 1]], ("x",), ("y",))

    assert F(1, 2) == data.loss().factor
    assert data.loss(mean=False).factor == 1


def test_a_header_without_names_is_refused(write):
    assert "no column names" in refused(write(b'""\r\n'))


def test_a_column_name_over_two_lines_stays_on_one_in_messages(write):
    assert "the columns are a b, c" in refused(write('"a\nb",c\n1,2\n'))
