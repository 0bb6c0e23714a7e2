/// Why an encoded state was refused. The state it was meant for is unchanged.
public enum StateError: Error, Sendable, Equatable {
    /// The bytes end before the state does.
    case truncated
    /// The checksum does not fit the bytes (a torn or flipped state), or the bytes say something that no writer writes.
    case corrupt
    /// Written by a newer version, which this one cannot read.
    case newerVersion(UInt16)
    /// The state is of another model, or of other parameters.
    case mismatch
}

/// What a section of a state holds: four ASCII letters, the same in every version.
public struct StateTag: Sendable, Equatable {
    /// The four letters as a little-endian number.
    public let code: UInt32

    /// A tag of exactly four ASCII letters, e.g. `"LINR"`.
    public init(_ letters: StaticString) {
        precondition(letters.utf8CodeUnitCount == 4 && letters.isASCII)
        var code: UInt32 = 0
        letters.withUTF8Buffer { unsafe code = $0.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
        self.code = code
    }

    /// The tag that a section of these bytes begins with, whatever it is; nil for fewer than four.
    public init?(of state: [UInt8]) {
        guard state.count >= 4 else { return nil }
        code = state[..<4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
