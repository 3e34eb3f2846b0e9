"""Words and categories become numbers, by a vocabulary or by hashing."""

from __future__ import annotations

from engine.errors import Text, text
from engine.fields import Bool, Choice, Floats, Int, IntTuple, Params, String, Strings
from engine.layers.spec import LAYERS, LayerSpec

OUTPUT_HELP = "Numbers, or vectors with a place for each entry of the vocabulary."


def salt_field() -> IntTuple:
    """Declare what makes a hash one's own."""
    return IntTuple(
        None,
        length=None,
        min=0,
        optional=True,
        advanced=True,
        label="Salt",
        help="One or two numbers that make the hash one's own; empty for none.",
    )


class Vocabulary(LayerSpec):
    """What layers with a vocabulary share; no layer of its own."""

    category = "preprocessing"
    max_tokens = Int(
        None,
        min=1,
        optional=True,
        label="Largest size",
        help="Most entries of the vocabulary; empty for any number.",
    )
    idf_weights = Floats(
        None,
        single=False,
        optional=True,
        advanced=True,
        label="IDF weights",
        help="A weight for each entry, for the output tf_idf.",
    )
    pad_to_max_tokens = Bool(
        False,
        advanced=True,
        label="Pad to largest size",
        help="Whether vectors have the largest size even where the vocabulary is smaller.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        words = params["vocabulary"]
        if not isinstance(words, (list, tuple)):
            return text("")
        return text("{count} entries", count=len(words))


class Lookup(Vocabulary):
    """What layers that look entries up share; no layer of its own."""

    num_oov_indices = Int(
        1,
        min=0,
        label="Numbers for unknown",
        help="How many numbers stand for what is not in the vocabulary.",
    )
    invert = Bool(
        False, label="Invert", help="Whether numbers become entries of the vocabulary again."
    )
    output_mode = Choice(
        "int",
        options=("int", "one_hot", "multi_hot", "count", "tf_idf"),
        label="Output",
        help=OUTPUT_HELP,
    )
    salt = salt_field()


@LAYERS.register("StringLookup")
class StringLookup(Lookup):
    """Turns words into their numbers in a vocabulary, or back."""

    title = "StringLookup"
    search = ("vocabulary", "token", "word", "词表", "词汇")
    vocabulary = Strings(
        None, optional=True, label="Vocabulary", help="The words, from number 1 on."
    )
    mask_token = String(
        None, optional=True, advanced=True, label="Mask word", help="Word that stands for padding."
    )
    oov_token = String(
        "[UNK]", advanced=True, label="Unknown word", help="What unknown numbers turn back into."
    )
    encoding = String("utf-8", advanced=True, label="Encoding", help="Encoding of the words.")


@LAYERS.register("IntegerLookup")
class IntegerLookup(Lookup):
    """Turns whole numbers of categories into places in a vocabulary, or back."""

    title = "IntegerLookup"
    search = ("vocabulary", "category", "id", "词表", "类别")
    vocabulary = IntTuple(
        None,
        length=None,
        min=None,
        max=None,
        optional=True,
        label="Vocabulary",
        help="The numbers, from place 1 on.",
    )
    vocabulary_dtype = Choice(
        "int64",
        options=("int64", "int32"),
        advanced=True,
        label="Data type",
        help="Type of the vocabulary's numbers.",
    )
    mask_token = Int(
        None,
        min=None,
        optional=True,
        advanced=True,
        label="Mask number",
        help="Number that stands for padding.",
    )
    oov_token = Int(
        -1,
        min=None,
        advanced=True,
        label="Unknown number",
        help="What unknown places turn back into.",
    )
    oov_method = Choice(
        "floormod",
        options=("floormod", "farmhash"),
        advanced=True,
        label="Unknown by",
        help="How what is unknown is spread over its numbers.",
    )


@LAYERS.register("TextVectorization")
class TextVectorization(Vocabulary):
    """Splits texts into words and turns these into numbers."""

    title = "TextVectorization"
    search = ("tokenizer", "words", "nlp", "分词", "文本向量化")
    vocabulary = Strings(
        None, optional=True, label="Vocabulary", help="The words, from number 2 on."
    )
    output_sequence_length = Int(
        None,
        min=1,
        optional=True,
        label="Length",
        help="Words of each text: longer ones are cut, shorter ones padded with 0.",
    )
    standardize = Choice(
        "lower_and_strip_punctuation",
        options=("lower_and_strip_punctuation", "lower", "strip_punctuation"),
        optional=True,
        label="Standardize",
        help="What is done to a text before it is split.",
    )
    split = Choice(
        "whitespace",
        options=("whitespace", "character"),
        optional=True,
        label="Split",
        help="Whether words or characters are counted; “character” suits Chinese.",
    )
    ngrams = IntTuple(
        None,
        length=None,
        min=1,
        max=10,
        optional=True,
        advanced=True,
        label="N-grams",
        help="Groups of neighbouring words that count as words too: up to this size.",
    )
    output_mode = Choice(
        "int",
        options=("int", "multi_hot", "count", "tf_idf"),
        label="Output",
        help=OUTPUT_HELP,
    )
    encoding = String("utf-8", advanced=True, label="Encoding", help="Encoding of the texts.")


class Hashed(LayerSpec):
    """What hashing layers share; no layer of its own."""

    category, leading = "preprocessing", ("num_bins",)
    num_bins = Int(100, min=1, label="Bins", help="Number of different results.")
    output_mode = Choice(
        "int",
        options=("int", "one_hot", "multi_hot", "count"),
        label="Output",
        help="The number of the bin, or a vector with a place for each bin.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{count} bins", count=params["num_bins"])


@LAYERS.register("Hashing")
class Hashing(Hashed):
    """Turns words or numbers into one of a few numbers, without a vocabulary."""

    title = "Hashing"
    search = ("hash", "bucket", "category", "哈希", "散列")
    mask_value = String(
        None, optional=True, advanced=True, label="Mask word", help="Word that becomes 0."
    )
    salt = salt_field()


@LAYERS.register("HashedCrossing")
class HashedCrossing(Hashed):
    """Turns each pair of two categories into one of a few numbers."""

    title = "HashedCrossing"
    min_inputs = max_inputs = 2
    search = ("feature cross", "hash", "combine", "特征交叉", "哈希")
    output_mode = Choice(
        "int",
        options=("int", "one_hot"),
        label="Output",
        help="The number of the bin, or a vector with a place for each bin.",
    )
