import Glibc

/// Where `${NAME}` comes from.
struct Environment {
    var variables: [String: String]

    /// The value of variable `name`. `HOSTNAME` falls back to the machine's own name: shells set it without exporting
    /// it.
    func value(of name: String) -> String? {
        variables[name] ?? (name == "HOSTNAME" ? Self.hostName() : nil)
    }

    /// The machine's name, or `nil` when the system gives none.
    static func hostName() -> String? {
        // POSIX limits host names to 255 bytes; one more keeps the end of a cut name terminated.
        var buffer = [CChar](repeating: 0, count: 257)
        let status = unsafe gethostname(&buffer, buffer.count - 1)
        let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return status == 0 && !name.isEmpty ? name : nil
    }
}
