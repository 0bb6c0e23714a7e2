// The short way through a CSV record: nothing but ASCII without quotes, as most are. Its commas are found many bytes
// at a time, so that a number's digits are loaded at once and nothing waits for the search of its end.
#include "csv.hpp"
#include "bytes.hpp"
#include "numbers.hpp"
#include <cmath>

namespace millrace {

namespace {

// Marks the commas in `words`, a bit for each byte; false when there are quotes or bytes that are not ASCII.
inline bool mark_commas(const Byte *bytes, size_t length, uint64_t *words) {
    uint64_t others = 0;
    size_t done = 0;
    for (; length - done >= 64; done += 64) {
        Block<64> block(bytes + done);
        words[done / 64] = block.equal(',');
        others |= block.equal_or_not_ascii('"');
    }
    if (done == length) return others == 0;
    uint64_t last = 0;
    size_t place = 0;  // of the next byte in `last`
    for (; length - done >= 16; done += 16, place += 16) {
        Block<16> block(bytes + done);
        last |= block.equal(',') << place;
        others |= block.equal_or_not_ascii('"');
    }
    if (done < length && length >= 16) {
        // The last 16 bytes again: those met before are shifted out.
        Block<16> block(bytes + length - 16);
        last |= block.equal(',') >> (16 - (length - done)) << place;
        others |= block.equal_or_not_ascii('"');
    } else {
#pragma clang loop vectorize(disable)
        for (; done < length; done++, place++) {
            last |= uint64_t(bytes[done] == ',') << place;
            others |= uint64_t(bytes[done] == '"' || bytes[done] >= 0x80);
        }
    }
    words[(length - 1) / 64] = last;
    return others == 0;
}

// The commas of a record one after the other, at last its end.
struct Separators {
    const Byte *base, *limit;
    const uint64_t *word;
    uint64_t bits;

    const Byte *next() {
        while (bits == 0) {
            if (limit - base <= 64) return limit;
            base += 64;
            bits = *++word;
        }
        const Byte *at = base + __builtin_ctzll(bits);
        bits &= bits - 1;
        return at;
    }
};

constexpr double powers_of_ten[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};

// Reads `at`..<`end`, one to eight bytes, as digits with at most one point among them and an optional minus; false when
// it is anything else, or too near to both ends of the record `bytes`..<`limit` for a load of eight bytes.
inline bool parse_short(
    const Byte *bytes, const Byte *limit, const Byte *at, const Byte *end, double &value) {
    bool negative = *at == '-';
    at += negative;
    size_t count = size_t(end - at);
    if (count - 1 >= 8) return false;
    // The cell's bytes become the highest of the word, the last digit on top; noughts fill the others.
    uint64_t word;
    if (__builtin_expect(limit - at >= 8, 1)) word = (load<uint64_t>(at) ^ zeros) << (64 - 8 * count);
    else if (end - bytes >= 8) word = (load<uint64_t>(end - 8) ^ zeros) >> (64 - 8 * count) << (64 - 8 * count);
    else return false;
    uint64_t others = no_digits(word);
    size_t fraction = 0;
    if (others != 0) {
        // The digits before the point take its place: for those behind it nothing changes.
        int point = __builtin_ctzll(others) - 7;
        uint64_t below = (uint64_t(1) << point) - 1;
        if ((others & (others - 1)) != 0 || (word >> point & 0xFF) != ('.' ^ '0') || count == 1) return false;
        fraction = size_t(7 - point / 8);
        word = (word & ~below & ~(uint64_t(0xFF) << point)) | (word & below) << 8;
    }
    // Both are exact doubles, so that one operation rounds correctly (Clinger 1990).
    double result = double(int64_t(eight_digits_value(word))) / powers_of_ten[fraction];
    value = negative ? -result : result;
    return true;
}

// Reads a cell that is not empty; false when it is no number, or blank.
inline bool read_plain_number(
    const Byte *bytes, const Byte *limit, const Byte *at, const Byte *end, double &value) {
    if (parse_short(bytes, limit, at, end, value)) return true;
    // It looks at the byte behind the number.
    if (end != limit && parse_longer(bytes, at, end, value)) return true;
    return read_number({at, end, false}, value) == MILLRACE_GOOD && !std::isnan(value);
}

}  // namespace

bool decode_plain_csv(millrace_decoder &decoder, const Byte *bytes, const Byte *limit, millrace_row &row) {
    size_t length = size_t(limit - bytes);
    uint64_t words[longest_plain_record / 64];
    if (length > longest_plain_record || !mark_commas(bytes, length, words)) return false;
    Separators separators{bytes, limit, words, words[0]};
    const Byte *at = bytes;
    bool more = true;
    uint32_t counted = 0;
    for (const Column &column : decoder.columns) {
        if (!more) return false;
        const Byte *end = separators.next();
        if (column.roles == MILLRACE_ROLE_NUMBER) {
            if (at != end) {
                if (!read_plain_number(bytes, limit, at, end, row.numbers[column.number])) return false;
                counted += column.counted;
            }
        } else if (column.roles != 0) {
            if (read_roles(decoder, decoder.keys[size_t(column.key)], {at, end, false}, row)) return false;
        }
        more = end != limit;
        at = end + more;
    }
    row.absent_count -= counted;
    return !more;
}

}  // namespace millrace
