/// Builds the tree of one YAML document, within bounds that hold for any input.
///
/// Anchors and aliases work as long as the expanded tree stays within ``nodeCountMax`` and ``depthMax``, so a "billion
/// laughs" file ends as an error. Merge keys (`<<`), keys that are not single words, application tags and second
/// documents are errors. Two equal keys in one map are an error; the first one counts.
struct DocumentReader {
    /// A pipeline of 1,000 fields and 100 models has under 10,000 values.
    static let nodeCountMax = 100_000
    /// The format itself needs six levels. Also keeps every recursion over a tree shallow.
    static let depthMax = 32
    /// The largest file that is read.
    static let bytesMax = 1 << 20

    /// A collection that is being filled.
    private struct Frame {
        var position: Position
        var anchor: String?
        var isMapping: Bool
        var items: [Node] = []
        var entries: [Node.Entry] = []
        var keys: [String: Position] = [:]
        var pendingKey: (text: String, position: Position, isKept: Bool)?
        var nodeCount = 1
        var depth = 1
    }

    private var frames: [Frame] = []
    private var anchors: [String: Node] = [:]
    private var nodeCount = 0
    private var root: Node?
    private var hasDocument = false
    private(set) var problems = ProblemList()

    /// Reads `bytes`: the root, or `nil` for an empty document; problems that allow going on are in `problems`.
    static func read(_ bytes: [UInt8], problems: inout ProblemList) throws(SyntaxError) -> Node? {
        guard bytes.count <= bytesMax else {
            throw SyntaxError(position: .start, message: "the file is larger than \(bytesMax >> 20) MiB")
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw SyntaxError(position: .start, message: "not UTF-8: the file begins like UTF-16")
        }
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        var parser = try EventParser(bytes.dropFirst(hasMark ? 3 : 0))
        var reader = DocumentReader()
        reader.problems = problems
        defer { problems = reader.problems }
        while true {
            let event = try parser.next()
            if case .streamEnd = event.kind { return reader.root }
            try reader.take(event)
        }
    }

    private mutating func take(_ event: Event) throws(SyntaxError) {
        switch event.kind {
        case .documentStart:
            if hasDocument {
                throw SyntaxError(position: event.position, message: "a second document; a pipeline file holds one")
            }
            hasDocument = true
        case .alias(let name): try takeAlias(name, at: event.position)
        case .scalar(let text, let isPlain):
            let isText = event.tag == "!" || event.tag == "tag:yaml.org,2002:str"
            if let tag = event.tag, !isText { refuse(tag: tag, at: event.position) }
            let scalar = Node.Scalar(text: text, isPlain: isPlain && !isText)
            try place(Node(position: event.position, content: .scalar(scalar)), anchor: event.anchor)
        case .sequenceStart, .mappingStart:
            if let tag = event.tag { refuse(tag: tag, at: event.position) }
            var isMapping = false
            if case .mappingStart = event.kind { isMapping = true }
            guard frames.count < Self.depthMax - 1 else { throw Self.tooDeep(at: event.position) }
            frames.append(Frame(position: event.position, anchor: event.anchor, isMapping: isMapping))
        case .collectionEnd:
            guard let frame = frames.popLast() else { return }
            let content: Node.Content = frame.isMapping ? .mapping(frame.entries) : .sequence(frame.items)
            let node = Node(
                position: frame.position, content: content, nodeCount: frame.nodeCount, depth: frame.depth)
            try place(node, anchor: frame.anchor)
        case .streamEnd, .other: break
        }
    }

    private mutating func takeAlias(_ name: String, at position: Position) throws(SyntaxError) {
        guard let node = anchors[name] else {
            throw SyntaxError(position: position, message: "alias '*\(name)' names no anchor before it")
        }
        guard frames.count + node.depth <= Self.depthMax else { throw Self.tooDeep(at: position) }
        nodeCount += node.nodeCount - 1
        try place(node, anchor: nil, aliasPosition: position)
    }

    /// Puts a finished value where it belongs: a key or value of the innermost collection, or the root.
    private mutating func place(_ node: Node, anchor: String?, aliasPosition: Position? = nil) throws(SyntaxError) {
        let position = aliasPosition ?? node.position
        nodeCount += 1
        guard nodeCount <= Self.nodeCountMax else {
            throw SyntaxError(position: position, message: "more than \(Self.nodeCountMax) values, aliases expanded")
        }
        if let anchor { anchors[anchor] = node }
        guard let last = frames.indices.last else {
            root = node
            return
        }
        frames[last].depth = max(frames[last].depth, node.depth + 1)
        frames[last].nodeCount += node.nodeCount
        guard frames[last].isMapping else {
            frames[last].items.append(node)
            return
        }
        guard let key = frames[last].pendingKey else {
            frames[last].pendingKey = takeKey(node, at: position, into: last)
            return
        }
        frames[last].pendingKey = nil
        if key.isKept {
            frames[last].entries.append(Node.Entry(key: key.text, keyPosition: key.position, value: node))
        }
    }

    private mutating func takeKey(
        _ node: Node, at position: Position, into frame: Int
    ) -> (text: String, position: Position, isKept: Bool) {
        guard case .scalar(let scalar) = node.content else {
            problems.add("a key must be a single word, not \(node.kindName)", at: position)
            return ("", position, false)
        }
        if scalar.isPlain, scalar.text == "<<" {
            problems.add("merge keys ('<<') are not supported", at: position)
            return ("", position, false)
        }
        if let first = frames[frame].keys[scalar.text] {
            problems.add("duplicate key '\(quotable(scalar.text))' (first in line \(first.line))", at: position)
            return (scalar.text, position, false)
        }
        frames[frame].keys[scalar.text] = position
        return (scalar.text, position, true)
    }

    private mutating func refuse(tag: String, at position: Position) {
        let standard = ["tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"]
        if !standard.contains(tag) { problems.add("tags such as '\(quotable(tag))' are not supported", at: position) }
    }

    private static func tooDeep(at position: Position) -> SyntaxError {
        SyntaxError(position: position, message: "nested deeper than \(depthMax) levels")
    }
}

/// `text` as it may stand in a one-line message: without control characters, cut after 60 characters.
func quotable(_ text: String) -> String {
    let shown = String(String.UnicodeScalarView(text.unicodeScalars.prefix(60).map { isPrintable($0) ? $0 : "?" }))
    return text.unicodeScalars.count > 60 ? shown + "…" : shown
}

private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
    default: true
    }
}
