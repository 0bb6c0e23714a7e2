/// One entry of the log while it is built, and the rules that keep hostile values inside their field.
public struct LogEntry {
    /// The longest entry with its line end: what a pipe takes in one piece (`PIPE_BUF`), so that entries of several
    /// threads or processes never mix.
    public static let bytesMax = 4096
    /// The longest value as written, so that one long value cannot push out the other fields.
    public static let valueBytesMax = 2048

    private static let hexDigits = Array("0123456789abcdef".utf8)
    private static let cut = Array("…".utf8)
    private static let reservedKeys: Set<String> = ["time", "level", "message"]

    private let format: Log.Format
    private var bytes: [UInt8] = []
    private var isCut = false

    init(format: Log.Format, time: Timestamp, level: Log.Level, message: String) {
        self.format = format
        bytes.reserveCapacity(256)
        switch format {
        case .text:
            bytes += "\(time) \(level) ".utf8
            bytes += Self.escaped(message)
        case .json:
            bytes += "{\"time\":\"\(time)\",\"level\":\"\(level)\",\"message\":\"".utf8
            bytes += Self.escaped(message)
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// Adds one field, unless the entry is full; then the entry ends with `cut=true`.
    mutating func append(_ key: String, _ value: String) {
        guard !isCut else { return }
        let field = Self.field(format, Self.safeKey(key, format), value)
        let reserve = 16  // ` cut=true` or `,"cut":"true"}`, and the line end.
        if bytes.count + field.count + reserve > Self.bytesMax {
            isCut = true
            bytes += Self.field(format, "cut", "true")
        } else {
            bytes += field
        }
    }

    /// The finished line, without a line end.
    consuming func finish() -> String {
        if format == .json { bytes.append(UInt8(ascii: "}")) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func field(_ format: Log.Format, _ key: String, _ value: String) -> [UInt8] {
        var field: [UInt8] = []
        switch format {
        case .text:
            field += " \(key)=".utf8
            let isQuoted = needsQuotes(value)
            if isQuoted { field.append(UInt8(ascii: "\"")) }
            field += escaped(value)
            if isQuoted { field.append(UInt8(ascii: "\"")) }
        case .json:
            field += ",\"\(key)\":\"".utf8
            field += escaped(value)
            field.append(UInt8(ascii: "\""))
        }
        return field
    }

    /// Letters, digits, `_`, `.` and `-` stay; anything else becomes `_`. A key of the entry itself gets a `_` in JSON.
    private static func safeKey(_ key: String, _ format: Log.Format) -> String {
        if format == .json && reservedKeys.contains(key) { return key + "_" }
        guard !key.isEmpty else { return "_" }
        if key.utf8.allSatisfy(isKeyByte) { return key }
        return String(decoding: key.utf8.map { isKeyByte($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func needsQuotes(_ value: String) -> Bool {
        if value.utf8.contains(where: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "=") }) { return true }
        return value.isEmpty
            || (!value.utf8.allSatisfy(isPlainByte) && value.unicodeScalars.contains(where: needsEscape))
    }

    /// ASCII that never needs an escape: most values hold nothing else.
    private static func isPlainByte(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// What could end a line, a field or a terminal's mood: quotes, controls (C0, C1), line and paragraph separators,
    /// and the marks that reorder what a person sees.
    private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x22, 0x5C, 0...0x1F, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    /// `text` with JSON's escapes, which logfmt readers know too; cut at a whole character after `valueBytesMax`.
    private static func escaped(_ text: String) -> [UInt8] {
        if text.utf8.count <= valueBytesMax && text.utf8.allSatisfy(isPlainByte) { return Array(text.utf8) }
        var output: [UInt8] = []
        for scalar in text.unicodeScalars {
            if output.count > valueBytesMax - 8 {
                return output + cut
            }
            if !needsEscape(scalar) {
                if let encoded = UTF8.encode(scalar) { output.append(contentsOf: encoded) }
                continue
            }
            output.append(UInt8(ascii: "\\"))
            switch scalar {
            case "\"", "\\": output.append(UInt8(truncatingIfNeeded: scalar.value))
            case "\n": output.append(UInt8(ascii: "n"))
            case "\r": output.append(UInt8(ascii: "r"))
            case "\t": output.append(UInt8(ascii: "t"))
            default:
                output.append(UInt8(ascii: "u"))
                for shift in [12, 8, 4, 0] { output.append(hexDigits[Int(scalar.value >> UInt32(shift)) & 15]) }
            }
        }
        return output
    }
}
