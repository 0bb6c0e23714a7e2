#include "numbers.hpp"
#include <charconv>
#include <cmath>
#include <limits>

namespace millrace {

namespace conversion = simdjson::SIMDJSON_BUILTIN_IMPLEMENTATION::numberparsing;

// The decimal digits from `at` on, appended to `mantissa`; returns the first byte that is none. Eight at a time, with
// no branch for their number: how many digits a number has is what a processor predicts worst.
static inline const Byte *append_digits(const Byte *at, const Byte *limit, uint64_t &mantissa) {
    while (limit - at >= 8) {
        uint64_t word;
        std::memcpy(&word, at, 8);
        word ^= zeros;
        uint64_t others = no_digits(word);
        int count = others ? __builtin_ctzll(others) >> 3 : 8;
        if (count == 0) return at;
        mantissa = mantissa * scales[count] + eight_digits_value(word << (64 - 8 * count));
        at += count;
        if (count < 8) return at;
    }
    while (at < limit && is_digit(*at)) mantissa = mantissa * 10 + (*at++ - '0');
    return at;
}

// The decimal exponent of the leading digit, to tell overflow from underflow. Saturates.
static int64_t magnitude(const Byte *at, const Byte *end) {
    int64_t leading = 0, exponent = 0;
    bool found = false, fraction = false;
    for (; at < end && (*at | 0x20) != 'e'; at++) {
        if (*at == '.') fraction = true;
        else if (is_digit(*at)) {
            if (!found && *at != '0') {
                found = true;
                leading = fraction ? leading - 1 : 0;
            } else if (!found && fraction) leading--;
            else if (found && !fraction) leading++;
        }
    }
    if (at < end) {
        bool negative = ++at < end && *at == '-';
        for (; at < end; at++)
            if (is_digit(*at) && exponent < (int64_t(1) << 40)) exponent = exponent * 10 + (*at - '0');
        if (negative) exponent = -exponent;
    }
    return leading + exponent;
}

// Correct rounding for what the short way cannot do: many digits, large exponents.
static MILLRACE_NOINLINE Parse parse_long(const Byte *at, const Byte *end, double &value) {
    auto first = reinterpret_cast<const char *>(at), last = reinterpret_cast<const char *>(end);
    double result = 0;
    auto [pointer, error] = std::from_chars(first, last, result);
    if (error == std::errc::result_out_of_range) {
        if (magnitude(at, end) > 0) return Parse::not_finite;
        value = *at == '-' ? -0.0 : 0.0;
        return Parse::good;
    }
    if (error != std::errc() || pointer != last) return Parse::bad;
    if (!std::isfinite(result)) return Parse::not_finite;
    value = result;
    return Parse::good;
}

// The noughts before the first other digit.
static ptrdiff_t leading_zeros(const Byte *at, const Byte *end) {
    ptrdiff_t count = 0;
    for (; at < end && (*at == '0' || *at == '.' || *at == '-'); at++) count += *at == '0';
    return count;
}

// What needs more than one operation: simdjson's conversion for up to 19 digits, which says when it cannot decide.
MILLRACE_NOINLINE Parse parse_exactly(
    const Byte *first, const Byte *end, ptrdiff_t count, uint64_t mantissa, int64_t exponent, bool negative,
    double &value) {
    if (count > 19) count -= leading_zeros(first, end);
    if (count <= 19 && mantissa == 0) {
        value = negative ? -0.0 : 0.0;
        return Parse::good;
    }
    bool isShort = count <= 19 && exponent >= -300 && exponent <= 300;
    if (isShort && conversion::compute_float_64(exponent, mantissa, negative, value)) return Parse::good;
    return parse_long(first, end, value);
}

MILLRACE_NOINLINE bool parse_longer(const Byte *bytes, const Byte *at, const Byte *next, double &value) {
    const Byte *first = at;
    bool negative = *at == '-';
    at += negative;
    const Byte *digits = at;
    uint64_t mantissa = 0;
    while (is_digit(*at)) mantissa = mantissa * 10 + (*at++ - '0');
    ptrdiff_t count = at - digits;
    if (count == 0 || count > 19 || (count > 1 && *digits == '0')) return false;
    if (mantissa == 0) count = 0;  // the nought before the point is no digit that has to fit
    ptrdiff_t fraction = 0;
    if (at != next) {
        fraction = next - at - 1;
        if (*at != '.' || fraction < 1 || fraction > 19 - count || next - bytes < 16) return false;
        // Sixteen digits from their end backwards, those before them one by one.
        uint64_t last = load<uint64_t>(next - 8) ^ zeros, middle = 0, others = 0;
        if (fraction <= 8) {
            last = last >> (64 - 8 * fraction) << (64 - 8 * fraction);
            mantissa *= scales[fraction];
        } else {
            ptrdiff_t rest = fraction - 8;
            for (at++; rest > 8; rest--, at++) {
                others |= uint64_t(!is_digit(*at));
                mantissa = mantissa * 10 + (*at - '0');
            }
            middle = (load<uint64_t>(next - 16) ^ zeros) >> (64 - 8 * rest) << (64 - 8 * rest);
            mantissa = (mantissa * scales[rest] + eight_digits_value(middle)) * scales[8];
        }
        if (others | no_digits(middle) | no_digits(last)) return false;
        mantissa += eight_digits_value(last);
    }
    if (mantissa > exact) {
        return parse_exactly(first, next, count + fraction, mantissa, -fraction, negative, value) == Parse::good;
    }
    double result = double(int64_t(mantissa)) / simdjson::internal::power_of_ten[fraction];
    value = negative ? -result : result;
    return true;
}

// The index says where the number ends, so its digits are loaded from there backwards and nothing waits for a search.
MILLRACE_NOINLINE bool parse_plain(const Byte *bytes, const Byte *at, const Byte *next, double &value) {
    bool negative = *at == '-';
    const Byte *digits = at + negative;
    size_t fraction = size_t(next - digits) - 2;
    if (!is_digit(digits[0]) || digits[1] != '.' || fraction - 1 >= 8 || next - bytes < 16) {
        return parse_longer(bytes, at, next, value);
    }
    uint64_t word = (load<uint64_t>(next - 8) ^ zeros) >> (64 - 8 * fraction) << (64 - 8 * fraction);
    if (no_digits(word)) return false;
    uint64_t mantissa = uint64_t(digits[0] - '0') * scales[fraction] + eight_digits_value(word);
    // Both are exact doubles, so that one operation rounds correctly (Clinger 1990).
    double result = double(int64_t(mantissa)) / simdjson::internal::power_of_ten[fraction];
    value = negative ? -result : result;
    return true;
}

MILLRACE_NOINLINE Parse parse_number(const Byte *at, const Byte *limit, double &value, const Byte *&end) {
    const Byte *first = at;
    bool negative = at < limit && *at == '-';
    at += negative;
    const Byte *digits = at;
    uint64_t mantissa = 0;  // may wrap: then there are more than 19 digits, and it is not used
    while (at < limit && is_digit(*at)) mantissa = mantissa * 10 + (*at++ - '0');
    ptrdiff_t count = at - digits;
    if (count == 0 || (count > 1 && *digits == '0')) return Parse::bad;
    int64_t exponent = 0;
    if (at < limit && *at == '.') {
        const Byte *fraction = ++at;
        at = append_digits(at, limit, mantissa);
        exponent = fraction - at;
        if (exponent == 0) return Parse::bad;
        count -= exponent;
    }
    if (at < limit && (*at | 0x20) == 'e') {
        at++;
        bool below = at < limit && *at == '-';
        if (at < limit && (*at == '-' || *at == '+')) at++;
        const Byte *power = at;
        int64_t amount = 0;
        while (at < limit && is_digit(*at)) {
            if (amount < (int64_t(1) << 40)) amount = amount * 10 + (*at - '0');
            at++;
        }
        if (at == power) return Parse::bad;
        exponent += below ? -amount : amount;
    }
    end = at;
    // Both factors are exact doubles here, so that one operation rounds correctly (Clinger 1990).
    if (__builtin_expect(count <= 19 && mantissa <= exact && exponent >= -22 && exponent <= 22, 1)) {
        double result = double(mantissa);
        if (exponent < 0) result /= simdjson::internal::power_of_ten[-exponent];
        else result *= simdjson::internal::power_of_ten[exponent];
        value = negative ? -result : result;
        return Parse::good;
    }
    return parse_exactly(first, at, count, mantissa, exponent, negative, value);
}

MILLRACE_NOINLINE Parse parse_cell(const Byte *at, const Byte *limit, double &value) {
    while (at < limit && (*at == ' ' || *at == '\t')) at++;
    while (limit > at && (limit[-1] == ' ' || limit[-1] == '\t')) limit--;
    bool negative = at < limit && *at == '-';
    if (at < limit && (*at == '-' || *at == '+')) at++;
    if (at == limit || *at == '-' || *at == '+') return Parse::bad;
    double result = 0;
    Parse parse = parse_long(at, limit, result);
    value = negative ? -result : result;
    return parse;
}

bool parse_integer(const Byte *at, const Byte *limit, int64_t &value) {
    bool negative = at < limit && *at == '-';
    at += negative;
    if (at == limit || limit - at > 18) return false;
    int64_t result = 0;
    for (; at < limit; at++) {
        if (!is_digit(*at)) return false;
        result = result * 10 + (*at - '0');
    }
    value = negative ? -result : result;
    return true;
}

}  // namespace millrace

uint8_t millrace_is_json_number(const uint8_t *bytes, size_t length) {
    double value;
    const uint8_t *end = bytes;
    return millrace::parse_number(bytes, bytes + length, value, end) == millrace::Parse::good && end == bytes + length;
}
