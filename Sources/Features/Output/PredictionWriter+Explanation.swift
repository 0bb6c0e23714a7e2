public import Learning

/// The names of a plan's features as explanations write them, rendered once.
public struct ExplanationNames: Sendable {
    /// Of each dense slot `{"feature":"NAME","contribution":`.
    let slots: [[UInt8]]
    /// Of each categorical field `{"feature":"FIELD=`, to which the category is added.
    let fields: [[UInt8]]

    /// The names of the features of `plan`.
    public init(_ plan: borrowing FeaturePlan) {
        slots = plan.featureNames.map { Self.begin($0) + Array("\",\"contribution\":".utf8) }
        fields = plan.categoryFields.map { Self.begin($0) + [UInt8(ascii: "=")] }
    }

    private static func begin(_ name: String) -> [UInt8] {
        Array("{\"feature\":\"".utf8) + PredictionWriter.escaped(name)
    }
}

extension PredictionWriter {
    /// Adds `explanation` to the record last written: a list of `feature` and `contribution`, the largest first. `names` and
    /// `plan` are those of the vector that was explained; the feature of a category is `FIELD=CATEGORY`.
    public mutating func append(
        _ explanation: borrowing Explanation, names: ExplanationNames, plan: borrowing FeaturePlan
    ) {
        guard output.count > 0 else { return }
        output.removeLast()
        output.reserve(32)
        output.append(",\"explanation\":[")
        var isFirst = true
        for index in 0..<explanation.count {
            let contribution = explanation[index]
            guard isNamed(contribution, names, plan) else { continue }
            output.reserve(1)
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            appendFeature(of: contribution, names, plan)
            output.reserve(64)
            output.append(contribution.amount)
            output.append(UInt8(ascii: "}"))
        }
        output.reserve(2)
        output.append("]}")
    }

    private func isNamed(
        _ contribution: Explanation.Contribution, _ names: ExplanationNames, _ plan: borrowing FeaturePlan
    ) -> Bool {
        let index = Int(contribution.index)
        return index >= 0 && index < (contribution.isSparse ? plan.sparseCount : names.slots.count)
    }

    private mutating func appendFeature(
        of contribution: Explanation.Contribution, _ names: ExplanationNames, _ plan: borrowing FeaturePlan
    ) {
        let index = Int(contribution.index)
        guard contribution.isSparse else {
            let slot = names.slots[index]
            output.reserve(slot.count)
            unsafe output.append(slot.span.bytes)
            return
        }
        let field = names.fields[plan.categories.group(index)]
        output.reserve(field.count)
        unsafe output.append(field.span.bytes)
        output.appendEscaped(plan.categories.name(index))
        output.reserve(32)
        output.append("\",\"contribution\":")
    }
}
