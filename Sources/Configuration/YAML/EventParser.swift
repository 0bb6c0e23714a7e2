import CYAML

/// libyaml's event parser over bytes in memory. The only place that calls libyaml.
@safe struct EventParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let count: Int

    /// A parser at the start of `text` (UTF-8 without a byte-order mark; anything else is a ``SyntaxError`` later).
    init(_ text: some Collection<UInt8>) throws(SyntaxError) {
        unsafe bytes = .allocate(capacity: max(text.count, 1))
        count = unsafe bytes.initialize(fromContentsOf: text)
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            unsafe bytes.deallocate()
            throw SyntaxError(position: .start, message: "not enough memory to read YAML")
        }
        // Said, not guessed: libyaml would take a stray UTF-16 mark for the encoding of the whole file.
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe bytes.deallocate()
    }

    /// The next event; after an error the parser must not be asked again.
    mutating func next() throws(SyntaxError) -> Event {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
        defer { unsafe yaml_event_delete(&event) }
        return unsafe Self.copy(event)
    }

    private static func copy(_ event: yaml_event_t) -> Event {
        let mark = unsafe event.start_mark
        let position = position(mark)
        switch unsafe event.type {
        case YAML_DOCUMENT_START_EVENT: return Event(kind: .documentStart, position: position)
        case YAML_STREAM_END_EVENT: return Event(kind: .streamEnd, position: position)
        case YAML_ALIAS_EVENT:
            let name = unsafe string(event.data.alias.anchor) ?? ""
            return Event(kind: .alias(name: name), position: position)
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let text = unsafe String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
            return unsafe Event(
                kind: .scalar(text: text, isPlain: isPlain), position: position,
                anchor: string(scalar.anchor), tag: string(scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe event.data.sequence_start
            return unsafe Event(
                kind: .sequenceStart, position: position, anchor: string(start.anchor), tag: string(start.tag))
        case YAML_MAPPING_START_EVENT:
            let start = unsafe event.data.mapping_start
            return unsafe Event(
                kind: .mappingStart, position: position, anchor: string(start.anchor), tag: string(start.tag))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return Event(kind: .collectionEnd, position: position)
        default: return Event(kind: .other, position: position)
        }
    }

    private static func string(_ text: UnsafePointer<yaml_char_t>?) -> String? {
        guard let text = unsafe text else { return nil }
        return unsafe String(cString: text)
    }

    private static func position(_ mark: yaml_mark_t) -> Position {
        Position(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
    }

    // MARK: Errors

    private func syntaxError() -> SyntaxError {
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "not enough memory"
        if unsafe parser.pointee.error == YAML_READER_ERROR {
            let position = positionOfByte(Int(clamping: unsafe parser.pointee.problem_offset))
            let isControl = problem == "control characters are not allowed"
            return SyntaxError(
                position: position,
                message: isControl ? "control characters are not allowed" : "not UTF-8: \(problem)")
        }
        let position = unsafe Self.position(parser.pointee.problem_mark)
        let line = line(through: position)
        if Self.isTab(line) {
            return SyntaxError(position: position, message: "a tab cannot indent in YAML: use spaces")
        }
        guard let context = unsafe parser.pointee.context.map({ unsafe String(cString: $0) }) else {
            return SyntaxError(position: position, message: "not valid YAML: \(problem)")
        }
        let start = unsafe Self.position(parser.pointee.context_mark)
        let place = start.line == position.line ? "" : " that starts in line \(start.line)"
        let advice = Self.isVariable(line) ? "; inside { } and [ ] a value with '${…}' needs quotes" : ""
        return SyntaxError(position: position, message: "not valid YAML: \(problem) (\(context)\(place))\(advice)")
    }

    /// Where byte `offset` is. Complexity: O(offset).
    private func positionOfByte(_ offset: Int) -> Position {
        var position = Position.start
        for index in 0..<min(max(offset, 0), count) { position.advance(over: unsafe bytes[index]) }
        return position
    }

    /// The line of `position` up to and including the character there. Complexity: O(bytes).
    private func line(through position: Position) -> [UInt8] {
        var line: [UInt8] = []
        var place = Position.start
        for index in 0..<count {
            let byte = unsafe bytes[index]
            if place > position { break }
            if place.line == position.line { line.append(byte) }
            place.advance(over: byte)
        }
        return line
    }

    /// Whether the parser stopped at the brace of a `${`.
    private static func isVariable(_ line: [UInt8]) -> Bool { line.suffix(2).elementsEqual("${".utf8) }

    /// Whether the parser stopped at a tab, or behind one that indents.
    private static func isTab(_ line: [UInt8]) -> Bool {
        let tab = UInt8(ascii: "\t")
        return line.last == tab || line.prefix { $0 == tab || $0 == UInt8(ascii: " ") }.contains(tab)
    }
}
