// Reading one value of a JSON record, between the walk (json.cpp) and the readers (json_values.cpp).
#pragma once
#include "decoder.hpp"

namespace millrace {

// One record with its structural index; the last structural is known to be a closing brace, so that no scan for the end
// of a scalar leaves the bytes.
struct Record {
    const Byte *bytes;
    const Byte *limit;

    // Whether the scalar at `at` is exactly `word`.
    bool is_word(const Byte *at, const char *word, size_t length) const {
        return size_t(limit - at) > length && std::memcmp(at, word, length) == 0 && ends_scalar(at[length]);
    }
    bool is_null(const Byte *at) const { return is_word(at, "null", 4); }
    bool is_boolean(const Byte *at) const { return is_word(at, "true", 4) || is_word(at, "false", 5); }
};

// The closing quote of the string that opens at `at`, when `next` is the structural behind it: only spaces lie between.
inline const Byte *closing_quote(const Byte *at, const Byte *next) {
    const Byte *last = next - 1;
    while (last > at && is_space(*last)) last--;
    return last > at && *last == '"' ? last : nullptr;
}

inline bool has_escape(const Byte *first, const Byte *last) {
    return std::memchr(first, '\\', size_t(last - first)) != nullptr;
}

// Each reads the value at `at`; `next` is the structural behind it.
Reason read_number(const Record &record, const Byte *at, double &value);
Reason read_id(const Record &record, const Byte *at, const Byte *next, millrace_row &row);
Reason read_time(
    millrace_decoder &decoder, const Record &record, const Byte *at, const Byte *next, millrace_row &row);
// Reads a category or class of one digit, which is what most labels are; false when it takes the long way.
bool read_digit(millrace_decoder &decoder, const Key &key, Byte digit, millrace_row &row);
// Reads a value in all roles of its field.
Reason read_roles(
    millrace_decoder &decoder, const Key &key, const Record &record, const Byte *at, const Byte *next,
    millrace_row &row);

}  // namespace millrace
