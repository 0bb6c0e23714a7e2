import Foundation

extension ChildProcess {
    /// A page of the HTTP server whose port the service logged.
    public func page(_ path: String) throws -> String {
        guard let port = errors.firstMatch(of: /http server listens .*port=(\d+)/)?.1,
            let url = URL(string: "http://127.0.0.1:\(port)\(path)")
        else { throw TestFailure("no HTTP server: \(errors.suffix(2000))") }
        return String(decoding: try Data(contentsOf: url), as: UTF8.self)
    }

    /// The value of a metric without labels; `nil` when the page has none of that name.
    public func metric(_ name: String) throws -> Double? {
        try page("/metrics").split(separator: "\n").first { $0.hasPrefix(name + " ") }
            .flatMap { Double($0.dropFirst(name.count + 1)) }
    }
}
