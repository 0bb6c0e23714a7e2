import Foundation

/// Kafka's own programs, run by class from a distribution's `libs/`.
struct JavaRuntime: Sendable {
    /// The distribution's folder; its `libs/` holds the jars.
    let home: URL
    /// The `java` to use, and `keytool` beside it.
    let java: String
    let keytool: String

    init(home: URL) throws {
        self.home = home
        guard FileManager.default.fileExists(atPath: home.appending(path: "libs").path) else {
            throw TestFailure("KAFKA_HOME is \(home.path), which has no libs/ folder")
        }
        if let folder = ProcessInfo.processInfo.environment["JAVA_HOME"], !folder.isEmpty {
            java = folder + "/bin/java"
            keytool = folder + "/bin/keytool"
        } else {
            java = try ChildProcess.find("java")
            keytool = try ChildProcess.find("keytool")
        }
    }

    /// The arguments that run `mainClass`, made for a quick start: compiled only once, small heap of fixed size.
    ///
    /// - Parameter heap: as the Java runtime writes it, for example `512m`.
    func arguments(_ mainClass: String, heap: String, logs: URL, logging: URL) -> [String] {
        [
            "-Xmx\(heap)", "-Xms\(heap)", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError",
            "-Xshare:auto", "-Djava.awt.headless=true", "-Dkafka.logs.dir=\(logs.path)",
            "-Dlog4j2.configurationFile=\(logging.path)", "-cp", home.path + "/libs/*", mainClass,
        ]
    }

    /// Warnings, and the line that says a broker is up, on the console.
    static let logging = """
        status = error
        appender.console.type = Console
        appender.console.name = console
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %d %p %c{1}: %m%n
        rootLogger.level = warn
        rootLogger.appenderRef.console.ref = console
        logger.server.name = kafka.server.KafkaRaftServer
        logger.server.level = info

        """
}
