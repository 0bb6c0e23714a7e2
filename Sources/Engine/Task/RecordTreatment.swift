internal import Kafka

/// What to do otherwise with one record when it comes round again, because its output was refused for good.
enum RecordTreatment: Equatable {
    /// Send it in a request of its own: a broker refuses a whole request for one of its records, and nobody says which.
    case alone
    /// Send the prediction with the present time: the broker refused the record's own timestamp.
    case restamp
    /// Send the record to the dead-letter topic: its prediction was refused.
    case deadLetter(detail: String)
    /// Its dead letter was refused too: leave the value out.
    case deadLetterWithoutValue(detail: String)
    /// Even that was refused: count it and go on.
    case drop

    /// The next thing to try when this one was refused as well.
    func escalated(_ error: KafkaError) -> RecordTreatment {
        let detail = error.message
        return switch self {
        case .alone: error.isInvalidTimestamp ? .restamp : .deadLetter(detail: detail)
        case .restamp: .deadLetter(detail: detail)
        case .deadLetter(let first): .deadLetterWithoutValue(detail: first)
        case .deadLetterWithoutValue, .drop: .drop
        }
    }
}
