import Glibc

/// The environment the process was started with, as the kernel keeps it.
enum ProcessEnvironment {
    /// Every variable; of two equal names the last. Entries that are not `NAME=VALUE` are left out.
    static var variables: [String: String] {
        var variables: [String: String] = [:]
        for entry in bytes(of: "/proc/self/environ").split(separator: 0) {
            guard let sign = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: entry[..<sign], as: UTF8.self)
            variables[name] = String(decoding: entry[entry.index(after: sign)...], as: UTF8.self)
        }
        return variables
    }

    private static func bytes(of path: String) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }
}
