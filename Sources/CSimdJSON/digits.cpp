// Numbers as text: the shortest decimal of a double, and integers.
#include "decoder.hpp"
#include <charconv>
#include <cmath>

namespace {

// The eight digits of `value` (below 10^8), the first in the lowest byte: all pairs, then all digits at once, where a
// loop over digits waits for one division after the other (Khuong, "How to print integers really fast", 2017).
inline uint64_t eight_digits(uint32_t value) {
    uint64_t halves = value / 10000 | uint64_t(value % 10000) << 32;
    uint64_t hundreds = (halves * 10486 >> 20) & 0x0000007F0000007F;
    uint64_t pairs = hundreds + ((halves - 100 * hundreds) << 16);
    uint64_t tens = (pairs * 103 >> 10) & 0x000F000F000F000F;
    return tens + ((pairs - 10 * tens) << 8);
}

// Without leading zeros; touches eight bytes.
inline size_t write_up_to_eight(uint32_t value, uint8_t *output) {
    uint64_t digits = eight_digits(value);
    int zeros = __builtin_ctzll(digits | uint64_t(1) << 56) >> 3;
    digits = (digits | 0x3030303030303030) >> (8 * zeros);
    std::memcpy(output, &digits, 8);
    return size_t(8 - zeros);
}

inline size_t write_eight(uint64_t digits, uint8_t *output) {
    digits |= 0x3030303030303030;
    std::memcpy(output, &digits, 8);
    return 8;
}

// A double's decimal: digits times ten to `exponent`.
struct Decimal {
    uint64_t digits;
    int exponent;
};

// The powers of five that fit 128 bits, their top bit at the top.
struct Fives {
    static constexpr int count = 56;  // 5^55 < 2^128
    unsigned __int128 power[count] = {};
    constexpr Fives() {
        unsigned __int128 five = 1;
        for (int i = 0; i < count; i++, five *= 5) {
            power[i] = five;
            while (!(power[i] >> 127)) power[i] <<= 1;
        }
    }
};
constexpr Fives fives;

// `power` times `factor` over 2^128, rounded to odd: the last bit also stands for all that was cut off.
inline uint64_t scale_to_odd(unsigned __int128 power, uint64_t factor) {
    auto low = (unsigned __int128)uint64_t(power) * factor;
    auto high = (unsigned __int128)uint64_t(power >> 64) * factor + uint64_t(low >> 64);
    return uint64_t(high >> 64) | uint64_t((uint64_t(high) | uint64_t(low)) != 0);
}

// The fewest digits that read back as c times 2^q, and of those the nearest (Giulietti, "The Schubfach way to render
// doubles", 2022; c and q as there). For numbers that are not whole, and only where the power of ten that scales them is
// exact in 128 bits, so that no estimate of an error is needed; false for smaller ones.
//
// The ends of what reads back as the number belong to it if c is even. They are never a decimal that is looked at, as the
// number is not whole, so that it makes no difference here.
inline bool shortest(uint64_t c, int q, Decimal &decimal) {
    bool isIrregular = c == uint64_t(1) << 52;  // a power of two: the neighbour below is half as far
    int k = (q * 1262611 - (isIrregular ? 524031 : 0)) >> 22;  // floor(log10(2^q)), or of 3/4 of it
    if (k <= -Fives::count) return false;
    int h = q + ((-k * 1741647) >> 19) + 1;  // 1...4
    auto power = fives.power[-k];
    // Four times the number and the ends of what reads back as it, in units of 10^k.
    uint64_t value = scale_to_odd(power, 4 * c << h);
    uint64_t lower = scale_to_odd(power, (4 * c - 2 + isIrregular) << h);
    uint64_t upper = scale_to_odd(power, (4 * c + 2) << h);
    uint64_t below = value / 4, tenth = below / 10;
    bool isTenthIn = lower <= 40 * tenth, isNextTenthIn = 40 * tenth + 40 <= upper;
    if (isTenthIn != isNextTenthIn) {
        decimal = {tenth + isNextTenthIn, k + 1};
        while (decimal.digits % 10 == 0) decimal = {decimal.digits / 10, decimal.exponent + 1};
        return true;
    }
    bool isBelowIn = lower <= 4 * below, isAboveIn = 4 * below + 4 <= upper;
    uint64_t middle = 4 * below + 2;
    bool isNearerAbove = value > middle || (value == middle && (below & 1));
    decimal = {below + (isBelowIn != isAboveIn ? isAboveIn : isNearerAbove), k};
    return true;
}

// Writes `value` as std::to_chars does; 0 for what is left to it: whole numbers, which it writes faster, and what is closer to
// nought than 1e-39.
inline size_t write_shortest(double value, uint8_t *output) {
    uint64_t bits;
    std::memcpy(&bits, &value, 8);
    int biased = int(bits >> 52 & 2047);
    Decimal decimal;
    uint64_t c = (bits & ((uint64_t(1) << 52) - 1)) | uint64_t(1) << 52;
    int q = biased - 1075;
    bool isWhole = q >= 0 || (biased >= 1023 && __builtin_ctzll(c) >= -q);
    if (biased == 0 || isWhole || !shortest(c, q, decimal)) return 0;
    uint8_t text[48];  // the digits end at 24; what is behind them is copied along and never counted
    constexpr uint64_t block = 100000000;
    uint64_t head = decimal.digits / (block * block), middle = eight_digits(uint32_t(decimal.digits / block % block));
    uint64_t last = eight_digits(uint32_t(decimal.digits % block));
    text[7] = uint8_t('0' + head);
    write_eight(middle, text + 8);
    write_eight(last, text + 16);
    int zeros = head ? 7 : middle ? 8 + (__builtin_ctzll(middle) >> 3) : 16 + (__builtin_ctzll(last) >> 3);
    const uint8_t *digits = text + zeros;
    int count = 24 - zeros, leading = count - 1 + decimal.exponent;  // the first digit's power of ten
    uint8_t *at = output;
    *at = '-';
    at += bits >> 63;
    // The shorter way, without an exponent where both are equal.
    if (leading >= 0) {
        std::memcpy(at, digits, 16);
        at[leading + 1] = '.';
        std::memcpy(at + leading + 2, digits + leading + 1, 16);
        at += count + 1;
    } else if (-leading <= 3 + (count > 1)) {
        std::memcpy(at, "0.000", 5);
        std::memcpy(at + 1 - leading, digits, 17);
        at += 1 - leading + count;
    } else {
        *at++ = *digits;
        if (count > 1) {
            *at++ = '.';
            std::memcpy(at, digits + 1, 16);
            at += count - 1;
        }
        *at++ = 'e';
        *at++ = '-';
        *at++ = uint8_t('0' - leading / 10);
        *at++ = uint8_t('0' + -leading % 10);
    }
    return size_t(at - output);
}

}  // namespace

size_t millrace_write_double(double value, uint8_t *output) {
    if (!std::isfinite(value)) {
        std::memcpy(output, "null", 4);
        return 4;
    }
    if (size_t length = write_shortest(value, output)) return length;
    auto first = reinterpret_cast<char *>(output);
    return size_t(std::to_chars(first, first + 32, value).ptr - first);
}

size_t millrace_write_integer(int64_t value, uint8_t *output) {
    constexpr uint64_t block = 100000000;
    uint8_t *at = output;
    uint64_t rest = uint64_t(value);
    if (value < 0) {
        *at++ = '-';
        rest = 0 - rest;
    }
    if (rest < block) {
        at += write_up_to_eight(uint32_t(rest), at);
    } else if (rest < block * block) {
        at += write_up_to_eight(uint32_t(rest / block), at);
        at += write_eight(eight_digits(uint32_t(rest % block)), at);
    } else {
        at += write_up_to_eight(uint32_t(rest / (block * block)), at);
        at += write_eight(eight_digits(uint32_t(rest / block % block)), at);
        at += write_eight(eight_digits(uint32_t(rest % block)), at);
    }
    return size_t(at - output);
}
