/// How a command ends, as `sysexits.h` counts; fixed, because scripts and supervisors read it.
enum ExitCode: Int32, CaseIterable {
    case success = 0
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case internalError = 70
    case noPermission = 77
    case configuration = 78

    /// One line for `--help`.
    var summary: String {
        switch self {
        case .success: "done, or stopped by SIGTERM or SIGINT after draining"
        case .usage: "the command line is wrong"
        case .badData: "bad data, and `on_bad_record: stop`"
        case .noInput: "the input (file or topic) does not exist or cannot be read"
        case .unavailable: "the broker cannot be reached"
        case .internalError: "a fault inside Millrace, or a delivery that failed for good"
        case .noPermission: "authentication or authorisation refused"
        case .configuration: "the pipeline file is not valid, or asks for something not built yet"
        }
    }
}

/// Why a command cannot go on: what a person is told on standard error, and the exit code (0: it was told to stop).
struct CommandFailure: Error {
    let code: ExitCode
    let message: String

    init(_ code: ExitCode, _ message: String) {
        self.code = code
        self.message = message
    }
}
