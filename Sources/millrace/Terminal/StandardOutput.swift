import Glibc

/// Standard output: results only. Unbuffered, so that a first line such as `bootstrap.servers=…` is out at once and
/// nothing is lost when the process ends; callers hand over whole lines.
enum StandardOutput {
    /// Writes all of `text`. A reader that has gone away is no error: the rest is dropped.
    static func write(_ text: String) {
        FileDescriptorWriter(descriptor: STDOUT_FILENO).write(text)
    }

    /// Whether a person watches standard output.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}

/// Standard error: logs, progress, and why a command failed.
enum StandardError {
    /// Writes all of `text`, if somebody still reads it.
    static func write(_ text: String) {
        FileDescriptorWriter(descriptor: STDERR_FILENO).write(text)
    }

    /// Whether a person watches standard error.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Writes whole texts to a descriptor it does not own.
struct FileDescriptorWriter {
    let descriptor: Int32

    /// Writes all of `text`; `false` when the descriptor refused (closed pipe, full disk).
    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    /// Writes all of `bytes`; `false` when the descriptor refused.
    func write(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
                let written = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written < 0 {
                    if errno == EINTR { continue }
                    return false
                }
                offset += written
            }
            return true
        }
    }
}
