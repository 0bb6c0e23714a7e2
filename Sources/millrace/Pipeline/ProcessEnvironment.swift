/// The environment the process was started with, as the kernel keeps it.
enum ProcessEnvironment {
    /// Every variable; of two equal names the last. Entries that are not `NAME=VALUE` are left out.
    static var variables: [String: String] {
        var variables: [String: String] = [:]
        for entry in FileBytes.read("/proc/self/environ").split(separator: 0) {
            guard let sign = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: entry[..<sign], as: UTF8.self)
            variables[name] = String(decoding: entry[entry.index(after: sign)...], as: UTF8.self)
        }
        return variables
    }
}
