public import Learning

/// Why a feature cannot be compiled.
public struct FeatureProblem: Error, Sendable, Equatable {
    /// Which entry of `features:`, from 0.
    public var index: Int
    /// What is wrong, for a person.
    public var message: String
    /// The field named, when it is a field that is wrong.
    public var field: String?
    /// The fields that would do, for suggestions.
    public var allowed: [String]
}

/// The way from a decoded row to the numbers that learners see, compiled once from the schema and the feature list.
///
/// Numbers fill dense slots in the order of the list. A one-hot category becomes a sparse entry of value 1, whose index
/// is given in the order in which categories were first *learned*: predicting looks up and changes nothing, so that an
/// unknown category contributes nothing; ``admitCategories(of:)`` gives the indexes, before the event is learned.
public struct FeaturePlan: ~Copyable, Sendable {
    /// Names of the dense features, by slot.
    public let featureNames: [String]
    /// The row's number slot of each dense slot.
    private let numberSlots: [Int]
    /// The row's category slot of each one-hot feature; its place here is its group in `categories`.
    private let categorySlots: [Int]
    let categoryFields: [String]
    private(set) var categories: CategoryTable

    /// Compiles `features` over the fields of `schema`. At most `categoriesMax` categories of a field get an index; those
    /// after them are counted and contribute nothing.
    public init(
        schema: Schema, features: [FeatureSpecification], categoriesMax: Int = 65_536
    ) throws(FeatureProblem) {
        let numbers = schema.fields.filter { $0.kind == .number && !schema.isReserved($0.name) }.map(\.name)
        let texts = schema.fields.filter { $0.kind == .category && !schema.isReserved($0.name) }.map(\.name)
        var names: [String] = []
        var hot: [String] = []
        for (index, feature) in features.enumerated() {
            switch feature {
            case .allNumbers:
                names += numbers.filter { !names.contains($0) }
            case .field(let name):
                try Self.check(name, index, schema, kind: .number, allowed: numbers)
                if names.contains(name) { throw Self.twice(name, index) }
                names.append(name)
            case .oneHot(let name):
                try Self.check(name, index, schema, kind: .category, allowed: texts)
                if hot.contains(name) { throw Self.twice(name, index) }
                hot.append(name)
            }
        }
        featureNames = names
        numberSlots = names.compactMap { schema.numberSlot(of: $0) }
        categorySlots = hot.compactMap { schema.categorySlot(of: $0) }
        categoryFields = hot
        categories = CategoryTable(groupCount: max(hot.count, 1), capacity: categoriesMax)
    }

    /// How many dense slots a vector needs.
    public var denseCount: Int { numberSlots.count }

    /// How many sparse entries a vector needs room for.
    public var sparseCapacity: Int { categorySlots.count }

    /// The shape of the vectors, for the learners.
    public var shape: LearnerShape { LearnerShape(denseCount: denseCount, fieldCount: sparseCapacity) }

    /// An empty vector of the right shape.
    public func makeVector() -> FeatureVector { shape.makeVector() }

    /// Fills `vector`, made by ``makeVector()``, from `row`: absent numbers are NaN, absent and unknown categories
    /// contribute nothing. Complexity: O(features), no allocation.
    public func fill(_ vector: inout FeatureVector, from row: borrowing EventRow) {
        vector.removeSparse()
        vector.eventTime = row.hasEventTime ? row.eventTimeMilliseconds : nil
        let count = numberSlots.count
        var index = 0
        while index + 1 < count {
            vector.setPair(index / 2, row.number(numberSlots[index]), row.number(numberSlots[index + 1]))
            index += 2
        }
        if index < count { vector.setPair(index / 2, row.number(numberSlots[index]), .nan) }
        for group in 0..<categorySlots.count {
            guard let name = row.category(categorySlots[group]),
                let index = categories.index(of: name, group: group)
            else { continue }
            vector.appendSparse(SparseFeature(index: index, field: Int32(group), value: 1))
        }
    }

    /// How many of the one-hot fields `row` has a category for, known or not.
    public func categoryCount(of row: borrowing EventRow) -> Int {
        var count = 0
        for slot in categorySlots where row.category(slot) != nil { count += 1 }
        return count
    }

    /// Gives the categories of `row` that have none their index. Called for an event that will be learned, after it was
    /// predicted. Returns whether there was a new one: then ``fill(_:from:)`` again before learning.
    public mutating func admitCategories(of row: borrowing EventRow) -> Bool {
        let before = categories.count
        for group in 0..<categorySlots.count {
            guard let name = row.category(categorySlots[group]) else { continue }
            _ = categories.admit(name, group: group)
        }
        return categories.count != before
    }

    /// How many categories have an index; the next one gets this.
    public var sparseCount: Int { categories.count }

    /// How often a category was not given an index, as its field had `categoriesMax` or it was over 1,024 bytes long.
    public var overflowCount: UInt64 { categories.overflowCount }

    /// `FIELD=CATEGORY` of sparse index `index` (0..<sparseCount).
    public func sparseName(_ index: Int) -> String {
        categoryFields[categories.group(index)] + "=" + categories.nameText(index)
    }

    /// Appends the categories with their indexes; the rest is the pipeline file's.
    public func encode(into encoder: inout StateEncoder) { categories.encode(into: &encoder) }

    /// Replaces the categories by encoded ones; on an error the plan is unchanged.
    public mutating func decode(from decoder: inout StateDecoder) throws(StateError) {
        try categories.decode(from: &decoder)
    }

    private static func check(
        _ name: String, _ index: Int, _ schema: Schema, kind: Schema.FieldKind, allowed: [String]
    ) throws(FeatureProblem) {
        guard !allowed.contains(name) else { return }
        var message = "no field of this name is declared"
        if let field = schema.fields.first(where: { $0.name == name }) {
            message =
                field.kind == kind ? "is the label, the event time or the id" : "is declared \(field.kind.rawValue)"
        }
        throw FeatureProblem(index: index, message: "\"\(name)\" \(message)", field: name, allowed: allowed)
    }

    private static func twice(_ name: String, _ index: Int) -> FeatureProblem {
        FeatureProblem(index: index, message: "\"\(name)\" is a feature already", field: name, allowed: [])
    }
}
