// The parts the shim's files share; not visible to Swift.
#pragma once
#include "CSimdJSON.h"
#include <simdjson.h>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

// One reader per type, out of line: inlined into one loop they cost half as much again.
#define MILLRACE_NOINLINE __attribute__((noinline))

namespace millrace {

using Reason = uint8_t;
using Byte = uint8_t;

constexpr size_t deepest = 1024;                 // levels a record may have, the outermost object included
constexpr size_t first_capacity = 4096;          // record bytes the index has room for at first
constexpr size_t kept_capacity = 1 << 20;        // larger buffers are given back as soon as their record is done
constexpr size_t longest_record = 1 << 30;       // offsets are 32 bits wide; Kafka carries less
constexpr uint32_t first_text_capacity = 1024;

struct Key {
    // The name with a closing quote behind it as two words that may overlap, to compare without a call: the first
    // eight bytes and the last eight of `reach`, under a mask that leaves out what a shorter name does not fill;
    // `middle` bytes lie between them. A name that holds what JSON escapes matches nothing.
    uint64_t head = 1, tail = 0, mask = 0;
    int32_t reach = 8;
    uint32_t middle = 0;
    uint8_t roles;
    bool counted;  // a missing value counts as absent
    int32_t number, category;
    std::string name;
};

// A CSV column: what is read from it, without the way through its field.
struct Column {
    int32_t key = -1;  // the index of its field, or -1 for one that is not read
    int32_t number = -1;
    uint8_t roles = 0;
    bool counted = false;
};

template <class Word> inline uint64_t load(const Byte *at) {
    Word word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

inline bool is_digit(Byte byte) { return Byte(byte - '0') < 10; }
inline bool is_space(Byte byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }
// What may follow a number or a word in JSON.
inline bool ends_scalar(Byte byte) {
    constexpr uint64_t low = uint64_t(1) << ',' | uint64_t(1) << ' ' | 1 << '\n' | 1 << '\r' | 1 << '\t';
    return byte < 64 ? (low >> byte) & 1 : (byte | 0x20) == '}';
}

// numbers.cpp
enum class Parse { good, bad, not_finite };
// Reads the JSON number at `at`; its bytes end before `limit` at the latest. `end` is the first byte behind it.
Parse parse_number(const Byte *at, const Byte *limit, double &value, const Byte *&end);
// Reads a whole CSV cell as a number: also `+1`, `.5`, `5.` and spaces around it.
Parse parse_cell(const Byte *at, const Byte *limit, double &value);
// Reads `at`..<`limit` as decimal digits with an optional sign; false when it is anything else or over 18 digits.
bool parse_integer(const Byte *at, const Byte *limit, int64_t &value);

// times.cpp
// The day last met and its ten bytes `YYYY-MM-DD`, as two words that overlap; at first what is no UTF-8.
struct DayCache {
    uint64_t head = UINT64_MAX, tail = UINT64_MAX;
    int64_t days = 0;
};
bool parse_iso_time(const Byte *at, size_t length, DayCache &cache, int64_t &milliseconds);
bool parse_epoch(const Byte *at, const Byte *limit, bool in_seconds, int64_t &milliseconds);

// structure.cpp
// Walks the value whose first structural is `*at`. Returns the structural behind it, or null with the reason.
const uint32_t *skip_value(
    const Byte *bytes, const uint32_t *at, const uint32_t *end, size_t depth, Reason &reason);

// text.cpp
// Appends to the row's text; null when there is no memory.
Byte *reserve_text(millrace_row &row, size_t length);
inline bool append_text(millrace_row &row, const Byte *bytes, size_t length, millrace_text &text) {
    Byte *to = row.text + row.text_length;
    if (row.text_capacity - row.text_length < length && !(to = reserve_text(row, length))) return false;
    // A label is mostly one byte: no call for it.
    if (length == 1) *to = *bytes;
    else std::memcpy(to, bytes, length);
    text = {row.text_length, uint32_t(length)};
    row.text_length += uint32_t(length);
    return true;
}
// Appends the text of a JSON string's inside; false when an escape is wrong.
bool append_unescaped(millrace_row &row, const Byte *bytes, size_t length, millrace_text &text);
// Appends the inside of a quoted CSV cell, "" as ".
bool append_unquoted(millrace_row &row, const Byte *bytes, size_t length, millrace_text &text);
// Appends `bytes` as a JSON string with its quotes.
bool append_quoted(millrace_row &row, const Byte *bytes, size_t length, millrace_text &text);

}  // namespace millrace

struct millrace_decoder {
    std::vector<millrace::Key> keys;
    std::vector<uint32_t> table;  // open addressing by name: index + 1, or 0
    std::vector<uint32_t> seen;   // the record's generation in which a key was met
    std::vector<int32_t> order;   // the keys of the record before, by place: the first guess for the next one
    std::vector<millrace::Column> columns;
    std::string positive;
    std::unique_ptr<simdjson::internal::dom_parser_implementation> index;
    size_t longest_name = 0;
    millrace::DayCache day;
    uint32_t generation = 0;
    uint32_t counted = 0;
    uint8_t label_kind = 0;
    bool time_in_seconds = false;

    // The key of that name or -1.
    int32_t find(const millrace::Byte *name, size_t length) const;
    // Makes the row absent in every slot.
    void reset(millrace_row &row);
    // Whether the key comes the second time in this record.
    bool repeats(int32_t key) {
        bool again = seen[size_t(key)] == generation;
        seen[size_t(key)] = generation;
        return again;
    }
    // Sets the label from its text.
    void set_label(millrace_row &row, millrace_text text) const;
};

namespace millrace {
// Notes what is wrong with the record, with an excerpt of it from `at` on.
Reason fail(
    millrace_row &row, Reason reason, int32_t key, const Byte *bytes, size_t length, const Byte *at);
}  // namespace millrace
