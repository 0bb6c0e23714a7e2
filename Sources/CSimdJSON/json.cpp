// JSON records: simdjson finds the structure (and checks UTF-8 and control characters), this file walks it.
//
// Not by On-Demand: a walk on the index itself sees every key once, checks the grammar of undeclared parts too, of
// which On-Demand only counts the brackets, and needs no copy to padded memory.
#include "json_values.hpp"
#include "numbers.hpp"
#include <cmath>

using namespace millrace;

namespace {

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

// Whether the string whose inside begins at `first` spells `key` without escapes. The quote behind the name is part of
// the words, so that what matches is the whole string.
inline bool matches(const Key &key, const Byte *first, const Byte *limit) {
    if (__builtin_expect(limit - first < key.reach, 0)) return false;
    uint64_t head = (load<uint64_t>(first) & key.mask) ^ key.head;
    uint64_t tail = (load<uint64_t>(first + key.reach - 8) & key.mask) ^ key.tail;
    return (head | tail) == 0
        && (key.middle == 0 || std::memcmp(first + 8, key.name.data() + 8, key.middle) == 0);
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
    const Byte *limit = record.limit;
    const Key *keys = decoder.keys.data();
    int32_t *order = decoder.order.data();
    size_t places = decoder.order.size();
    for (size_t place = 0;; place++) {
        // A field takes a key, a colon and a value, and something closes it.
        if (end - at < 4 || bytes[at[0]] != '"' || bytes[at[1]] != ':') return malformed(at < end ? at : first);
        const Byte *name = bytes + at[0], *value = bytes + at[2];
        int32_t index = place < places ? order[place] : -1;
        if (index < 0 || !matches(keys[index], name + 1, limit)) {
            index = find_key(decoder, name, bytes + at[1], row);
            if (index == -2) return malformed(at);
            if (index >= 0 && place < places) order[place] = index;
        }
        if (index >= 0) {
            if (decoder.repeats(index)) return {MILLRACE_DUPLICATE_FIELD, index, name};
            const Key &key = keys[index];
            const Byte *next = bytes + at[3];
            Reason reason;
            if (key.roles == MILLRACE_ROLE_NUMBER) {
                double &slot = row.numbers[key.number];
                if ((*next == ',' || *next == '}') && parse_plain(bytes, value, next, slot)) {
                    row.absent_count -= key.counted;
                    reason = MILLRACE_GOOD;
                } else {
                    reason = read_number(record, value, slot);
                    row.absent_count -= key.counted && !std::isnan(slot);
                }
            } else if (key.roles == MILLRACE_ROLE_ID) {
                reason = read_id(record, value, next, row);
            } else if (key.roles == MILLRACE_ROLE_TIME) {
                reason = read_time(decoder, record, value, next, row);
            } else if (
                (key.roles & ~(MILLRACE_ROLE_LABEL | MILLRACE_ROLE_CATEGORY)) == 0 && next == value + 1
                && is_digit(*value) && read_digit(decoder, key, *value, row)) {
                reason = MILLRACE_GOOD;
            } else {
                reason = read_roles(decoder, key, record, value, next, row);
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
