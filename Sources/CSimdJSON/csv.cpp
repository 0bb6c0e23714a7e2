// CSV records (RFC 4180, one record without a header): cells in the order of the plan's columns.
#include "csv.hpp"
#include <cmath>

using namespace millrace;

namespace {

// The cell at `at`; moves `at` to the separator behind it or to `limit`. False when its quotes do not close.
bool take_cell(const Byte *&at, const Byte *limit, Cell &cell) {
    if (at == limit || *at != '"') {
        auto comma = static_cast<const Byte *>(std::memchr(at, ',', size_t(limit - at)));
        cell = {at, comma ? comma : limit, false};
        at = cell.last;
        return true;
    }
    cell = {++at, at, false};
    for (;;) {
        auto quote = static_cast<const Byte *>(std::memchr(at, '"', size_t(limit - at)));
        if (!quote) return false;
        at = quote + 1;
        if (at == limit || *at == ',') {
            cell.last = quote;
            return true;
        }
        if (*at != '"') return false;
        at++;
        cell.pairs = true;
    }
}

bool append_cell(millrace_row &row, const Cell &cell, millrace_text &text) {
    size_t length = size_t(cell.last - cell.first);
    return cell.pairs ? append_unquoted(row, cell.first, length, text) : append_text(row, cell.first, length, text);
}

}  // namespace

Reason millrace::read_number(const Cell &cell, double &value) {
    value = std::nan("");
    if (cell.is_empty()) return MILLRACE_GOOD;
    double number;
    const Byte *after;
    if (parse_number(cell.first, cell.last, number, after) == Parse::good && after == cell.last) {
        value = number;
        return MILLRACE_GOOD;
    }
    switch (parse_cell(cell.first, cell.last, value)) {
    case Parse::good: return MILLRACE_GOOD;
    case Parse::not_finite: return MILLRACE_NOT_FINITE;
    case Parse::bad: break;
    }
    for (const Byte *at = cell.first; at < cell.last; at++)
        if (*at != ' ' && *at != '\t') return MILLRACE_WRONG_TYPE;
    return MILLRACE_GOOD;  // blanks only: absent
}

MILLRACE_NOINLINE Reason millrace::read_roles(
    millrace_decoder &decoder, const Key &key, const Cell &cell, millrace_row &row) {
    if (key.roles & MILLRACE_ROLE_NUMBER) {
        double value;
        if (Reason reason = read_number(cell, value)) return reason;
        row.numbers[key.number] = value;
        row.absent_count -= key.counted && !std::isnan(value);
    }
    if (cell.is_empty()) return MILLRACE_GOOD;
    if (key.roles & MILLRACE_ROLE_TIME) {
        size_t length = size_t(cell.last - cell.first);
        bool isTime = parse_iso_time(cell.first, length, decoder.day, row.time)
            || parse_epoch(cell.first, cell.last, decoder.time_in_seconds, row.time);
        if (!isTime) return MILLRACE_BAD_TIME;
        row.has_time = 1;
    }
    if ((key.roles & MILLRACE_ROLE_LABEL) && decoder.label_kind == MILLRACE_LABEL_NUMBER) {
        if (Reason reason = read_number(cell, row.label)) return reason;
    }
    if (key.roles & (MILLRACE_ROLE_CATEGORY | MILLRACE_ROLE_LABEL | MILLRACE_ROLE_ID)) {
        millrace_text text;
        if (!append_cell(row, cell, text)) return MILLRACE_MALFORMED;
        if (key.roles & MILLRACE_ROLE_CATEGORY) row.categories[key.category] = text;
        bool isMissing = decoder.label_kind == MILLRACE_LABEL_NUMBER && std::isnan(row.label);
        if ((key.roles & MILLRACE_ROLE_LABEL) && !isMissing) decoder.set_label(row, text);
        if (key.roles & MILLRACE_ROLE_ID) {
            // CSV has no types: an id is a string. Room first: the text to quote lies in the same buffer.
            if (!reserve_text(row, size_t(text.length) * 6 + 2)) return MILLRACE_MALFORMED;
            if (!append_quoted(row, row.text + text.start, text.length, row.id)) return MILLRACE_MALFORMED;
            row.id_kind = MILLRACE_ID_STRING;
        }
    }
    return MILLRACE_GOOD;
}

namespace {

// The cells of a record of which `count` end at `at`; 0 when the rest is not well formed.
MILLRACE_NOINLINE uint32_t count_cells(const Byte *at, const Byte *limit, size_t count) {
    for (; at != limit; count++) {
        at++;
        Cell cell;
        if (!take_cell(at, limit, cell)) return 0;
    }
    return uint32_t(count);
}

// Any record: where the short way found something else than it takes.
MILLRACE_NOINLINE Reason decode_any(
    millrace_decoder &decoder, const Byte *bytes, size_t length, const Byte *limit, millrace_row &row) {
    if (!millrace_is_utf8(bytes, length)) return fail(row, MILLRACE_INVALID_UTF8, -1, bytes, length, bytes);
    // A bad cell is told only when the rest of the record is well formed.
    Reason reason = MILLRACE_GOOD;
    int32_t failed = -1;
    const Byte *at = bytes, *place = at;
    size_t count = decoder.columns.size();
    for (size_t column = 0; column < count; column++) {
        const Byte *first = at;
        int32_t index = decoder.columns[column].key;
        Cell cell;
        if (!take_cell(at, limit, cell)) return fail(row, MILLRACE_MALFORMED, index, bytes, length, first);
        if (index >= 0 && !reason) {
            reason = read_roles(decoder, decoder.keys[size_t(index)], cell, row);
            if (reason) {
                failed = index;
                place = first;
            }
        }
        bool isLast = column + 1 == count;
        if (isLast != (at == limit)) {
            fail(row, MILLRACE_MALFORMED, -1, bytes, length, at);
            row.cell_count = count_cells(at, limit, column + 1);
            return MILLRACE_MALFORMED;
        }
        if (!isLast) at++;
    }
    return reason ? fail(row, reason, failed, bytes, length, place) : Reason(MILLRACE_GOOD);
}

}  // namespace

uint8_t millrace_decode_csv(millrace_decoder *decoder, const uint8_t *bytes, size_t length, millrace_row *row) {
    const Byte *limit = bytes + length;
    if (limit > bytes && limit[-1] == '\n') limit--;
    if (limit > bytes && limit[-1] == '\r') limit--;
    decoder->reset(*row);
    if (limit == bytes) return fail(*row, MILLRACE_EMPTY, -1, bytes, length, bytes);
    if (length > longest_record) return fail(*row, MILLRACE_MALFORMED, -1, bytes, length, bytes);
    if (decode_plain_csv(*decoder, bytes, limit, *row)) return MILLRACE_GOOD;
    decoder->reset(*row);
    return decode_any(*decoder, bytes, length, limit, *row);
}

int64_t millrace_split_cells(const uint8_t *bytes, size_t length, millrace_cell *cells, size_t most) {
    const Byte *at = bytes, *limit = bytes + length;
    if (limit > at && limit[-1] == '\n') limit--;
    if (limit > at && limit[-1] == '\r') limit--;
    if (length > longest_record) return -1;
    for (size_t count = 0;; count++) {
        if (count == most) return int64_t(most) + 1;
        Cell cell;
        if (!take_cell(at, limit, cell)) return -1;
        cells[count] = {uint32_t(cell.first - bytes), uint32_t(cell.last - cell.first), uint8_t(cell.pairs)};
        if (at == limit) return int64_t(count) + 1;
        at++;
    }
}

size_t millrace_record_length(const uint8_t *bytes, size_t length, millrace_record_scan *scan) {
    while (scan->scanned < length) {
        const Byte *from = bytes + scan->scanned;
        auto end = static_cast<const Byte *>(std::memchr(from, '\n', size_t(bytes + length - from)));
        const Byte *stop = end ? end : bytes + length;
        if (scan->quotes) {
            // Every quote opens or closes: doubled ones do both.
            while ((from = static_cast<const Byte *>(std::memchr(from, '"', size_t(stop - from))))) {
                scan->in_quotes ^= 1;
                from++;
            }
        }
        scan->scanned = size_t(stop - bytes) + (end ? 1 : 0);
        if (!end) return 0;
        scan->line_ends++;
        if (!scan->in_quotes) return scan->scanned;
    }
    return 0;
}
