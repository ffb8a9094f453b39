"""Every sentence a person reads: in both languages, alike, used, and true to what its channel can promise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from bot import words
from bot.channels.channel import Capabilities
from bot.conversation import Form, GoesOn, Teller
from bot.domain.tip import Happened, Known, Official, Outcome, TipKind, TipState, Urgency, WayBack
from bot.domain.triage import Act
from bot.talk.step import Name, Phrase
from tests.flows import HAPPY, begin_tip

ROOT = Path(__file__).parent.parent
ROOMS = ("assembly", "bot", "console", "documents", "handlers", "scheduler")
SENTENCE = re.compile(r"[a-z]+(?:-[a-z0-9]+)+\Z")
LABELS = re.compile(
    r"button-|tip-kind-|tip-urgency-|tip-back-|notice-to-|.*-skip\Z|ask-(back|skip|cancel|done)\Z|confirm-"
)


class _Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802 - fluent.syntax calls it so
        self.names.add(node.id.name)


def _sentences(language: str) -> dict[str, frozenset[str]]:
    """The ids of a language's sentences with the variables each takes, those of the sentences inside it too."""
    found, refers = {}, {}
    for file in sorted((ROOT / "bot/words").glob(f"*{language}.ftl")):
        for entry in FluentParser().parse(file.read_text("utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{file.name}: {entry.content[:60]}"
            if isinstance(entry, ftl.Message):
                visitor = _Variables()
                visitor.visit(entry)
                assert entry.id.name not in found, f"{file.name}: {entry.id.name} stands twice"
                found[entry.id.name] = visitor.names
                refers[entry.id.name] = _referred(entry)
    return {name: frozenset(found[name].union(*(found[other] for other in refers[name]))) for name in found}


def _referred(entry: ftl.Message) -> set[str]:
    class References(Visitor):
        names: set[str] = set()  # noqa: RUF012 - one class a call

        def visit_MessageReference(self, node: ftl.MessageReference) -> None:  # noqa: N802
            self.names.add(node.id.name)

    visitor = References()
    visitor.visit(entry)
    return visitor.names


VI, EN = _sentences("vi"), _sentences("en")


def test_both_languages_say_the_same_sentences() -> None:
    """What is in one language is in the other."""
    assert set(VI) == set(EN)
    assert set(words.sentences("vi")) == set(VI)


# English needs a plural where Vietnamese has none, never another variable.
@pytest.mark.parametrize("sentence", sorted(VI))
def test_a_sentence_takes_the_same_values_in_both_languages(sentence: str) -> None:
    """The same variables, and it can be worded with plausible values."""
    assert VI[sentence] == EN[sentence]
    for language in words.LANGUAGES:
        for number in (0, 1, 2, 7, 40):
            values = {name: number if name in NUMBERS else "Sở Y tế" for name in VI[sentence]}
            assert words.say(language, sentence, values).strip() or sentence.endswith("-empty")


NUMBERS = {
    "count", "days", "number", "least", "most", "length", "low", "high", "percent", "weekday", "chats", "without",
    "delivered", "acknowledged", "lost", "open", "page", "year",
}  # fmt: skip


def test_english_counts_one_as_one() -> None:
    """One chat and one unit are not "1 chats" and "1 units"."""
    one = words.say("en", "notice-sure", {"body": "x", "chats": 1, "without": 1, "names": "Sở Y tế"})
    assert one.endswith("Goes to 1 chat. 1 unit has none: Sở Y tế")
    assert words.say("en", "left-days", {"days": 1}) == "1 day left"


@pytest.mark.parametrize("sentence", [name for name in sorted(VI) if LABELS.match(name)])
def test_a_label_fits_a_button(sentence: str) -> None:
    """At most 60 characters, on one line."""
    for language in words.LANGUAGES:
        label = words.say(language, sentence)
        assert 0 < len(label) <= 60
        assert "\n" not in label


# --- used and there --------------------------------------------------------------------------------------------------


def _code() -> Iterator[tuple[str, ast.AST]]:
    for file in [ROOT / "tinbao.py", *(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))]:
        yield str(file.relative_to(ROOT)), ast.parse(file.read_text("utf-8"))


def _literals(tree: ast.AST) -> Iterator[str]:
    """The strings, and f-strings as patterns in which what is filled in is a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "\0" for part in node.values)


def _templates() -> set[str]:
    """What the pages' templates say; what they fill in ("web-demo-" ~ to) is a gap as in an f-string."""
    text = "".join(path.read_text("utf-8") for path in (ROOT / "bot/channels").rglob("*.html"))
    whole = set(re.findall(r"""["']([a-z]+(?:-[a-z0-9]+)+)["']""", text))
    filled = re.findall(r"""["']([a-z-]+-)["'] ~ \w+(?: ~ ["']([a-z-]+)["'])?""", text)
    return whole | {f"{before}\0{after}" for before, after in filled}


LITERALS = {literal for _, tree in _code() for literal in _literals(tree)} | _templates()
PATTERNS = [
    re.compile("[a-z0-9-]+".join(map(re.escape, one.split("\0"))))
    for one in LITERALS
    if "\0" in one and re.match(r"[a-z]+-[a-z0-9-]*\0?", one)
]


def _asked() -> set[str]:
    """The sentences that the engine makes of a flow's name and its steps' names: "tip" and "what" ask "tip-what"."""
    names = {name for answers in HAPPY.values() for name in answers}
    return {
        f"{flow}-{name}{own}"
        for flow in ("tip", "talk", "progress", "notice", "invite", "triage")
        for name in names
        for own in ("", "-skip")
    }


def test_no_sentence_is_unused() -> None:
    """Each sentence is named in the code, in a page, or by a flow's step."""
    inside = {name for sentence in ("vi", "en") for name in _referred_anywhere(sentence)}
    used = LITERALS | _asked() | inside
    unused = [name for name in VI if name not in used and not any(one.fullmatch(name) for one in PATTERNS)]
    assert unused == []


def _referred_anywhere(language: str) -> set[str]:
    text = "".join(path.read_text("utf-8") for path in (ROOT / "bot/words").glob(f"*{language}.ftl"))
    return set(re.findall(r"\{ ([a-z]+(?:-[a-z]+)+) \}", text))


SAYERS = {"tell", "word", "button", "say", "Phrase", "Explanation"}


def _named(tree: ast.AST) -> Iterator[str]:
    """The sentences that a call of turn.tell, turn.word, say, Phrase … names, also by "this if so else that"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in SAYERS:
                yield from (name for argument in node.args[:2] for name in _literals(argument) if SENTENCE.match(name))


@pytest.mark.parametrize(("file", "tree"), [pytest.param(file, tree, id=file) for file, tree in _code()])
def test_every_sentence_that_is_said_is_there(file: str, tree: ast.AST) -> None:
    """What the code says by name, both languages have."""
    assert [name for name in _named(tree) if name not in VI] == []


def test_every_kind_urgency_way_and_question_is_there() -> None:
    """The sentences that are made of an enumeration's value or of a step's name are all there."""
    made = [f"tip-kind-{kind}" for kind in TipKind] + [f"tip-urgency-{urgency}" for urgency in Urgency]
    made += [f"tip-back-{back}" for back in WayBack] + [
        f"notice-to-{whom}" for whom in ("all", "commune", "province", "picked", "warned")
    ]
    made += [f"tip-known-{known}" for known in Known] + [f"tip-happened-{happened}" for happened in Happened]
    made += [f"tip-official-{official}" for official in Official]
    made += [f"tip-state-{state}" for state in (*TipState, *Outcome) if state not in (TipState.CLOSED, Outcome.OPEN)]
    made += [f"triage-is-{state}" for state in TipState] + [f"triage-{act}" for act in Act]
    made += [f"triage-as-{outcome}" for outcome in Outcome if outcome is not Outcome.OPEN]
    made += [f"channel-{channel}" for channel in ("web", "telegram", "script")]
    made += [
        "tip-place",
        "tip-what",
        "tip-happened",
        "progress-which",
        "progress-percent",
        "notice-units",
        "invite-unit",
    ]
    assert [name for name in made if name not in VI] == []


def test_a_sentence_that_is_not_there_is_an_error() -> None:
    """Nothing is ever said by its id, or with a hole in it."""
    with pytest.raises(words.UnknownSentence):
        words.say("vi", "no-such-sentence")
    with pytest.raises(words.UnknownSentence):
        words.say("vi", "ask-too-short")


# --- promises --------------------------------------------------------------------------------------------------------

CAN = Capabilities(buttons=True, edit=True, erase=True, groups=True, text_limit=4096)


def _said_in_a_tip(language: str, *, identity: bool) -> str:
    answers = HAPPY["tip"]
    said = []
    for count in range(len(answers)):
        form = Form(flow="tip", nonce="N0NC", language=language, answers=dict(list(answers.items())[:count]))
        moved = Teller(form, lambda: begin_tip(identity=identity), CAN, private=True).ask()
        assert isinstance(moved, GoesOn)
        assert moved.said is not None
        said.append(moved.said.text + " ".join(button.label for row in moved.said.rows for button in row))
    return "\n".join(said).lower()


@pytest.mark.parametrize(("language", "promise"), [("vi", "ẩn danh"), ("en", "anonym")])
def test_nobody_is_promised_what_a_platform_can_not_keep(language: str, promise: str) -> None:
    """Where the platform knows the account, no question of a tip says "anonymous"; on the web page it does."""
    assert promise not in _said_in_a_tip(language, identity=True)
    assert promise in _said_in_a_tip(language, identity=False)


def test_only_the_web_page_says_anonymous() -> None:
    """No other sentence holds the word at all."""
    said = {name for name in VI if "ẩn danh" in words.say("vi", name, dict.fromkeys(VI[name], 1)).lower()}
    assert {name for name in said if not name.startswith("web-")} <= {"tip-ready-anonymous"}


def test_a_phrase_words_the_phrases_inside_it() -> None:
    """A value may itself be a phrase."""
    inner = Phrase("tip-kind", {})
    outer = Phrase("ask-picked", {"list": inner})
    assert words.word("vi", outer) == f"Đã chọn: {words.say('vi', 'tip-kind')}"
    assert words.word("vi", Name("{ $x }")) == "{ $x }"


@pytest.mark.parametrize(("said", "language"), [("vi", "vi"), ("en-US", "en"), ("EN", "en"), ("", "vi"), ("fr", "vi")])
def test_a_platforms_language_is_one_of_ours(said: str, language: str) -> None:
    """English where it says English, else Vietnamese."""
    assert words.known(said) == language
