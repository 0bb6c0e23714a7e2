/// The last so many numbers, the newest first.
@safe struct HistoryRing: ~Copyable {
    let capacity: Int
    private(set) var count = 0
    private var next = 0
    private let numbers: UnsafeMutablePointer<Double>

    init(capacity: Int) {
        self.capacity = capacity
        unsafe numbers = .allocate(capacity: max(capacity, 1))
        unsafe numbers.initialize(repeating: 0, count: max(capacity, 1))
    }

    deinit { unsafe numbers.deallocate() }

    /// The number that came `age` numbers before the newest; NaN where there is none.
    subscript(age: Int) -> Double {
        guard age >= 0, age < count else { return .nan }
        let place = next - 1 - age
        return unsafe numbers[place < 0 ? place + capacity : place]
    }

    mutating func push(_ number: Double) {
        guard capacity > 0 else { return }
        unsafe numbers[next] = number
        next = next + 1 == capacity ? 0 : next + 1
        count = min(capacity, count + 1)
    }

    mutating func removeAll() {
        count = 0
        next = 0
    }

    /// Count, then as many numbers as there is room for, the oldest first and NaN where there is none: always the same size.
    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt64(count))
        for age in stride(from: capacity - 1, through: 0, by: -1) { encoder.append(self[age]) }
    }

    mutating func replace(by numbers: [Double]) {
        removeAll()
        for number in numbers { push(number) }
    }
}

extension StateDecoder {
    /// What ``HistoryRing/encode(into:)`` wrote for a ring of that capacity.
    mutating func history(capacity: Int) throws(StateError) -> [Double] {
        let count = try uint64()
        guard count <= UInt64(capacity) else { throw .corrupt }
        var numbers: [Double] = []
        for _ in 0..<capacity { numbers.append(try double()) }
        return Array(numbers.suffix(Int(count)))
    }
}
