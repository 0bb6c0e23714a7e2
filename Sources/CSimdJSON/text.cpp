#include "decoder.hpp"
#include <algorithm>
#include <cstdlib>

namespace millrace {

MILLRACE_NOINLINE Byte *reserve_text(millrace_row &row, size_t length) {
    size_t needed = row.text_length + length;
    if (needed > row.text_capacity) {
        size_t capacity = std::max<size_t>(needed, size_t(row.text_capacity) * 2);
        if (capacity >= UINT32_MAX) return nullptr;
        void *larger = std::realloc(row.text, capacity);
        if (!larger) return nullptr;
        row.text = static_cast<Byte *>(larger);
        row.text_capacity = uint32_t(capacity);
    }
    return row.text + row.text_length;
}

static void commit(millrace_row &row, size_t length, millrace_text &text) {
    text = {row.text_length, uint32_t(length)};
    row.text_length += uint32_t(length);
}

static bool read_hex(const Byte *at, const Byte *limit, uint32_t &value) {
    if (limit - at < 4) return false;
    value = 0;
    for (int i = 0; i < 4; i++) {
        Byte byte = at[i], lower = byte | 0x20;
        if (is_digit(byte)) value = value * 16 + (byte - '0');
        else if (lower >= 'a' && lower <= 'f') value = value * 16 + (lower - 'a' + 10);
        else return false;
    }
    return true;
}

static Byte *write_utf8(Byte *to, uint32_t scalar) {
    if (scalar < 0x80) {
        *to++ = Byte(scalar);
    } else if (scalar < 0x800) {
        *to++ = Byte(0xC0 | scalar >> 6);
        *to++ = Byte(0x80 | (scalar & 0x3F));
    } else if (scalar < 0x10000) {
        *to++ = Byte(0xE0 | scalar >> 12);
        *to++ = Byte(0x80 | (scalar >> 6 & 0x3F));
        *to++ = Byte(0x80 | (scalar & 0x3F));
    } else {
        *to++ = Byte(0xF0 | scalar >> 18);
        *to++ = Byte(0x80 | (scalar >> 12 & 0x3F));
        *to++ = Byte(0x80 | (scalar >> 6 & 0x3F));
        *to++ = Byte(0x80 | (scalar & 0x3F));
    }
    return to;
}

// Reads what follows `\u`; a surrogate must have its partner.
static bool read_escaped_scalar(const Byte *&at, const Byte *limit, uint32_t &scalar) {
    if (!read_hex(at, limit, scalar)) return false;
    at += 4;
    if (scalar >= 0xDC00 && scalar < 0xE000) return false;
    if (scalar >= 0xD800 && scalar < 0xDC00) {
        uint32_t low;
        if (limit - at < 6 || at[0] != '\\' || at[1] != 'u' || !read_hex(at + 2, limit, low)) return false;
        if (low < 0xDC00 || low >= 0xE000) return false;
        at += 6;
        scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00);
    }
    return true;
}

bool append_unescaped(millrace_row &row, const Byte *bytes, size_t length, millrace_text &text) {
    Byte *first = reserve_text(row, length);  // the text is never longer than its escaped form
    if (!first) return false;
    Byte *to = first;
    const Byte *limit = bytes + length;
    for (const Byte *at = bytes; at < limit;) {
        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        if (++at == limit) return false;
        switch (*at++) {
        case '"': *to++ = '"'; break;
        case '\\': *to++ = '\\'; break;
        case '/': *to++ = '/'; break;
        case 'b': *to++ = '\b'; break;
        case 'f': *to++ = '\f'; break;
        case 'n': *to++ = '\n'; break;
        case 'r': *to++ = '\r'; break;
        case 't': *to++ = '\t'; break;
        case 'u': {
            uint32_t scalar;
            if (!read_escaped_scalar(at, limit, scalar)) return false;
            to = write_utf8(to, scalar);
            break;
        }
        default: return false;
        }
    }
    commit(row, size_t(to - first), text);
    return true;
}

bool append_unquoted(millrace_row &row, const Byte *bytes, size_t length, millrace_text &text) {
    Byte *first = reserve_text(row, length);
    if (!first) return false;
    Byte *to = first;
    for (size_t i = 0; i < length; i++) {
        *to++ = bytes[i];
        if (bytes[i] == '"') i++;  // the second of a pair
    }
    commit(row, size_t(to - first), text);
    return true;
}

bool append_quoted(millrace_row &row, const Byte *bytes, size_t length, millrace_text &text) {
    static const char hex[] = "0123456789abcdef";
    Byte *first = reserve_text(row, length * 6 + 2);  // at worst every byte becomes \u00XX
    if (!first) return false;
    Byte *to = first;
    *to++ = '"';
    for (size_t i = 0; i < length; i++) {
        Byte byte = bytes[i];
        if (byte == '"' || byte == '\\') {
            *to++ = '\\';
            *to++ = byte;
        } else if (byte < 0x20) {
            std::memcpy(to, "\\u00", 4);
            to[4] = Byte(hex[byte >> 4]);
            to[5] = Byte(hex[byte & 15]);
            to += 6;
        } else {
            *to++ = byte;
        }
    }
    *to++ = '"';
    commit(row, size_t(to - first), text);
    return true;
}

}  // namespace millrace
