#include "decoder.hpp"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>

using namespace millrace;

static uint32_t hash(const Byte *name, size_t length) {
    uint32_t value = 2166136261u;  // FNV-1a: the table is fixed by the schema, so nobody can choose collisions
    for (size_t i = 0; i < length; i++) value = (value ^ name[i]) * 16777619u;
    return value ^ (value >> 15);
}

int32_t millrace_decoder::find(const Byte *name, size_t length) const {
    if (length > longest_name || table.empty()) return -1;
    size_t mask = table.size() - 1;
    for (size_t slot = hash(name, length) & mask;; slot = (slot + 1) & mask) {
        uint32_t entry = table[slot];
        if (entry == 0) return -1;
        const std::string &candidate = keys[entry - 1].name;
        if (candidate.size() == length && std::memcmp(candidate.data(), name, length) == 0) return int32_t(entry - 1);
    }
}

void millrace_decoder::reset(millrace_row &row) {
    for (uint32_t i = 0; i < row.number_count; i++) row.numbers[i] = std::numeric_limits<double>::quiet_NaN();
    for (uint32_t i = 0; i < row.category_count; i++) row.categories[i] = {0, MILLRACE_ABSENT};
    if (row.text_capacity > kept_capacity) {
        if (void *smaller = std::realloc(row.text, first_text_capacity)) {
            row.text = static_cast<Byte *>(smaller);
            row.text_capacity = first_text_capacity;
        }
    }
    row.text_length = 0;
    row.absent_count = counted;
    row.has_time = 0;
    row.time = 0;
    row.label = std::numeric_limits<double>::quiet_NaN();
    row.label_text = {0, MILLRACE_ABSENT};
    row.id = {0, MILLRACE_ABSENT};
    row.id_kind = MILLRACE_ID_NONE;
    row.reason = MILLRACE_GOOD;
    if (++generation == 0) {
        std::fill(seen.begin(), seen.end(), 0);
        generation = 1;
    }
}

void millrace_decoder::set_label(millrace_row &row, millrace_text text) const {
    row.label_text = text;
    if (label_kind != MILLRACE_LABEL_BINARY) return;
    double label = 0;
    if (text.length == positive.size()) {
        // By hand, as labels are a byte or two and a call to memcmp costs more; to the end, as a processor cannot
        // predict a branch on the label.
        const Byte *bytes = row.text + text.start;
        unsigned differences = 0;
        for (uint32_t i = 0; i < text.length; i++) differences |= bytes[i] ^ unsigned(Byte(positive[i]));
        label = double(differences == 0);
    }
    row.label = label;
}

MILLRACE_NOINLINE Reason millrace::fail(
    millrace_row &row, Reason reason, int32_t key, const Byte *bytes, size_t length, const Byte *at) {
    size_t offset = size_t(at - bytes);
    size_t count = std::min<size_t>(length - offset, MILLRACE_EXCERPT_BYTES);
    if (count > 0) std::memcpy(row.excerpt, at, count);
    row.excerpt_length = uint8_t(count);
    row.offset = uint32_t(std::min<size_t>(offset, UINT32_MAX));
    row.key = key;
    row.cell_count = 0;
    row.reason = reason;
    return reason;
}

millrace_row *millrace_row_create(uint32_t number_count, uint32_t category_count) {
    auto row = static_cast<millrace_row *>(std::calloc(1, sizeof(millrace_row)));
    if (!row) return nullptr;
    row->numbers = static_cast<double *>(std::calloc(std::max(number_count, 1u), sizeof(double)));
    row->categories = static_cast<millrace_text *>(std::calloc(std::max(category_count, 1u), sizeof(millrace_text)));
    row->text = static_cast<Byte *>(std::malloc(first_text_capacity));
    if (!row->numbers || !row->categories || !row->text) {
        millrace_row_destroy(row);
        return nullptr;
    }
    row->text_capacity = first_text_capacity;
    row->number_count = number_count;
    row->category_count = category_count;
    for (uint32_t i = 0; i < number_count; i++) row->numbers[i] = std::numeric_limits<double>::quiet_NaN();
    for (uint32_t i = 0; i < category_count; i++) row->categories[i] = {0, MILLRACE_ABSENT};
    row->label = std::numeric_limits<double>::quiet_NaN();
    row->label_text = row->id = {0, MILLRACE_ABSENT};
    row->key = -1;
    return row;
}

void millrace_row_destroy(millrace_row *row) {
    if (!row) return;
    std::free(row->numbers);
    std::free(row->categories);
    std::free(row->text);
    std::free(row);
}

millrace_decoder *millrace_decoder_create(
    uint8_t label_kind, const uint8_t *positive, size_t positive_length, uint8_t time_in_seconds) {
    auto decoder = new (std::nothrow) millrace_decoder;
    if (!decoder) return nullptr;
    decoder->label_kind = label_kind;
    decoder->positive.assign(reinterpret_cast<const char *>(positive), positive_length);
    decoder->time_in_seconds = time_in_seconds != 0;
    // The depth is that of simdjson's own second stage, which is not used.
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(first_capacity, 1, decoder->index)) {
        delete decoder;
        return nullptr;
    }
    return decoder;
}

void millrace_decoder_destroy(millrace_decoder *decoder) { delete decoder; }

int32_t millrace_decoder_add_key(
    millrace_decoder *decoder, const uint8_t *name, size_t length, uint8_t roles, int32_t number_slot,
    int32_t category_slot, uint8_t counted) {
    Key key;
    key.name.assign(reinterpret_cast<const char *>(name), length);
    key.roles = roles;
    bool isPlain = std::none_of(
        key.name.begin(), key.name.end(), [](char c) { return c == '"' || c == '\\' || Byte(c) < 0x20; });
    key.counted = counted != 0;
    key.number = number_slot;
    key.category = category_slot;
    std::string quoted = key.name + '"';
    if (isPlain) {
        size_t size = quoted.size();
        quoted.resize(std::max<size_t>(size, 8), 0);
        auto words = reinterpret_cast<const Byte *>(quoted.data());
        key.reach = int32_t(quoted.size());
        key.head = load<uint64_t>(words);
        key.tail = load<uint64_t>(words + key.reach - 8);
        key.middle = uint32_t(size > 16 ? size - 16 : 0);
        key.mask = size < 8 ? ~uint64_t(0) >> (64 - 8 * size) : ~uint64_t(0);
    }
    decoder->keys.push_back(key);
    decoder->seen.push_back(0);
    decoder->counted += counted != 0;
    decoder->longest_name = std::max(decoder->longest_name, length);
    decoder->order.assign(decoder->keys.size() + 8, -1);
    for (size_t i = 0; i < decoder->keys.size(); i++) decoder->order[i] = int32_t(i);

    size_t size = 16;
    while (size < decoder->keys.size() * 2) size *= 2;
    decoder->table.assign(size, 0);
    for (size_t i = 0; i < decoder->keys.size(); i++) {
        const std::string &text = decoder->keys[i].name;
        size_t slot = hash(reinterpret_cast<const Byte *>(text.data()), text.size()) & (size - 1);
        while (decoder->table[slot] != 0) slot = (slot + 1) & (size - 1);
        decoder->table[slot] = uint32_t(i + 1);
    }
    return int32_t(decoder->keys.size() - 1);
}

void millrace_decoder_add_column(millrace_decoder *decoder, int32_t index) {
    Column column;
    if (index >= 0) {
        const Key &key = decoder->keys[size_t(index)];
        column = {index, key.number, key.roles, key.counted};
    }
    decoder->columns.push_back(column);
}

size_t millrace_decoder_capacity(const millrace_decoder *decoder) { return decoder->index->capacity(); }

uint8_t millrace_is_utf8(const uint8_t *bytes, size_t length) {
    return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), length);
}
