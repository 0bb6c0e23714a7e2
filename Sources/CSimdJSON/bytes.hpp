// Comparing many bytes at once, in clang's portable vectors: the compiler makes of them what the processor has.
#pragma once
#include "decoder.hpp"

namespace millrace {

template <size_t count> class Block {
    typedef uint8_t Bytes __attribute__((vector_size(count)));
    typedef bool Bits __attribute__((ext_vector_type(count)));

    Bytes bytes;

    template <class Comparison> static uint64_t bits(const Comparison &comparison) {
        auto matches = __builtin_convertvector(comparison, Bits);
        uint64_t result = 0;
        std::memcpy(&result, &matches, count / 8);
        return result;
    }

public:
    explicit Block(const Byte *at) { std::memcpy(&bytes, at, count); }

    // One bit for each byte that equals `byte`, the first byte's the lowest.
    uint64_t equal(Byte byte) const { return bits(bytes == byte); }
    // One bit for each byte that equals `byte` or is not ASCII.
    uint64_t equal_or_not_ascii(Byte byte) const { return bits((Bytes(bytes == byte) | bytes) >= 0x80); }
};

}  // namespace millrace
