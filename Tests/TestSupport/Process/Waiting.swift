import Foundation

/// Something a test depends on did not happen.
public struct TestFailure: Error, CustomStringConvertible {
    /// What went wrong.
    public let description: String

    /// A failure with this text.
    public init(_ description: String) {
        self.description = description
    }
}

/// Asks for a condition again and again until it holds.
///
/// - Parameters:
///   - what: what is waited for, for the message.
///   - pause: how long to wait between two questions.
/// - Throws: when it does not hold within `limit`, or what `condition` throws.
public func eventually(
    _ what: String, within limit: Duration, every pause: Duration = .milliseconds(50), _ condition: () throws -> Bool
) throws {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while try !condition() {
        if clock.now > deadline { throw TestFailure("not within \(limit): \(what)") }
        Thread.sleep(forTimeInterval: pause.seconds)
    }
}

extension Duration {
    /// The same in seconds, rounded to what a `Double` holds.
    public var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
