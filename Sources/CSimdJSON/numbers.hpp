// The short way through a number, for the walk over a JSON record.
#pragma once
#include "decoder.hpp"

namespace millrace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first digit is read as the lowest byte");

constexpr uint64_t exact = uint64_t(1) << 53;  // whole numbers up to here are doubles
constexpr uint64_t zeros = 0x3030303030303030;
constexpr uint64_t scales[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

// The top bit of every byte of `word` (ASCII xor '0') that is no digit; a carry disturbs only bytes behind the first.
inline uint64_t no_digits(uint64_t word) { return ((word + 0x7676767676767676) | word) & 0x8080808080808080; }

// The number whose digits are the bytes of `word`, the first the lowest (Lemire, "Quickly parsing eight digits", 2018).
inline uint64_t eight_digits_value(uint64_t word) {
    word = word * 10 + (word >> 8);
    return ((word & 0x000000FF000000FF) * 0x000F424000000064
            + ((word >> 16) & 0x000000FF000000FF) * 0x0000271000000001) >> 32;
}

// `mantissa` (`count` digits, below 10^19) times ten to `exponent`, correctly rounded, however hard; the number is
// `first`..<`end`.
Parse parse_exactly(
    const Byte *first, const Byte *end, ptrdiff_t count, uint64_t mantissa, int64_t exponent, bool negative,
    double &value);

// Reads the number at `at` when it has no exponent, at most 19 digits and nothing between it and `next`, the comma or
// brace that is the structural behind it; false when `parse_number` has to look. `bytes` is where the record begins.
bool parse_plain(const Byte *bytes, const Byte *at, const Byte *next, double &value);
// `parse_plain` for any number of digits before the point. It reads the byte at `next`.
bool parse_longer(const Byte *bytes, const Byte *at, const Byte *next, double &value);

}  // namespace millrace
