#include "decoder.hpp"

namespace millrace {

namespace {
// Which of the open containers are objects, one bit a level.
struct Levels {
    uint64_t bits[deepest / 64 + 1];
    size_t count;

    void push(bool isObject) {
        uint64_t bit = uint64_t(1) << (count % 64);
        if (isObject) bits[count / 64] |= bit;
        else bits[count / 64] &= ~bit;
        count++;
    }
    bool top() const { return (bits[(count - 1) / 64] >> ((count - 1) % 64)) & 1; }
};
}  // namespace

// The whole grammar of objects and arrays, on the index alone: scalars are not looked into. On-Demand's own skipping
// counts brackets only, and would let `[}` and `[1 2]` pass.
MILLRACE_NOINLINE const uint32_t *skip_value(
    const Byte *bytes, const uint32_t *at, const uint32_t *end, size_t depth, Reason &reason) {
    Levels levels{};
    enum class Want { value, key, next } want = Want::value;
    reason = MILLRACE_MALFORMED;
    for (;;) {
        if (at >= end) return nullptr;
        Byte byte = bytes[*at];
        switch (want) {
        case Want::key:
            if (byte != '"' || end - at < 3 || bytes[at[1]] != ':') return nullptr;
            at += 2;
            want = Want::value;
            break;
        case Want::value:
            if (byte == ',' || byte == ':' || byte == '}' || byte == ']') return nullptr;
            at++;
            if (byte != '{' && byte != '[') {
                if (levels.count == 0) return at;
                want = Want::next;
                break;
            }
            if (depth + levels.count >= deepest) {
                reason = MILLRACE_TOO_DEEP;
                return nullptr;
            }
            levels.push(byte == '{');
            if (at < end && bytes[*at] == (byte == '{' ? '}' : ']')) want = Want::next;
            else want = byte == '{' ? Want::key : Want::value;
            break;
        case Want::next:
            at++;
            if (byte == ',') {
                want = levels.top() ? Want::key : Want::value;
            } else if (byte == (levels.top() ? '}' : ']')) {
                if (--levels.count == 0) return at;
            } else {
                return nullptr;
            }
            break;
        }
    }
}

}  // namespace millrace
