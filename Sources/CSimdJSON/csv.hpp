// What the two ways through a CSV record share.
#pragma once
#include "decoder.hpp"

namespace millrace {

// One cell: its bytes without quotes; `pairs` when it holds doubled quotes.
struct Cell {
    const Byte *first, *last;
    bool pairs;
    bool is_empty() const { return first == last; }
};

// Reads a cell as a number; NaN when it is empty or blank.
Reason read_number(const Cell &cell, double &value);
// Reads a cell into every slot that its field's roles name.
Reason read_roles(millrace_decoder &decoder, const Key &key, const Cell &cell, millrace_row &row);

// Longer records go the long way: the short one keeps a bit a byte on its stack.
constexpr size_t longest_plain_record = 1 << 14;

// Decodes a record of at least one byte, without its line end, by the short way. False when it is not that plain, or
// bad: then the row is not to be used.
bool decode_plain_csv(millrace_decoder &decoder, const Byte *bytes, const Byte *limit, millrace_row &row);

}  // namespace millrace
