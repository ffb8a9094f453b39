"""Limits: what protects citizens from a flooder and receipts from guessing."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from bot.cards import explained
from bot.domain import limits
from bot.domain.limits import Attempts, Limit, MayTry, Pace, Quota, Refused
from bot.domain.refusal import delayed, refusal
from bot.domain.window import Steady, Window

NOW = datetime(2026, 10, 20, 13, 5, 20, tzinfo=UTC)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ME, OTHER, FLOODER = b"me", b"other", b"flooder"
HOME, AWAY = b"home", b"away"


def key(number):
    return number.to_bytes(4, "big")


def delays(attempts, count, **where):
    """The seconds after which that many wrong receipts in a row are answered; None where one is refused."""
    told = [attempts.begin(NOW + place * SECOND, **where) for place in range(count)]
    return [one.delay.total_seconds() if isinstance(one, MayTry) else None for one in told]


def exhausted(network=HOME):
    """Attempts after so many failures from one network that its answers come slowly."""
    attempts = Attempts()
    for number in range(limits.NETWORK_TRIES):
        assert isinstance(attempts.begin(NOW, conversation=key(number), network=network), MayTry)
    return attempts


# --- trying receipts -------------------------------------------------------------------------------------------------


def test_each_wrong_receipt_is_answered_later_then_refused():
    """The delay doubles with each failure; the seventh in an hour is refused."""
    assert delays(Attempts(), 8, conversation=ME) == [0, 1, 2, 4, 8, 16, None, None]


def test_the_limit_says_what_it_is():
    """A refusal names its limit, how many, in what time, and an instant within a minute after the first try's hour."""
    attempts = Attempts()
    delays(attempts, 6, conversation=ME)
    refused = attempts.begin(NOW + MINUTE, conversation=ME)
    assert isinstance(refused, Refused)
    assert (refused.limit, refused.most, refused.per) == (Limit.CONVERSATION, 6, HOUR)
    assert NOW + HOUR <= refused.until <= NOW + HOUR + MINUTE
    assert isinstance(attempts.begin(refused.until, conversation=ME), MayTry)


def test_the_delay_is_gone_after_an_hour():
    """Who waits is answered at once again."""
    attempts = Attempts()
    delays(attempts, 5, conversation=ME)
    assert attempts.begin(NOW + HOUR + 2 * MINUTE, conversation=ME).delay == timedelta()


def test_a_right_receipt_is_no_failure():
    """Somebody may open a tip any number of times, at once each time."""
    attempts = Attempts()
    for _ in range(100):
        tried = attempts.begin(NOW, conversation=ME, network=HOME)
        assert tried.delay == timedelta()
        attempts.succeeded(tried)
    assert delays(attempts, 6, conversation=ME) == [0, 1, 2, 4, 8, 16]


def test_a_right_receipt_ends_the_delay_and_not_the_count():
    """Who has a receipt can't guess without end by using it in between."""
    attempts = Attempts()
    guesses = 0
    for _ in range(20):
        if isinstance(guess := attempts.begin(NOW, conversation=ME), MayTry):
            guesses += 1
            assert guess.delay == timedelta()
        if isinstance(right := attempts.begin(NOW, conversation=ME), MayTry):
            attempts.succeeded(right)
    assert guesses == 6


def test_many_at_once_do_not_cheat():
    """A try counts from its beginning: of a hundred begun before any is answered, six may be made."""
    attempts = Attempts()
    begun = [attempts.begin(NOW, conversation=ME) for _ in range(100)]
    assert sum(isinstance(one, MayTry) for one in begun) == 6


def test_an_onion_address_has_a_fixed_delay():
    """There each answer takes as long, and the prefix that all share is not looked at; a conversation still has six."""
    attempts = exhausted()
    assert delays(attempts, 7, conversation=ME, network=HOME, onion=True) == [4, 4, 4, 4, 4, 4, None]


def test_a_flooder_of_conversations_meets_the_slow_lane():
    """Past the prefix's budget a new conversation is answered after 30 s, and four are under way at a time."""
    attempts = exhausted()
    told = [attempts.begin(NOW + SECOND, conversation=key(100 + number), network=HOME) for number in range(10)]
    assert [one.delay for one in told[:4]] == [limits.SLOW_LANE] * 4
    assert {(one.limit, one.most, one.per) for one in told[4:]} == {(Limit.NETWORK, 4, limits.SLOW_LANE)}


def test_a_neighbour_waits_half_a_minute_at_most():
    """From the flooder's own network, one who never failed is told to wait at most 31 s, and then may try."""
    attempts = exhausted()
    for number in range(10):
        attempts.begin(NOW + SECOND, conversation=key(100 + number), network=HOME)
    refused = attempts.begin(NOW + 2 * SECOND, conversation=ME, network=HOME)
    assert refused.until - NOW <= limits.SLOW_LANE + 2 * SECOND
    assert isinstance(attempts.begin(refused.until, conversation=ME, network=HOME), MayTry)


def test_right_receipts_are_not_computed_without_end():
    """Who has a receipt and makes ever new conversations meets the slow lane too, and does not get its tries back."""
    attempts, opened = Attempts(), 0
    for number in range(2000):
        tried = attempts.begin(NOW, conversation=key(number), network=HOME)
        if isinstance(tried, MayTry):
            opened += 1
            attempts.succeeded(tried)
    assert opened == limits.NETWORK_OPENINGS + limits.SLOW_LANE_TRIES


def test_a_right_receipt_gives_back_no_more_than_its_own_try():
    """One that was tried in the slow lane does not make the prefix's next try a quick one."""
    attempts = exhausted()
    attempts.succeeded(attempts.begin(NOW, conversation=ME, network=HOME))
    assert attempts.begin(NOW, conversation=OTHER, network=HOME).delay == limits.SLOW_LANE


def test_right_receipts_leave_the_neighbours_their_tries():
    """A village that opens its tips, three hundred times in an hour, is not slowed down."""
    attempts = Attempts()
    for number in range(300):
        attempts.succeeded(attempts.begin(NOW, conversation=key(number), network=HOME))
    assert attempts.begin(NOW, conversation=ME, network=HOME).delay == timedelta()


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans(), st.integers(0, 20)), max_size=200))
def test_one_flooder_locks_nobody_out(flood):
    """Whatever comes from one network, a conversation of another, or of none, is answered at once."""
    attempts, now = Attempts(), NOW
    for conversation, right, seconds in flood:
        now += seconds * SECOND
        tried = attempts.begin(now, conversation=FLOODER + key(conversation), network=HOME)
        if right and isinstance(tried, MayTry):
            attempts.succeeded(tried)
    for network in (AWAY, None):
        assert attempts.begin(now, conversation=OTHER + (network or b""), network=network).delay == timedelta()


def test_a_verdict_shows_no_key():
    """Neither the conversation nor the network is seen in a log of what may be tried."""
    tried = Attempts().begin(NOW, conversation=b"conversation-7", network=b"network-7")
    assert "-7" not in repr(tried)


class Guessing(RuleBasedStateMachine):
    """Conversations of two networks try and succeed in any order, on a clock that stands, goes, and is set back."""

    begun = Bundle("begun")

    def __init__(self):
        super().__init__()
        self.attempts = Attempts(keys=8)
        self.shown, self.passed = NOW, timedelta()
        self.failed = []  # (how much time had passed, conversation, network, slowly)

    @rule(seconds=st.one_of(st.integers(0, 5), st.integers(0, 4000)))
    def time_passes(self, seconds):
        self.shown += seconds * SECOND
        self.passed += seconds * SECOND

    @rule(hours=st.integers(1, 100_000))
    def the_clock_is_set_back(self, hours):
        self.attempts.begin(self.shown, conversation=b"the one who sees the time before", onion=True)
        self.shown = max(self.shown - hours * HOUR, NOW - 100_000 * HOUR)

    @rule(target=begun, who=st.integers(0, 3), network=st.sampled_from([HOME, AWAY, None]), onion=st.booleans())
    def somebody_tries(self, who, network, onion):
        told = self.attempts.begin(self.shown, conversation=key(who), network=network, onion=onion)
        if isinstance(told, Refused):
            return None
        entry = (self.passed, who, None if onion else network, told.delay == limits.SLOW_LANE)
        self.failed.append(entry)
        return [(told, entry)]

    @rule(ticket=st.one_of(begun))
    def it_was_right(self, ticket):
        for tried, entry in ticket or ():
            if entry in self.failed:
                self.failed.remove(entry)
                self.attempts.succeeded(tried)

    @rule(who=st.integers(0, 3), network=st.sampled_from([HOME, None]))
    def until_is_true(self, who, network):
        told = self.attempts.begin(self.shown, conversation=key(who), network=network)
        if isinstance(told, MayTry):
            self.failed.append((self.passed, who, network, told.delay == limits.SLOW_LANE))
            return
        assert told.until > self.shown - MINUTE
        assert told.until - self.shown <= HOUR + 2 * MINUTE
        self.passed += max(told.until - self.shown, timedelta())
        self.shown = max(told.until, self.shown)
        again = self.attempts.begin(self.shown, conversation=key(who), network=network)
        if isinstance(again, Refused):  # its own hour is over; now it may be the network's turn to say so
            assert (told.limit, again.limit) == (Limit.CONVERSATION, Limit.NETWORK)
        else:
            self.failed.append((self.passed, who, network, again.delay == limits.SLOW_LANE))

    @invariant()
    def nobody_fails_too_often(self):
        for start, *_ in self.failed[-12:]:
            hour = [one for one in self.failed if timedelta() <= one[0] - start < HOUR]
            assert all(sum(one[1] == who for one in hour) <= 6 for who in range(4))
            quick = [one[2] for one in hour if not one[3]]
            assert max(quick.count(HOME), quick.count(AWAY)) <= 30

    @invariant()
    def memory_is_bounded(self):
        assert len(self.attempts) <= 8


TestGuessing = Guessing.TestCase


# --- how fast --------------------------------------------------------------------------------------------------------


def test_tapping_fast_is_never_met():
    """Five taps a second for six seconds, and then one a second without end, are all taken."""
    pace = Pace()
    taps = [NOW + place * SECOND / 5 for place in range(30)] + [NOW + (6 + place) * SECOND for place in range(100)]
    assert [pace.take(at, ME) for at in taps] == [None] * 130


def test_a_flooder_is_told_once_a_pause():
    """Twenty messages a second for a minute: few are taken, and the answers are no flood of their own."""
    pace = Pace()
    told = [pace.take(NOW + place * SECOND / 20, FLOODER) for place in range(1200)]
    assert told.count(None) <= limits.BURST + 60
    assert sum(one is not None and one.first for one in told) <= 6
    assert next(one for one in told if one is not None).first


def test_who_waits_is_heard_again():
    """At `until`, not a second later, the sender is heard, and again ten messages long."""
    pace = Pace()
    slow = next(filter(None, (pace.take(NOW, ME) for _ in range(100))))
    assert (slow.limit, slow.most, slow.per) == (Limit.PACE, 30, 30 * SECOND)
    assert slow.until == NOW + limits.PAUSE
    assert pace.take(slow.until - SECOND / 2, ME) is not None
    assert [pace.take(slow.until, ME) for _ in range(10)] == [None] * 10
    assert pace.take(slow.until, ME).first


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-100_000, 3000)), max_size=300))
def test_pace_holds_on_any_clock(heard):
    """Never more than a burst and what was refilled; `first` once a pause; others unaffected; a clock set back is
    no harm: whoever is slow may write again after a pause."""
    pace, shown, passed = Pace(keys=100), NOW, 0
    taken, paused = dict.fromkeys(range(6), 0), set()
    for who, milliseconds in heard:
        shown += timedelta(milliseconds=milliseconds)
        passed += max(milliseconds, 0)
        slow = pace.take(shown, key(who))
        taken[who] += slow is None
        if slow is None:
            paused.discard(who)
        else:
            assert slow.first or who in paused
            paused.add(who)
        assert taken[who] <= limits.BURST + passed / 1000
    assert pace.take(shown, OTHER) is None
    assert all(pace.take(shown + limits.PAUSE + 101 * SECOND * len(heard), key(who)) is None for who in range(6))


def test_fifty_flooders_slow_nobody_else():
    """Fifty senders write twenty messages a second; somebody who writes now and then never hears of it."""
    pace = Pace()
    for tick in range(20 * 30):
        now = NOW + tick * SECOND / 20
        for flooder in range(50):
            pace.take(now, key(flooder))
        if tick % 20 == 0:
            assert pace.take(now, ME) is None


# --- how much in a window --------------------------------------------------------------------------------------------


def test_a_quota_says_until_when():
    """Five tips in 24 hours; the sixth is told its limit and an instant at which it is taken."""
    tips = limits.tips_a_day()
    assert [tips.take(NOW + place * HOUR, ME) for place in range(5)] == [None] * 5
    refused = tips.take(NOW + 5 * HOUR, ME)
    assert (refused.limit, refused.most, refused.per) == (Limit.TIPS, 5, 24 * HOUR)
    assert NOW + 24 * HOUR <= refused.until <= NOW + 24 * HOUR + MINUTE
    assert tips.take(NOW + 5 * HOUR, OTHER) is None
    assert tips.take(refused.until, ME) is None
    assert tips.take(refused.until, ME) is not None


@pytest.mark.parametrize("amount", [0, -1, 200_000_001])
def test_what_no_wait_would_help_is_an_error(amount):
    """Nothing, less, or more than is ever permitted is not answered with a time to wait."""
    with pytest.raises(ValueError, match="permitted"):
        limits.bytes_an_hour().take(NOW, ME, amount)


asked = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 100), st.integers(-30, 4000)), max_size=100)


@given(asked)
def test_a_quota_holds_in_every_stretch(asked):
    """In no hour is more taken than permitted; what is refused is taken at `until` in a twin that saw the same."""
    quota, now, passed, taken = Quota(Limit.BYTES, 100, HOUR), NOW, timedelta(), []
    for who, amount, seconds in asked:
        now += seconds * SECOND
        passed += max(seconds, 0) * SECOND
        refused = quota.take(now, key(who), amount)
        if refused is not None:
            passed += max(refused.until - now, timedelta())
            now = max(now, refused.until)
            assert quota.take(now, key(who), amount) is None
        taken.append((passed, who, amount))
        assert sum(n for at, one, n in taken if one == who and passed - at < HOUR) <= 100


@given(st.lists(st.tuples(st.binary(max_size=3), st.one_of(st.just(0), st.integers(0, 900))), max_size=200))
def test_memory_is_bounded_whatever_the_keys(asked):
    """At most so many keys; those that did nothing for an hour are gone; a key has at most 61 cells."""
    attempts, pace, quota, now = Attempts(keys=5), Pace(keys=5), Quota(Limit.FILES, 10**9, HOUR, keys=5), NOW
    for name, seconds in asked:
        now += seconds * SECOND
        attempts.begin(now, conversation=name, network=name)
        pace.take(now, name)
        quota.take(now, name)
        assert max(len(attempts), len(pace), len(quota)) <= 5
        assert max(map(len, quota._window._cells.values())) <= 61
    later = now + HOUR + MINUTE
    quota.take(later, b"later")
    pace.take(later, b"later")
    attempts.begin(later, conversation=b"later", network=b"later")
    assert (len(quota), len(pace), len(attempts)) == (1, 1, 1)


def test_a_flood_of_keys_at_one_instant_is_bounded():
    """A thousand new keys at once, where ten are remembered."""
    attempts, pace, quota = Attempts(keys=10), Pace(keys=10), Quota(Limit.FILES, 10, HOUR, keys=10)
    for number in range(1000):
        attempts.begin(NOW, conversation=key(number), network=key(number))
        pace.take(NOW, key(number))
        quota.take(NOW, key(number))
    assert (len(attempts), len(pace), len(quota)) == (10, 10, 10)


def test_the_one_who_did_something_longest_ago_is_forgotten_first():
    """Of three keys where two are remembered, the one used last and the new one stay."""
    window = Window(5, HOUR, keys=2)
    for name in (b"a", b"b", b"a", b"c"):
        window.add(NOW, name)
    assert [window.used(NOW, name) for name in (b"a", b"b", b"c")] == [2, 0, 1]


# --- a clock that never goes back ------------------------------------------------------------------------------------


def test_two_turns_in_the_wrong_order_do_not_speed_time_up():
    """A thousand turns told a little late leave the steady clock where the caller's is."""
    clock = Steady()
    for place in range(1000):
        clock.read(NOW + place * SECOND)
        clock.read(NOW + (place - 30) * SECOND)
    assert clock.read(NOW + 1000 * SECOND) == NOW + 1000 * SECOND


def test_a_clock_set_back_goes_on():
    """Time goes on from where it was, and what is shown is the caller's time."""
    clock = Steady()
    clock.read(NOW)
    assert clock.read(NOW - 24 * HOUR) == NOW
    assert clock.read(NOW - 23 * HOUR) == NOW + HOUR
    assert clock.shown(NOW + HOUR) == NOW - 23 * HOUR


@given(st.lists(st.integers(-(10**6), 10**6)))
def test_a_steady_clock_never_goes_back(steps):
    """Whatever the caller's clock does."""
    clock, now, last = Steady(), NOW, NOW
    for step in steps:
        now += step * SECOND
        steady = clock.read(now)
        assert steady >= last or last == NOW
        last = max(last, steady)


# --- what people are told --------------------------------------------------------------------------------------------


def told(limit, most, per, wait, language="vi", now=NOW):
    return explained(language, refusal(Refused(limit, most, per, now + wait), now, ZONE))


def test_each_limit_says_what_it_is():
    """Which limit, how many, in what time, and how long to wait, in the province's time, rounded up."""
    hour_and_half = timedelta(minutes=58, seconds=41)
    assert told(Limit.CONVERSATION, 6, HOUR, hour_and_half) == (
        "Bạn đã thử mã 6 lần trong một giờ. Hãy đợi đến 21:05 rồi thử lại."
    )
    assert told(Limit.PACE, 30, 30 * SECOND, 9.2 * SECOND).startswith(
        "Bạn gửi nhanh quá: nhiều nhất 30 tin nhắn trong 30 giây. Hãy đợi 10 giây rồi thử lại."
    )
    assert "5 tin báo trong 24 giờ" in told(Limit.TIPS, 5, 24 * HOUR, 20 * HOUR)
    assert "đến 16:06 ngày 21/10" in told(Limit.TIPS, 5, 24 * HOUR, 20 * HOUR)
    assert "113" in told(Limit.TIPS, 5, 24 * HOUR, 20 * HOUR)
    assert told(Limit.BYTES, 200_000_000, HOUR, HOUR).startswith("Nhiều nhất 200 MB tệp trong một giờ")


@pytest.mark.parametrize("limit", Limit)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_limit_has_its_sentence(limit, language):
    """In both languages, whatever the wait and the period."""
    for per in (SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, HOUR, 24 * HOUR):
        for wait in (timedelta(), SECOND, 5 * MINUTE, 30 * HOUR):
            assert told(limit, 1_000_000, per, wait, language)
    assert explained(language, delayed(8 * SECOND))


@given(st.integers(120_001, 10**7), st.integers(0, 86_400))
def test_the_time_that_is_said_is_not_too_early(milliseconds, second):
    """Who waits as long as they are told is not refused again: the minute said begins at or after `until`."""
    now = NOW.replace(hour=0, minute=0, second=0) + second * SECOND
    wait = timedelta(milliseconds=milliseconds)
    values = refusal(Refused(Limit.TIPS, 5, HOUR, now + wait), now, ZONE).values["wait"].values
    said = datetime.strptime(f"2026/{values['day']} {values['time']}", "%Y/%d/%m %H:%M").replace(tzinfo=ZONE)
    assert timedelta() <= said - (now + wait) < MINUTE
