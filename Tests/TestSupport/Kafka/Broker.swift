import Foundation

/// One broker and controller of a cluster: its folder, its ports and its process.
final class Broker {
    let identifier: Int
    let folder: URL
    let port: Int
    let controllerPort: Int
    let securePort: Int
    private(set) var process: ChildProcess?

    init(identifier: Int, in cluster: URL) throws {
        self.identifier = identifier
        folder = cluster.appending(path: "broker-\(identifier)")
        port = try Ports.free()
        controllerPort = try Ports.free()
        securePort = try Ports.free()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    var properties: URL { folder.appending(path: "server.properties") }

    var address: String { "127.0.0.1:\(port)" }

    /// Starts it on its data; `awaitReady` says when it serves.
    func launch(_ java: JavaRuntime, heap: String, logging: URL) throws {
        try? FileManager.default.removeItem(at: folder.appending(path: "console.out"))
        let arguments =
            java.arguments("kafka.Kafka", heap: heap, logs: folder, logging: logging) + [properties.path]
        process = try ChildProcess(java.java, arguments, in: folder, name: "console")
    }

    func awaitReady(within limit: Duration) throws {
        guard let process else { throw TestFailure("broker \(identifier) was not launched") }
        try eventually("broker \(identifier) is up", within: limit) {
            guard process.isRunning else {
                let console = (process.output + process.errors).suffix(3000)
                throw TestFailure("broker \(identifier) ended while starting: \(console)")
            }
            return process.output.contains("Kafka Server started")
        }
    }

    func forget() {
        process = nil
    }
}
