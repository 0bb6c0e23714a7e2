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

// Two digits in a place that is known to hold them.
static inline int64_t two(const Byte *at) { return (at[0] - '0') * 10 + (at[1] - '0'); }

// The one shape nearly every producer writes: YYYY-MM-DDTHH:MM:SSZ.
static bool has_common_shape(const Byte *at) {
    static const uint8_t digits[] = {0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18};
    bool fits = at[4] == '-' && at[7] == '-' && at[10] == 'T' && at[13] == ':' && at[16] == ':' && at[19] == 'Z';
    bool all = true;
    for (uint8_t place : digits) all &= is_digit(at[place]);
    return fits && all;
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

MILLRACE_NOINLINE bool parse_iso_time(const Byte *at, size_t length, int64_t &milliseconds) {
    if (length == 20 && has_common_shape(at)) {
        return join(
            {two(at) * 100 + two(at + 2), two(at + 5), two(at + 8), two(at + 11), two(at + 14), two(at + 17), 0, 0},
            milliseconds);
    }
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

uint8_t millrace_read_time(const uint8_t *bytes, size_t length, uint8_t in_seconds, int64_t *milliseconds) {
    return millrace::parse_iso_time(bytes, length, *milliseconds)
        || millrace::parse_epoch(bytes, bytes + length, in_seconds != 0, *milliseconds);
}
