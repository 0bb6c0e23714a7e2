extension ParameterReader {
    /// A list of names and maps; the models themselves are checked when they are read, by ``models(_:task:default:)``.
    mutating func checkModels(_ value: ParameterValue, _ key: String, _ minimum: Int, _ maximum: Int) {
        guard case .list(let elements) = value, (minimum...maximum).contains(elements.count) else {
            return refuse(
                key, "takes a list of \(minimum) to \(maximum) models, each a type's name or a map with `type`")
        }
        for (index, element) in elements.enumerated() {
            switch element {
            case .text, .map: break
            default:
                report(
                    ParameterProblem(
                        path: path + [key, "\(index)"], message: "an entry of `\(key)` is a type's name or a map"))
            }
        }
    }

    /// The models of a list, each read like one under `models:` for `task`; those of `fallback` when the key is not there.
    /// A model is named after its type, the second of a type with `_2` behind it, and so on. Reports the problems of each.
    mutating func models(
        _ key: String, task: LearningTask, default fallback: [ParameterValue]
    ) -> [ModelSpecification] {
        var elements = fallback
        if case .list(let list)? = value(key) { elements = list }
        var specifications: [ModelSpecification] = []
        var countByType: [String: Int] = [:]
        for (index, element) in elements.enumerated() {
            var entries: [ParameterEntry] = []
            var isMap = false
            switch element {
            case .text: entries = [ParameterEntry("type", element)]
            case .map(let map): (entries, isMap) = (map, true)
            default: continue
            }
            var name = ""
            if case .text(let type)? = entries.first(where: { $0.key == "type" })?.value { name = type }
            countByType[name, default: 0] += 1
            if let count = countByType[name], count > 1 { name += "_\(count)" }
            let (specification, problems) = ModelSpecification.parse(name: name, entries: entries, task: task)
            for var problem in problems {
                problem.path = path + [key, "\(index)"] + (isMap ? problem.path : [])
                report(problem)
            }
            guard let specification else { continue }
            specifications.append(specification)
            note("\(key).\(index)", specification.identity)
        }
        return specifications
    }
}
