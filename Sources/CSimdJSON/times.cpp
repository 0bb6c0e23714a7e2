#include "decoder.hpp"
#include <cmath>

namespace millrace {

// 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.
constexpr int64_t earliest = -62135596800000, latest = 253402300799999;

// Days from 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t yearOfEra = year - era * 400;
    int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146097 + dayOfEra - 719468;
}

static bool is_date(int64_t year, int64_t month, int64_t day) {
    static const int8_t lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > lengths[month - 1]) return false;
    bool isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month != 2 || day < 29 || isLeap;
}

namespace {
struct Reader {
    const Byte *at, *limit;

    bool more() const { return at < limit; }
    bool take(Byte byte) {
        if (at == limit || *at != byte) return false;
        at++;
        return true;
    }
    // Exactly `count` digits.
    bool number(int count, int64_t &value) {
        if (limit - at < count) return false;
        value = 0;
        for (int i = 0; i < count; i++, at++) {
            if (!is_digit(*at)) return false;
            value = value * 10 + (*at - '0');
        }
        return true;
    }
    // `.` or `,` and digits, to whole milliseconds: what is finer is cut off.
    bool fraction(int64_t &milliseconds) {
        milliseconds = 0;
        if (!take('.') && !take(',')) return true;
        int64_t scale = 100;
        if (!more() || !is_digit(*at)) return false;
        for (; more() && is_digit(*at); at++, scale /= 10) milliseconds += (*at - '0') * scale;
        return true;
    }
    // `Z`, `±HH`, `±HHMM`, `±HH:MM` or nothing, which is UTC.
    bool offset(int64_t &minutes) {
        minutes = 0;
        if (!more() || take('Z') || take('z')) return true;
        bool west = *at == '-';
        if (!take('-') && !take('+')) return false;
        int64_t hour, minute = 0;
        if (!number(2, hour) || hour > 23) return false;
        if (more()) {
            take(':');
            if (!number(2, minute) || minute > 59) return false;
        }
        minutes = (hour * 60 + minute) * (west ? -1 : 1);
        return true;
    }
};
}  // namespace

// Two digits, or more than 99 when one of the two bytes is none.
static inline unsigned two(const Byte *at) {
    unsigned tens = unsigned(at[0]) - '0', ones = unsigned(at[1]) - '0';
    return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones;
}

struct Parts {
    int64_t year, month, day, hour, minute, second, milliseconds, offsetMinutes;
};

static bool join(const Parts &parts, int64_t &milliseconds) {
    // Second 60 is a leap second: the first of the next minute here, as in POSIX time.
    if (!is_date(parts.year, parts.month, parts.day)) return false;
    if (parts.hour > 23 || parts.minute > 59 || parts.second > 60) return false;
    int64_t minutes = days_from_civil(parts.year, parts.month, parts.day) * 1440 + parts.hour * 60 + parts.minute;
    milliseconds = ((minutes - parts.offsetMinutes) * 60 + parts.second) * 1000 + parts.milliseconds;
    return milliseconds >= earliest && milliseconds <= latest;
}

// The one shape nearly every producer writes: YYYY-MM-DDTHH:MM:SSZ. The day of the record before is mostly this one's.
static inline bool parse_common(const Byte *at, DayCache &cache, int64_t &milliseconds) {
    if (at[10] != 'T' || at[13] != ':' || at[16] != ':' || at[19] != 'Z') return false;
    if (load<uint64_t>(at) != cache.head || load<uint64_t>(at + 2) != cache.tail) {
        unsigned century = two(at), year = two(at + 2), month = two(at + 5), day = two(at + 8);
        if (at[4] != '-' || at[7] != '-' || century > 99 || year > 99) return false;
        if (!is_date(century * 100 + year, month, day)) return false;
        cache = {load<uint64_t>(at), load<uint64_t>(at + 2), days_from_civil(century * 100 + year, month, day)};
    }
    unsigned hour = two(at + 11), minute = two(at + 14), second = two(at + 17);
    if (hour > 23 || minute > 59 || second > 59) return false;
    milliseconds = (cache.days * 86400 + hour * 3600 + minute * 60 + second) * 1000;
    return true;
}

MILLRACE_NOINLINE bool parse_iso_time(const Byte *at, size_t length, DayCache &cache, int64_t &milliseconds) {
    if (length == 20 && parse_common(at, cache, milliseconds)) return true;
    Reader reader{at, at + length};
    Parts parts{};
    if (!reader.number(4, parts.year) || !reader.take('-')) return false;
    if (!reader.number(2, parts.month) || !reader.take('-') || !reader.number(2, parts.day)) return false;
    if (reader.more()) {
        if (!reader.take('T') && !reader.take('t') && !reader.take(' ')) return false;
        if (!reader.number(2, parts.hour) || !reader.take(':') || !reader.number(2, parts.minute)) return false;
        if (reader.take(':') && (!reader.number(2, parts.second) || !reader.fraction(parts.milliseconds))) return false;
        if (!reader.offset(parts.offsetMinutes) || reader.more()) return false;
    }
    return join(parts, milliseconds);
}

// Whole numbers exactly; others to the nearest millisecond.
MILLRACE_NOINLINE bool parse_epoch(const Byte *at, const Byte *limit, bool in_seconds, int64_t &milliseconds) {
    int64_t whole;
    if (parse_integer(at, limit, whole)) {
        if (in_seconds) {
            if (whole < earliest / 1000 || whole > latest / 1000) return false;
            whole *= 1000;
        }
        milliseconds = whole;
        return whole >= earliest && whole <= latest;
    }
    double value;
    const Byte *end = at;
    if (parse_number(at, limit, value, end) != Parse::good || end != limit) return false;
    double scaled = std::floor((in_seconds ? value * 1000 : value) + 0.5);
    if (!(scaled >= double(earliest) && scaled <= double(latest))) return false;
    milliseconds = int64_t(scaled);
    return true;
}

}  // namespace millrace
