import Engine
import Features
import Kafka

extension CommandFailure {
    /// The failure of a command whose engine ended with `error`.
    init(_ error: EngineError) {
        self.init(ExitCode(rawValue: error.exitCode) ?? .internalError, error.message)
    }

    /// The failure of a command that `error` stopped while it was `doing` something.
    init(_ error: KafkaError, while doing: String) {
        let code: ExitCode
        if error.isAuthentication || error.isAuthorization {
            code = .noPermission
        } else if error.isAllBrokersDown || error.isTimeout || error.code == .transport {
            code = .unavailable
        } else if error.isUnknownTopic {
            code = .noInput
        } else if error.code == .invalidArgument {
            code = .configuration
        } else {
            code = .internalError
        }
        self.init(code, "\(doing): \(error.message)")
    }
}

extension CommandFailure {
    /// The failure of a command whose data file cannot be read: 66, or 65 for a file that is not what its name says.
    init(_ error: DataFileError) {
        let code: ExitCode =
            switch error.kind {
            case .unreadable: .noInput
            case .unknownFormat: .usage
            case .badData: .badData
            }
        self.init(code, error.description)
    }
}
