import CRdKafka

/// The librdkafka that is loaded at run time, which may be newer than the one compiled against.
public enum LibraryVersion {
    /// `0xMMmmrrpp`: major, minor, revision, pre-release (`ff`: final).
    public static var number: Int32 { rd_kafka_version() }

    /// As librdkafka writes it, such as `2.0.2`.
    public static var text: String {
        guard let text = unsafe rd_kafka_version_str() else { return "unknown" }
        return unsafe String(cString: text)
    }

    /// `fetch.queue.backoff.ms` exists (2.2 and later). Before that a broker thread that finds every fetch queue full
    /// sleeps for up to a second and has to be woken by traffic: see `LeaderWaker`.
    static var hasFetchQueueBackoff: Bool { number >= 0x0202_0000 }

    /// Before 2.10 a commit that arrives with an old generation makes the member give up all its partitions.
    public static var losesAssignmentByStaleCommit: Bool { number < 0x020A_0000 }

    /// Before 2.6.1 librdkafka repeats the client's nonce in SCRAM's last message, which Kafka 3.8.1 and later refuse as
    /// wrong credentials, whatever the password (librdkafka pull request 4895).
    static var repeatsScramNonce: Bool { number < 0x0206_0100 }
}
