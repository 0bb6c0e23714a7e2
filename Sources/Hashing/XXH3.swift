internal import CXXHash

/// XXH3, 64 bits: a fast hash for checksums of our own state and for feature hashing. It is *not* cryptographic: anyone
/// can construct collisions, so it protects against torn and flipped bytes, not against people.
///
/// The result depends only on the bytes (and seed), on every platform and in every version, as xxHash guarantees for XXH3
/// since 0.8.0.
public enum XXH3 {
    /// The hash of `bytes`, which may be empty. Complexity: O(byteCount), no allocation.
    public static func hash64(_ bytes: RawSpan, seed: UInt64 = 0) -> UInt64 {
        unsafe bytes.withUnsafeBytes { unsafe XXH3_64bits_withSeed($0.baseAddress, $0.count, seed) }
    }

    /// The hash of an array's bytes.
    public static func hash64(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        unsafe hash64(bytes.span.bytes, seed: seed)
    }

    /// The hash of `bytes[range]`, without a copy. The range lies within the array.
    public static func hash64(_ bytes: [UInt8], in range: Range<Int>, seed: UInt64 = 0) -> UInt64 {
        unsafe hash64(bytes.span.extracting(range).bytes, seed: seed)
    }

    /// The hash of a string's UTF-8 bytes.
    public static func hash64(_ text: String, seed: UInt64 = 0) -> UInt64 {
        var copy = text
        return copy.withUTF8 { unsafe XXH3_64bits_withSeed($0.baseAddress, $0.count, seed) }
    }
}
