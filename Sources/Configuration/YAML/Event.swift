/// One event of the YAML stream, copied out of libyaml.
struct Event {
    enum Kind {
        case documentStart
        case alias(name: String)
        case scalar(text: String, isPlain: Bool)
        case sequenceStart
        case mappingStart
        /// The end of the innermost open sequence or mapping.
        case collectionEnd
        case streamEnd
        /// Nothing to act on: the start of the stream, the end of a document.
        case other
    }

    var kind: Kind
    var position: Position
    var anchor: String?
    var tag: String?
}

/// The file is not YAML, or exceeds a bound; nothing after `position` was read.
struct SyntaxError: Error {
    var position: Position
    var message: String
}
