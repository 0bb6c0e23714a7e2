internal import COpenSSL

/// A running SHA-256 over bytes given in any number of pieces; the pieces' borders do not matter.
///
/// Used for digests that people compare (`state_digest`), never per event. It allocates one OpenSSL context.
@safe public struct SHA256: ~Copyable {
    /// Bytes in a digest.
    public static let byteCount = 32
    private let context: OpaquePointer

    /// A digest of nothing so far. Traps only when OpenSSL cannot allocate or has SHA-256 disabled by its own
    /// configuration (a broken installation, not an input).
    public init() {
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("no memory for a digest context") }
        unsafe self.context = context
        let started = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
        precondition(started == 1, "this OpenSSL refuses SHA-256")
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Adds bytes. Complexity: O(byteCount).
    public mutating func update(_ bytes: RawSpan) {
        let done = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(done == 1)
    }

    /// Adds an array's bytes.
    public mutating func update(_ bytes: [UInt8]) { unsafe update(bytes.span.bytes) }

    /// The digest's 32 bytes; the running digest ends with it.
    public consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.byteCount)
        var length: UInt32 = 0
        let done = unsafe digest.withUnsafeMutableBufferPointer {
            unsafe EVP_DigestFinal_ex(context, $0.baseAddress, &length)
        }
        precondition(done == 1 && length == UInt32(Self.byteCount))
        return digest
    }

    /// The digest as 64 lower-case hexadecimal digits; the running digest ends with it.
    public consuming func finishHex() -> String { hexadecimal(finish()) }

    /// The digest of one array as 64 lower-case hexadecimal digits.
    public static func hex(_ bytes: [UInt8]) -> String {
        var digest = SHA256()
        digest.update(bytes)
        return digest.finishHex()
    }
}

/// Two lower-case hexadecimal digits for each byte.
public func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
