#include "decoder.hpp"
#include <charconv>
#include <cmath>
#include <limits>

namespace millrace {

static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

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
        while (at < limit && is_digit(*at)) mantissa = mantissa * 10 + (*at++ - '0');
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
    if (count <= 19 && mantissa <= (uint64_t(1) << 53) && exponent >= -22 && exponent <= 22) {
        double result = double(mantissa);
        result = exponent < 0 ? result / powers[-exponent] : result * powers[exponent];
        value = negative ? -result : result;
        return Parse::good;
    }
    return parse_long(first, at, value);
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

size_t millrace_write_double(double value, uint8_t *output) {
    if (!std::isfinite(value)) {
        std::memcpy(output, "null", 4);
        return 4;
    }
    auto first = reinterpret_cast<char *>(output);
    return size_t(std::to_chars(first, first + 32, value).ptr - first);
}

uint8_t millrace_is_json_number(const uint8_t *bytes, size_t length) {
    double value;
    const uint8_t *end = bytes;
    return millrace::parse_number(bytes, bytes + length, value, end) == millrace::Parse::good && end == bytes + length;
}
