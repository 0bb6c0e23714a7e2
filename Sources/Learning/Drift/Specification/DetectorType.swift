/// A drift detector that a pipeline file or `millrace drift` can name.
public struct DetectorType: Sendable, Equatable {
    /// What stands behind `detector:` or `--detector`.
    public let name: String
    /// The rules of its parameters.
    public let parameters: [ParameterRule]
    /// The values it works with; others are ignored.
    public let acceptedValues: ClosedRange<Double>
    /// Whether it warns before it signals a drift.
    public let hasWarnings: Bool
    /// What a person wants to know of it.
    public let documentation: ModelDocumentation
    let compile: Compile

    /// Turns checked parameters into a way to make detectors. It reads every parameter through the reader, so that what was
    /// read identifies the detector, and reports parameters that contradict each other.
    typealias Compile = @Sendable (inout ParameterReader) -> DetectorMaker

    /// One line for a person who chooses a detector.
    public var summary: String { documentation.summary }

    /// The same name means the same type.
    public static func == (left: DetectorType, right: DetectorType) -> Bool { left.name == right.name }

    /// Every detector, in the order of the documentation.
    public static let all: [DetectorType] = [adwin, pageHinkley, ddm, eddm, hddmAverage, hddmWeighted, kswin]

    /// The detector of that name, if there is one.
    public static func named(_ name: String) -> DetectorType? { all.first { $0.name == name } }
}

/// Makes a new detector that has seen nothing. `fingerprint` identifies type and parameters: the detector writes it at the
/// head of its state and refuses a state of another as a mismatch.
typealias DetectorMaker = @Sendable (_ fingerprint: UInt64) -> any DriftDetector
