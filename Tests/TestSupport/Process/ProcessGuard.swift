import Foundation
import Synchronization

/// Ends the processes that tests started when the test process itself ends, however that happens.
///
/// Clean-up in `deinit` does not run when a test process is killed or crashes, and a broker left behind takes half a
/// gigabyte. So one small shell reads process ids from a pipe whose other end only the test process holds; when the pipe
/// closes, it kills what is still on its list.
enum ProcessGuard {
    private static let pipe = Mutex<FileHandle?>(nil)

    /// From now on `identifier` is killed with the test process.
    static func add(_ identifier: Int32) throws {
        try send("+ \(identifier)\n")
    }

    /// The process has ended, so its id may belong to a stranger soon.
    static func remove(_ identifier: Int32) {
        try? send("- \(identifier)\n")
    }

    private static func send(_ line: String) throws {
        try pipe.withLock { handle in
            let open = try handle ?? start()
            handle = open
            try open.write(contentsOf: Data(line.utf8))
        }
    }

    private static func start() throws -> FileHandle {
        let script = """
            trap '' INT TERM HUP
            list=""
            while read -r what id; do
                rest=""
                for other in $list; do [ "$other" = "$id" ] || rest="$rest $other"; done
                list="$rest"
                [ "$what" = + ] && list="$list $id"
            done
            for id in $list; do kill -KILL "$id" 2>/dev/null; done
            """
        let input = Pipe()
        // Children must not hold the writing end, or the pipe would not close with the test process.
        _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", script]
        shell.standardInput = input
        shell.standardOutput = FileHandle.nullDevice
        shell.standardError = FileHandle.nullDevice
        try shell.run()
        return input.fileHandleForWriting
    }
}
