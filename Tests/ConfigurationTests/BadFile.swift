import Configuration
import Testing

/// A file that is wrong, with every problem as `line:column: message`.
struct BadFile: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var text: String
    var environment: [String: String]
    var findings: [String]

    init(_ description: String, _ text: String, environment: [String: String] = [:], _ findings: [String]) {
        testDescription = description
        self.text = text
        self.environment = environment
        self.findings = findings
    }
}
