extension KeyDocumentation {
    /// Every key for a terminal: its path, its values with default or need, and below them what it is for.
    public static var listing: String {
        all.map(\.entry).joined(separator: "\n")
    }

    private var entry: String {
        var facts = [type]
        if let defaultText { facts.append("default \(defaultText)") }
        if let requiredFor { facts.append("required for \(requiredFor)") }
        if isNotYet { facts.append("not yet") }
        return "\(path)  (\(facts.joined(separator: "; ")))\n    \(summary)"
    }
}
