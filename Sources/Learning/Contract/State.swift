/// Why an encoded state was refused.
public enum StateError: Error, Sendable, Equatable {
    /// The bytes end before the state does.
    case truncated
    /// The checksum does not fit the bytes: a torn or flipped state.
    case corrupt
    /// Written by a newer version, which this one cannot read.
    case newerVersion(UInt16)
    /// The state is of another model, or of other parameters.
    case mismatch
}

/// Appends values to a flat, little-endian buffer.
public struct StateEncoder: Sendable {
    /// What was encoded so far.
    public private(set) var bytes: [UInt8] = []
    /// An empty encoder.
    public init() {}
}

/// Reads values back in the order they were encoded.
public struct StateDecoder: Sendable {
    private var bytes: [UInt8]
    /// A decoder at the start of `bytes`.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
}
