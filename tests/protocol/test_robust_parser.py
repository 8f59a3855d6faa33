"""The robust parser: what models write, and what must not be guessed."""

import json
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askfirst.protocol.labels import codepoint_labels, unique_labels
from askfirst.protocol.reading import ReadingStatus
from askfirst.protocol.robust_parser import ROBUST_PARSER, read
from askfirst.scenarios.option import Option, OptionKind

ACTION, ABSTAIN, CATEGORY = OptionKind.ACTION, OptionKind.ABSTAIN, OptionKind.CATEGORY

OPTIONS = [
    Option("Wait for the occlusion to disappear.", ACTION),
    Option("I cannot tell.", ABSTAIN),
    Option("Rewind the video.", ACTION),
    Option("Banana.", CATEGORY),
    Option("Hot dog.", CATEGORY),
    Option("Dog.", CATEGORY),
    Option("José's U.S. flag.", CATEGORY),
]

LABELS = [
    "B", "b", " B ", "B\n", "(B)", "(b)", "[B]", "{B}", "<B>", "'B'", '"B"', "`B`", "*B*", "**B**",
    "__B__", "B.", "b.", "B)", "b)", "B:", "B,", "B;", "B!", "$B$", r"\(B\)", "```\nB\n```", "- B",
    "* B", "> B", "1. B", "Option B", "option b", "Choice: B", "Answer: B", "Ans: B", "answer=B",
    "**Answer:** B", "### Answer\n\nB", "Final answer: B", "The answer is B", "The answer is B.",
    "The answer is (B).", "The answer is **B**.", "the answer is: b.", "The correct option is B.",
    "My choice would be 'B'.", "I choose B because it is hidden.", "I'd go with option B.",
    "I will select (B).", "B is correct.", "Option B is the best answer.", "Therefore, B.",
    "Looking at the picture, option B fits.", "Nothing can be seen, so the answer is B.",
    r"\boxed{B}", r"\boxed{\text{B}}", r"The answer is $\boxed{B}$.", "<answer>B</answer>",
    "<answer>\nB\n</answer>", "<answer>B", "<|begin_of_box|>B<|end_of_box|>", '{"answer": "B"}',
    "{'answer': 'B'}", '```json\n{\n  "reason": "A is hidden",\n  "answer": "B"\n}\n```',
    '{"choice": ["B"]}', "Ｂ", "（Ｂ）", "Ｂ．", "【B】", "𝐁", "\u200bB\u200b", "\u202eB", "B\x00",
    "B\ud83d", "B</s>", "B<|im_end|>", "B. B. B.", "B\nB", "B\n\nB. I cannot tell.",
    "B. The object is hidden, so unlike option A, Hot dog or Banana I stay with it.",
    "B, because nothing can be seen", "B because of A", "B - it is hidden", "B: Banana is hidden",
    "B\n\nA: not possible\nC: no", "A first look shows little.\n\nB", "**B**\n\nIt is hidden.",
    "<think>A? No, C.</think>B", "A, surely.</think>\n\nB", "<THINKING>A</THINKING> B",
    "[THINK]A[/THINK]B", "◁think▷A◁/think▷B",
    "<|channel|>analysis<|message|>A<|end|><|start|>assistant<|channel|>final<|message|>B",
    "A. Wait for the occlusion to disappear.\nB. I cannot tell.\nThe answer is B.",
]  # fmt: skip

TEXTS = [
    ("Hot dog.", 4), ("Hot dog", 4), ("hot DOG.", 4), ("HOT  DOG!", 4), ("hot-dog", 4),
    ('"Hot dog."', 4), ("“Hot dog”", 4), ("**Hot dog**", 4), ("- Hot dog", 4), ("1. Hot dog", 4),
    ("E. Hot dog.", 4), ("E) hot dog", 4), ("E: Hot dog", 4), ("(E) Hot dog", 4),
    ("E - Hot dog", 4),
    ("E Hot dog", 4), ("E\nHot dog.", 4), ("E (Hot dog)", 4), ("Hot dog (E)", 4), ("E.Hot dog.", 4),
    ("The answer is hot dog.", 4), ("The answer is a hot dog", 4), ("Answer: the hot dog", 4),
    (r"\boxed{\text{Hot dog}}", 4), ("<answer>Hot dog.</answer>", 4), ('{"answer": "hot dog"}', 4),
    ("<answer>It is a hot dog.</answer>", 4), ("It looks like a hot dog to me.", 4),
    ("A dog", 5), ("A banana", 3), ("A Banana.", 3), ("a banana", 3), ("A banana is there.", 3),
    ("I think it is a hot\ndog.", 4), ("I think it is a banana.", 3),
    ("It is not a banana but a hot dog.", 4),
    ("It's a banana, not a hot dog.", 3), ("The answer is not Banana, it is Dog.", 5),
    ("Banana. A hot dog would be longer.", 3), ("Dog, because hot dogs are food.", 5),
    ("I CANNOT TELL", 1), ("I cannot tell, the banana is hidden.", 1),
    ("I would suggest to rewind the video.", 2), ("Please wait for the occlusion to disappear", 0),
    ("José’s U.S. flag", 6), ("JOSE'S U.S. FLAG.", 6), ("Jose\u0301's U.S. flag.", 6),
    ("G. José's U.S. flag.", 6), (json.dumps({"answer": "José's U.S. flag."}), 6),
]  # fmt: skip

WITHOUT_OPTION = [
    ("", "empty"), (" \n\t", "empty"), ("\u200b", "empty"), ("<think>A</think>", "empty"),
    ("<think>It is B", "truncated"), ("<think>A</think>B<think>", "truncated"),
    ("<|channel|>analysis<|message|>It is B", "truncated"),
    ("A or B", "ambiguous"), ("A, B", "ambiguous"), ("A/B", "ambiguous"), ("A and B", "ambiguous"),
    ("Either A or B.", "ambiguous"), ("A. B.", "ambiguous"), ("A\nB", "ambiguous"),
    ("The answer is A or B.", "ambiguous"), ("I choose B or C", "ambiguous"),
    ("Banana or hot dog", "ambiguous"), ("It is a banana or a dog.", "ambiguous"),
    (r"\boxed{A} and \boxed{B}", "ambiguous"), ('{"answer": ["A", "B"]}', "ambiguous"),
    ("B. But then the answer is A.", "ambiguous"), ("A: no. B: yes.", "ambiguous"),
    ("A) Banana is hidden\nB) Dog is hidden", "ambiguous"),
    ("A. Wait for the occlusion to disappear.\nB. I cannot tell.", "ambiguous"),
    ("A. Rewind the video.", "conflict"), ("C) Banana", "conflict"), ("Banana (A)", "conflict"),
    ("A Rewind the video.", "conflict"), ("B\nHot dog.", "conflict"), ("D: hot dog", "conflict"),
    ("The answer is A. Banana", "conflict"), ("<answer>A. Banana</answer>", "conflict"),
    ("I'm sorry, but I can't assist with that.", "refused"),
    ("I’m sorry, I can’t help with this request.", "refused"),
    ("I am unable to identify it.", "refused"),
    ("Z", "none"), ("nonsense", "none"), ("B?", "none"), ("Á", "none"), ("42", "none"),
    ("A cup", "none"), ("A", "ok"), ("I", "none"), ("Wait for the occ", "none"),
    ("not a banana", "none"), ("It is not a banana.", "none"), ("The answer is not B.", "none"),
    ("Neither A nor B", "none"), ("I don't think that the answer is B", "none"),
    ("I cannot say whether it is a banana.", "none"), ("The banana is not visible.", "none"),
    ("Banana, apple and pear are hidden.", "none"), (r"\boxed{5}", "none"),
    ("A frame is missing", "none"), ("Bananas", "none"), ("B-side", "none"), ("A's", "none"),
]  # fmt: skip


@pytest.mark.parametrize("reply", LABELS)
def test_a_label_is_read_however_it_is_written(reply):
    reading = read(reply, OPTIONS)
    assert (reading.status, reading.index, reading.kind) == ("ok", 1, ABSTAIN)
    assert reading.parser == ROBUST_PARSER


@pytest.mark.parametrize(("reply", "index"), TEXTS)
def test_an_option_text_is_read_however_it_is_written(reply, index):
    reading = read(reply, OPTIONS)
    assert (reading.status, reading.index) == ("ok", index)


@pytest.mark.parametrize(("reply", "status"), WITHOUT_OPTION)
def test_what_is_unclear_is_not_guessed(reply, status):
    assert read(reply, OPTIONS).status == status


@pytest.mark.parametrize(
    ("texts", "reply", "status", "index"),
    [
        (["Cup.", "cup", "Dog."], "a cup, I think", "ambiguous", None),
        (["Cup.", "Cup.", "Dog."], "Cup.", "ambiguous", None),
        (["Cup.", "Cup.", "Dog."], "B. Cup.", "ok", 1),
        (["Cup.", "Cup.", "Dog."], "B", "ok", 1),
        (["Polish.", "polish."], "polish.", "ok", 1),  # character by character
        (["Polish.", "polish."], "polish", "ambiguous", None),
        (["C++.", "C#.", "C."], "C++", "ok", 0),
        (["2.", "3.", "4."], "3.", "ok", 1),
        (["2.", "3.", "4."], "3", "ok", 1),
        (["2.", "3.", "4."], "B. 3.", "ok", 1),
        (["2.", "3.", "4."], "A. 3.", "conflict", None),
        (["2.", "Cup."], "2. Cup.", "ambiguous", None),  # a number that may be a list's
        (["B.", "A.", "Cup."], "A.", "ambiguous", None),
        (["A.", "B.", "Cup."], "A.", "ok", 0),
        (["B. Cup.", "Cup."], "B. Cup.", "ambiguous", None),
        (["No.", "Yes."], "No.", "ok", 0),
        (["No.", "Yes."], "There is no cup.", "none", None),
        (["?!", "…"], "?!", "ok", 0),
        ([], "A", "none", None),
    ],
)
def test_odd_option_texts(texts, reply, status, index):
    reading = read(reply, [Option(text, CATEGORY) for text in texts])
    assert (reading.status, reading.index) == (status, index)


def test_the_pronoun_is_no_ninth_letter():
    options = [Option(f"Object number {i}.", CATEGORY) for i in range(12)]
    for reply in ("I think so", "I, too", "I'm not sure", "I see", "I and you"):
        assert read(reply, options).status is ReadingStatus.NONE
    for reply in ("I", "(I)", "I.", "The answer is I."):
        assert read(reply, options).index == 8


def test_labels_go_past_the_alphabet():
    options = [Option(f"Object number {i}.", CATEGORY) for i in range(60)]
    for reply, index in [
        ("AA", 26),
        ("(AB)", 27),
        ("The answer is AZ.", 51),
        ("A", 0),
        ("BA.", 52),
    ]:
        assert read(reply, options).index == index
    assert read("As far as I see, at night", options).status is ReadingStatus.NONE


def test_the_labels_of_the_prompt_can_be_given():
    options = [Option(f"Object number {i}.", CATEGORY) for i in range(40)]
    assert read("[", options, codepoint_labels(40)).index == 26
    assert read("a", options, codepoint_labels(40)).index == 32
    assert read("2)", options[:3], ["1", "2", "3"]).index == 1


@pytest.mark.parametrize("labels", [["A"], ["A", "A"], ["A", ""]])
def test_labels_that_do_not_fit_are_refused(labels):
    with pytest.raises(ValueError, match="label"):
        read("A", OPTIONS[:2], labels)


@pytest.mark.parametrize(
    ("reply", "words", "how"),
    [
        ("<think>B</think> The answer is **D**.", "D", "announced"),
        ("I think it is a Hot\ndog to me.", "Hot\ndog", "contained text"),
        ("ﬁne: \\boxed{Ｄ}", "Ｄ", "boxed"),
        ("e\u0301e\u0301 option D fits", "D", "contained label"),
        ("D. Banana", "D. Banana", "label and text"),
    ],
)
def test_the_span_covers_the_name_in_the_reply(reply, words, how):
    reading = read(reply, OPTIONS)
    assert reading.status is ReadingStatus.OK
    assert (reply[slice(*reading.span)], reading.how) == (words, how)


NOUNS = ["banana", "hot dog", "dog", "T-shirt", "kettle", "Granny Smith", "x-ray machine", "zebra"]
ACTIONS = ["Rewind the video", "Move the camera to the left", "Move the camera down", "Add details"]
ABSTENTIONS = ["I cannot tell", "I do not know what is this object"]

TEMPLATES = [
    lambda label, text: label,
    lambda label, text: label.lower() if len(label) == 1 else label,
    lambda label, text: f"({label})",
    lambda label, text: f"[{label}]",
    lambda label, text: f"**{label}**",
    lambda label, text: f"`{label}`",
    lambda label, text: f"{label}.",
    lambda label, text: f"{label})",
    lambda label, text: f"{label}:",
    lambda label, text: f"{label}. {text}",
    lambda label, text: f"{label}) {text}",
    lambda label, text: f"{label}: {text}",
    lambda label, text: f"{label} - {text}",
    lambda label, text: f"({label}) {text}",
    lambda label, text: f"**{label}.** {text}",
    lambda label, text: f"{label}\n\n{label}. {text}",
    lambda label, text: f"{label}. The object is hidden.",
    lambda label, text: f"Option {label}",
    lambda label, text: f"Option ({label})",
    lambda label, text: f"Answer: {label}",
    lambda label, text: f"**Final answer:** {label}",
    lambda label, text: f"The answer is {label}.",
    lambda label, text: f"The correct answer is ({label}) {text}",
    lambda label, text: f"The answer is {text}",
    lambda label, text: f"I choose {label}.",
    lambda label, text: f"I would go with option {label}.",
    lambda label, text: f"\\boxed{{{label}}}",
    lambda label, text: f"\\boxed{{\\text{{{text}}}}}",
    lambda label, text: f"<answer>{label}</answer>",
    lambda label, text: f"<answer>{label}. {text}</answer>",
    lambda label, text: json.dumps({"answer": label}),
    lambda label, text: "```json\n" + json.dumps({"answer": text}, indent=1) + "\n```",
    lambda label, text: "".join(chr(ord(c) + 0xFEE0) for c in label),
    lambda label, text: f"<think>It may be A or B.</think>{label}",
    lambda label, text: text,
    lambda label, text: text.removesuffix("."),
    lambda label, text: text.upper(),
    lambda label, text: f"“{text}”",
    lambda label, text: f"- {text}",
    lambda label, text: f"{text} ({label})",
    lambda label, text: "  " + text.replace(" ", "  ") + "\n",
]


@st.composite
def option_lists(draw):
    """Options of all kinds with different texts, in any order."""
    entries = draw(
        st.lists(
            st.sampled_from(
                [(f"{text}.", CATEGORY) for text in NOUNS]
                + [(f"{text}.", ACTION) for text in ACTIONS]
                + [(f"{text}.", ABSTAIN) for text in ABSTENTIONS]
            ),
            min_size=1,
            unique=True,
        )
    )
    return [Option(*entry) for entry in entries]


@pytest.mark.parametrize("template", TEMPLATES)
@settings(max_examples=20, deadline=None)
@given(options=option_lists())
def test_every_option_comes_back_in_every_way_of_writing(template, options):
    for index, label in enumerate(unique_labels(len(options))):
        reading = read(template(label, options[index].text), options)
        assert (reading.status, reading.index) == ("ok", index)


@pytest.mark.parametrize("n", [27, 60])
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_option_of_a_long_list_comes_back(template, n):
    options = [Option(f"Object number {i}.", CATEGORY) for i in range(n)]
    for index, label in enumerate(unique_labels(n)):
        assert read(template(label, options[index].text), options).index == index


REPLIES = [reply for reply, _ in [*TEXTS, *WITHOUT_OPTION]] + LABELS


@settings(deadline=None)
@given(st.permutations(range(len(OPTIONS))), st.sampled_from(TEXTS))
def test_permuting_the_options_permutes_a_text_reading(order, case):
    reply, index = case
    shuffled = [OPTIONS[i] for i in order]
    letterless = [f"Q{i}" for i in range(len(OPTIONS))]
    if read(reply, OPTIONS, letterless).index != index:  # the reply names it by letter, too
        return
    assert read(reply, shuffled, letterless).index == order.index(index)


@settings(deadline=None)
@given(
    st.permutations(range(len(OPTIONS))),
    st.sampled_from(REPLIES),
)
def test_permuting_the_options_with_their_labels_permutes_any_reading(order, reply):
    labels = unique_labels(len(OPTIONS))
    before = read(reply, OPTIONS, labels)
    after = read(reply, [OPTIONS[i] for i in order], [labels[i] for i in order])
    assert after.status == before.status
    assert after.span == before.span
    if before.index is not None:
        assert order[after.index] == before.index


FRAGMENTS = [
    "A",
    "B",
    "b",
    ".",
    ")",
    "(",
    " ",
    "\n",
    "or",
    "not",
    "answer is",
    "Banana",
    "dog",
    "hot",
]
FRAGMENTS += [
    "<think>",
    "</think>",
    "\\boxed{",
    "}",
    "<answer>",
    '{"answer": "',
    '"',
    "I",
    "**",
    "Ｂ",
]
FRAGMENTS += ["\u200b", "\ud800", "\x00", "e\u0301", "cannot tell", "because", ",", "option", "1."]


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS)).map(" ".join)),
    st.one_of(
        st.just(OPTIONS),
        st.lists(st.builds(Option, st.text(), st.sampled_from(OptionKind)), max_size=40),
    ),
)
def test_any_reply_gives_a_sound_reading(reply, options):
    reading = read(reply, options)
    assert (reading.index is None) == (reading.status is not ReadingStatus.OK)
    if reading.index is None:
        assert (reading.kind, reading.how, reading.span) == (None, None, None)
    else:
        assert 0 <= reading.index < len(options)
        assert reading.kind is options[reading.index].kind
        start, end = reading.span
        assert 0 <= start <= end <= len(reply)


HOSTILE = ["A ", "A\n", "(", "{", "\\boxed{", "\\boxed{A}", "<answer>", "<answer>A", "<think>"]
HOSTILE += [
    "answer ",
    "answer is ",
    "'answer': ",
    '"answer": "',
    "answer" + " " * 999,
    "not banana ",
]
HOSTILE += ["hot dog ", "\u0316\u0301", "\ufdfa", "\x00", " ", "\n", "1. ", "because ", '"', "\\"]


@pytest.mark.parametrize("fragment", HOSTILE)
def test_a_long_hostile_reply_takes_no_more_than_linear_time(fragment):
    """Ten times the length must not take a hundred times as long."""

    def seconds(length: int) -> float:
        reply = (fragment * (length // len(fragment) + 1))[:length]
        start = time.process_time()
        read(reply, OPTIONS)
        return time.process_time() - start

    # The least of some: whatever else a machine does makes a reading longer, never shorter.
    short, long = (min(seconds(length) for _ in range(3)) for length in (5_000, 50_000))
    assert long < 40 * max(short, 0.005)


def test_the_reading_does_not_depend_on_earlier_ones():
    replies = REPLIES * 2
    random.Random(0).shuffle(replies)
    first = {reply: read(reply, OPTIONS) for reply in replies}
    assert all(read(reply, OPTIONS) == first[reply] for reply in reversed(replies))
