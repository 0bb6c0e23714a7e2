// JSON records: simdjson finds the structure (and checks UTF-8 and control characters), this file walks it.
//
// Not by On-Demand: a walk on the index itself sees every key once, checks the grammar of undeclared parts too (On-Demand
// only counts their brackets), needs no copy to padded memory, and is faster.
#include "decoder.hpp"
#include <cmath>

using namespace millrace;

namespace {

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

// What a value that does not fit its field is: malformed when it is no JSON at all, not finite when it spells that.
MILLRACE_NOINLINE Reason misfit(const Record &record, const Byte *at, bool number) {
    switch (*at) {
    case '"':
    case '{':
    case '[': return MILLRACE_WRONG_TYPE;
    case ',':
    case ':':
    case '}':
    case ']': return MILLRACE_MALFORMED;
    default: break;
    }
    if (record.is_boolean(at) || record.is_null(at)) return MILLRACE_WRONG_TYPE;
    const Byte *word = *at == '-' ? at + 1 : at;
    bool infinite = record.is_word(word, "Infinity", 8) || record.is_word(word, "inf", 3)
        || record.is_word(word, "NaN", 3) || record.is_word(word, "nan", 3);
    if (infinite) return number ? MILLRACE_NOT_FINITE : MILLRACE_WRONG_TYPE;
    double value;
    const Byte *end;
    Parse parse = parse_number(at, record.limit, value, end);
    if (parse == Parse::bad || !ends_scalar(*end)) return MILLRACE_MALFORMED;
    return parse == Parse::not_finite && number ? MILLRACE_NOT_FINITE : MILLRACE_WRONG_TYPE;
}

MILLRACE_NOINLINE Reason read_number(const Record &record, const Byte *at, double &value) {
    const Byte *end;
    if (parse_number(at, record.limit, value, end) == Parse::good && ends_scalar(*end)) return MILLRACE_GOOD;
    value = std::nan("");
    return record.is_null(at) ? Reason(MILLRACE_GOOD) : misfit(record, at, true);
}

// A whole number as the text of a category: `1.0` and `1e0` are `1`, so that producers of doubles fit.
MILLRACE_NOINLINE Reason read_whole(
    const Record &record, const Byte *at, millrace_row &row, millrace_text &text) {
    const Byte *end = at;
    while (is_digit(*end)) end++;
    if (end > at && ends_scalar(*end) && (*at != '0' || end == at + 1)) {
        return append_text(row, at, size_t(end - at), text) ? MILLRACE_GOOD : MILLRACE_MALFORMED;
    }
    double value;
    Parse parse = parse_number(at, record.limit, value, end);
    if (parse == Parse::bad || !ends_scalar(*end)) return misfit(record, at, false);
    bool plain = true;
    for (const Byte *byte = at; byte < end; byte++) plain &= is_digit(*byte) || *byte == '-';
    if (plain && !(*at == '-' && value == 0)) {
        return append_text(row, at, size_t(end - at), text) ? MILLRACE_GOOD : MILLRACE_MALFORMED;
    }
    if (parse != Parse::good || value != std::floor(value) || std::fabs(value) > 9007199254740992.0) {
        return MILLRACE_WRONG_TYPE;
    }
    std::string digits = std::to_string(int64_t(value));
    auto first = reinterpret_cast<const Byte *>(digits.data());
    return append_text(row, first, digits.size(), text) ? MILLRACE_GOOD : MILLRACE_MALFORMED;
}

// The text of a category or class; a null leaves `text` absent.
MILLRACE_NOINLINE Reason read_text(
    const Record &record, const Byte *at, const Byte *next, millrace_row &row, millrace_text &text) {
    text = {0, MILLRACE_ABSENT};
    if (is_digit(*at) || *at == '-') return read_whole(record, at, row, text);
    bool done = false;
    if (*at == '"') {
        const Byte *last = closing_quote(at, next);
        if (!last) return MILLRACE_MALFORMED;
        size_t length = size_t(last - at - 1);
        done = has_escape(at + 1, last) ? append_unescaped(row, at + 1, length, text)
                                        : append_text(row, at + 1, length, text);
    } else if (record.is_word(at, "true", 4)) {
        done = append_text(row, at, 4, text);
    } else if (record.is_word(at, "false", 5)) {
        done = append_text(row, at, 5, text);
    } else {
        return record.is_null(at) ? Reason(MILLRACE_GOOD) : misfit(record, at, false);
    }
    return done ? MILLRACE_GOOD : MILLRACE_MALFORMED;
}

// The id as it will be written: the value's own bytes.
MILLRACE_NOINLINE Reason read_id(const Record &record, const Byte *at, const Byte *next, millrace_row &row) {
    const Byte *end = at;
    uint8_t kind;
    if (*at == '"') {
        const Byte *last = closing_quote(at, next);
        if (!last) return MILLRACE_MALFORMED;
        if (has_escape(at + 1, last)) {
            uint32_t before = row.text_length;
            millrace_text text;
            if (!append_unescaped(row, at + 1, size_t(last - at - 1), text)) return MILLRACE_MALFORMED;
            row.text_length = before;  // only the check was wanted
        }
        end = last + 1;
        kind = MILLRACE_ID_STRING;
    } else if (is_digit(*at) || *at == '-') {
        double value;
        while (is_digit(*end)) end++;
        bool isPlain = end > at && ends_scalar(*end) && (*at != '0' || end == at + 1);
        if (!isPlain && (parse_number(at, record.limit, value, end) == Parse::bad || !ends_scalar(*end))) {
            return misfit(record, at, false);
        }
        kind = MILLRACE_ID_NUMBER;
    } else if (record.is_boolean(at)) {
        end = at + (*at == 't' ? 4 : 5);
        kind = MILLRACE_ID_BOOLEAN;
    } else {
        return record.is_null(at) ? Reason(MILLRACE_GOOD) : misfit(record, at, false);
    }
    if (!append_text(row, at, size_t(end - at), row.id)) return MILLRACE_MALFORMED;
    row.id_kind = kind;
    return MILLRACE_GOOD;
}

MILLRACE_NOINLINE Reason read_time(
    millrace_decoder &decoder, const Record &record, const Byte *at, const Byte *next, millrace_row &row) {
    if (*at == '"') {
        const Byte *last = closing_quote(at, next);
        if (!last) return MILLRACE_MALFORMED;
        row.has_time = parse_iso_time(at + 1, size_t(last - at - 1), decoder.day, row.time);
        if (!row.has_time && has_escape(at + 1, last)) {
            uint32_t before = row.text_length;
            millrace_text text;
            if (!append_unescaped(row, at + 1, size_t(last - at - 1), text)) return MILLRACE_MALFORMED;
            row.has_time = parse_iso_time(row.text + text.start, text.length, decoder.day, row.time);
            row.text_length = before;
        }
        return row.has_time ? MILLRACE_GOOD : MILLRACE_BAD_TIME;
    }
    if (record.is_null(at)) return MILLRACE_GOOD;
    double value;
    const Byte *end;
    bool number = is_digit(*at) || *at == '-';
    if (!number || parse_number(at, record.limit, value, end) == Parse::bad || !ends_scalar(*end)) {
        return misfit(record, at, true);
    }
    row.has_time = parse_epoch(at, end, decoder.time_in_seconds, row.time);
    return row.has_time ? MILLRACE_GOOD : MILLRACE_BAD_TIME;
}

// Reads a value in all roles of its field.
MILLRACE_NOINLINE Reason read_roles(
    millrace_decoder &decoder, const Key &key, const Record &record, const Byte *at, const Byte *next,
    millrace_row &row) {
    if (key.roles & MILLRACE_ROLE_NUMBER) {
        double value;
        if (Reason reason = read_number(record, at, value)) return reason;
        row.numbers[key.number] = value;
        row.absent_count -= key.counted && !std::isnan(value);
    }
    if (key.roles & MILLRACE_ROLE_ID) {
        if (Reason reason = read_id(record, at, next, row)) return reason;
    }
    if (key.roles & MILLRACE_ROLE_TIME) {
        if (Reason reason = read_time(decoder, record, at, next, row)) return reason;
    }
    bool is_label = key.roles & MILLRACE_ROLE_LABEL;
    bool is_class = is_label && decoder.label_kind != MILLRACE_LABEL_NUMBER;
    if ((key.roles & MILLRACE_ROLE_CATEGORY) || is_class) {
        millrace_text text;
        if (Reason reason = read_text(record, at, next, row, text)) return reason;
        if (key.roles & MILLRACE_ROLE_CATEGORY) row.categories[key.category] = text;
        if (is_class && text.length != MILLRACE_ABSENT) decoder.set_label(row, text);
    }
    if (is_label && !is_class) {
        if (Reason reason = read_number(record, at, row.label)) return reason;
        const Byte *end = at;
        while (!ends_scalar(*end)) end++;
        bool isMissing = std::isnan(row.label);
        if (!isMissing && !append_text(row, at, size_t(end - at), row.label_text)) return MILLRACE_MALFORMED;
    }
    return MILLRACE_GOOD;
}

// The key at `at` (its opening quote) by its text; -1 when it is not declared, -2 when its escapes are wrong.
MILLRACE_NOINLINE int32_t find_key(
    const millrace_decoder &decoder, const Byte *at, const Byte *colon, millrace_row &row) {
    const Byte *last = closing_quote(at, colon);
    if (!last) return -2;
    size_t length = size_t(last - at - 1);
    if (!has_escape(at + 1, last)) return decoder.find(at + 1, length);
    uint32_t before = row.text_length;
    millrace_text text;
    if (!append_unescaped(row, at + 1, length, text)) return -2;
    row.text_length = before;
    return decoder.find(row.text + text.start, text.length);
}

// Whether the key whose opening quote is at `at`, with its colon at `colon`, spells `key` without escapes.
inline bool matches(const Key &key, const Byte *at, const Byte *colon) {
    const Byte *first = at + 1;
    size_t room = size_t(colon - first), width = key.width;
    if (width > room) return false;
    if (width >= 8) {
        return load<uint64_t>(first) == key.head && load<uint64_t>(first + width - 8) == key.tail;
    }
    if (width >= 4) return load<uint32_t>(first) == key.head && load<uint32_t>(first + width - 4) == key.tail;
    if (width >= 2) return load<uint16_t>(first) == key.head && load<uint16_t>(first + width - 2) == key.tail;
    size_t length = key.name.size();
    return key.plain && room > length && first[length] == '"' && std::memcmp(first, key.name.data(), length) == 0;
}

struct Failure {
    Reason reason;
    int32_t key;
    const Byte *at;
};

// Walks the fields of the outermost object.
Failure walk(
    millrace_decoder &decoder, const Record &record, const uint32_t *at, const uint32_t *end, millrace_row &row) {
    const Byte *bytes = record.bytes;
    auto malformed = [bytes](const uint32_t *place) { return Failure{MILLRACE_MALFORMED, -1, bytes + *place}; };
    if (bytes[*at] != '{' || bytes[end[-1]] != '}' || end - at < 2) return malformed(at);
    const uint32_t *first = at++;
    if (end - at == 1) return {MILLRACE_GOOD, -1, nullptr};
    for (size_t place = 0;; place++) {
        // A field takes a key, a colon and a value, and something closes it.
        if (end - at < 4 || bytes[at[0]] != '"' || bytes[at[1]] != ':') return malformed(at < end ? at : first);
        const Byte *name = bytes + at[0], *colon = bytes + at[1], *value = bytes + at[2];
        int32_t index = place < decoder.order.size() ? decoder.order[place] : -1;
        if (index < 0 || !matches(decoder.keys[size_t(index)], name, colon)) {
            index = find_key(decoder, name, colon, row);
            if (index == -2) return malformed(at);
            if (index >= 0 && place < decoder.order.size()) decoder.order[place] = index;
        }
        if (index >= 0) {
            if (decoder.repeats(index)) return {MILLRACE_DUPLICATE_FIELD, index, name};
            const Key &key = decoder.keys[size_t(index)];
            Reason reason;
            if (key.roles == MILLRACE_ROLE_NUMBER) {
                double &slot = row.numbers[key.number];
                const Byte *after;
                if (parse_number(value, record.limit, slot, after) == Parse::good && ends_scalar(*after)) {
                    row.absent_count -= key.counted;
                    reason = MILLRACE_GOOD;
                } else {
                    reason = read_number(record, value, slot);
                }
            } else if (key.roles == MILLRACE_ROLE_ID) {
                reason = read_id(record, value, bytes + at[3], row);
            } else if (key.roles == MILLRACE_ROLE_TIME) {
                reason = read_time(decoder, record, value, bytes + at[3], row);
            } else {
                reason = read_roles(decoder, key, record, value, bytes + at[3], row);
            }
            if (reason) return {reason, index, value};
            at += 3;  // what was read was a scalar
        } else if (*value == '{' || *value == '[') {
            Reason reason;
            const uint32_t *after = skip_value(bytes, at + 2, end, 1, reason);
            if (!after || after >= end) return {reason, -1, value};
            at = after;
        } else {
            if (*value == ',' || *value == ':' || *value == '}' || *value == ']') return malformed(at + 2);
            at += 3;
        }
        Byte byte = bytes[*at++];
        if (byte == '}') break;
        if (byte != ',' || at == end) return malformed(at - 1);
    }
    return at == end ? Failure{MILLRACE_GOOD, -1, nullptr} : malformed(at);
}

// Finds the structure; on an error says which it is.
Reason find_structure(millrace_decoder &decoder, const Byte *bytes, size_t length) {
    auto &index = *decoder.index;
    if (length > longest_record) return MILLRACE_MALFORMED;
    if (length > index.capacity()) {
        size_t capacity = first_capacity;
        while (capacity < length) capacity *= 2;
        if (index.set_capacity(capacity)) return MILLRACE_MALFORMED;
    }
    if (!index.stage1(bytes, length, simdjson::stage1_mode::regular)) return MILLRACE_GOOD;
    // Wrong UTF-8 comes before whatever else simdjson met first.
    return millrace_is_utf8(bytes, length) ? MILLRACE_MALFORMED : MILLRACE_INVALID_UTF8;
}

Reason decode(millrace_decoder &decoder, const Byte *bytes, size_t length, millrace_row &row) {
    if (length == 0) return fail(row, MILLRACE_EMPTY, -1, bytes, length, bytes);
    if (Reason reason = find_structure(decoder, bytes, length)) return fail(row, reason, -1, bytes, length, bytes);
    const uint32_t *first = decoder.index->structural_indexes.get();
    const uint32_t *end = first + decoder.index->n_structural_indexes;
    Record record{bytes, bytes + length};
    Failure failure = walk(decoder, record, first, end, row);
    if (!failure.reason) return MILLRACE_GOOD;
    // A record that is no JSON object is that before anything else, wherever the walk stopped.
    if (failure.reason != MILLRACE_MALFORMED) {
        Reason reason;
        const uint32_t *after = skip_value(bytes, first, end, 0, reason);
        if (after != end) return fail(row, after ? Reason(MILLRACE_MALFORMED) : reason, -1, bytes, length, bytes);
    }
    return fail(row, failure.reason, failure.key, bytes, length, failure.at);
}

}  // namespace

uint8_t millrace_decode_json(millrace_decoder *decoder, const uint8_t *bytes, size_t length, millrace_row *row) {
    decoder->reset(*row);
    Reason reason = decode(*decoder, bytes, length, *row);
    if (length > kept_capacity && decoder->index->set_capacity(first_capacity)) {
        return fail(*row, MILLRACE_MALFORMED, -1, bytes, length, bytes);
    }
    return reason;
}
