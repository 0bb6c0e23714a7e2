// The readers of JSON values, one for each role, out of line.
#include "json_values.hpp"
#include <cmath>

namespace millrace {

// What a value that does not fit its field is: malformed when it is no JSON at all, not finite when it spells that.
static MILLRACE_NOINLINE Reason misfit(const Record &record, const Byte *at, bool number) {
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
static MILLRACE_NOINLINE Reason read_whole(
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
static MILLRACE_NOINLINE Reason read_text(
    const Record &record, const Byte *at, const Byte *next, millrace_row &row, millrace_text &text) {
    text = {0, MILLRACE_ABSENT};
    // A class of one digit is what most labels are.
    if (is_digit(*at) && ends_scalar(at[1]) && row.text_length < row.text_capacity) {
        row.text[row.text_length] = *at;
        text = {row.text_length++, 1};
        return MILLRACE_GOOD;
    }
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

MILLRACE_NOINLINE bool read_digit(millrace_decoder &decoder, const Key &key, Byte digit, millrace_row &row) {
    if (decoder.label_kind == MILLRACE_LABEL_NUMBER || row.text_length == row.text_capacity) return false;
    row.text[row.text_length] = digit;
    millrace_text text = {row.text_length++, 1};
    if (key.roles & MILLRACE_ROLE_CATEGORY) row.categories[key.category] = text;
    if (key.roles & MILLRACE_ROLE_LABEL) {
        row.label_text = text;
        if (decoder.label_kind == MILLRACE_LABEL_BINARY) {
            row.label = double(decoder.positive.size() == 1 && Byte(decoder.positive[0]) == digit);
        }
    }
    return true;
}

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

}  // namespace millrace
