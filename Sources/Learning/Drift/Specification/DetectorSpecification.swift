internal import Hashing

/// A drift detector with parameters that were checked. It makes detectors; it is not one.
public struct DetectorSpecification: Sendable, Equatable {
    /// What kind of detector it is.
    public let type: DetectorType
    /// What was read of the parameters, defaults included, sorted.
    private let effective: [String]
    private let make: DetectorMaker

    /// The same type and effective parameters.
    public static func == (left: DetectorSpecification, right: DetectorSpecification) -> Bool {
        left.type == right.type && left.effective == right.effective
    }

    /// Type and effective parameters in one line.
    var identity: String { "\(type.name) \(effective.joined(separator: " "))" }

    /// A new detector that has seen nothing.
    public func makeDetector() -> any DriftDetector {
        var encoder = StateEncoder()
        encoder.append(type.name)
        for value in effective { encoder.append(value) }
        return make(XXH3.hash64(encoder.bytes))
    }

    /// Reads a detector's parameters, those of the file or the command line in their order.
    ///
    /// Returns the specification when there is no problem; otherwise nil and *every* problem. A problem's path is the key of
    /// the parameter; `["detector"]` where `name` is no detector's.
    public static func parse(
        name: String, entries: [ParameterEntry] = []
    ) -> (DetectorSpecification?, [ParameterProblem]) {
        guard let type = DetectorType.named(name) else {
            let problem = ParameterProblem(
                path: ["detector"], message: "unknown detector `\(name)`", isUnknownKey: true,
                allowed: DetectorType.all.map(\.name))
            return (nil, [problem])
        }
        var reader = ParameterReader(entries: entries, path: [])
        reader.check(rules: type.parameters, also: [], planned: [])
        guard reader.problems.isEmpty else { return (nil, reader.problems) }
        let maker = type.compile(&reader)
        guard reader.problems.isEmpty else { return (nil, reader.problems) }
        return (DetectorSpecification(type: type, effective: reader.effective.sorted(), make: maker), [])
    }
}
