import Engine
import Glibc
import Learning

/// The file of `--predictions`: a header line, then a line an event with every model's answer.
final class PredictionsFile {
    private let path: String
    private let writer: FileDescriptorWriter
    private var text = ""
    private static let bufferBytes = 1 << 16

    /// Creates the file, or empties the one there is, and writes the header.
    init(_ path: String, models: [ModelSpecification]) throws(EngineError) {
        self.path = path
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        writer = FileDescriptorWriter(descriptor: descriptor)
        guard descriptor >= 0 else { throw failure() }
        let columns = models.flatMap { $0.task == .multiclass ? [$0.name, $0.name + ".p"] : [$0.name] }
        text = (["index", "label"] + columns).map(Self.cell).joined(separator: ",") + "\n"
    }

    deinit {
        if writer.descriptor >= 0 { Glibc.close(writer.descriptor) }
    }

    /// Adds the line of one event. Numbers are the shortest decimals that read back equal.
    func write(_ row: EvaluatedRow) throws(EngineError) {
        text += "\(row.index),\(Self.cell(row.label))"
        for answer in row.answers {
            switch answer {
            case .number(let number): text += ",\(number)"
            case .class(let name, let truth):
                text += "," + Self.cell(name ?? "") + "," + (truth.map { "\($0)" } ?? "")
            }
        }
        text += "\n"
        if text.utf8.count >= Self.bufferBytes { try flush() }
    }

    /// Writes what is left; nothing may be added afterwards.
    func close() throws(EngineError) { try flush() }

    private func flush() throws(EngineError) {
        guard writer.write(text) else { throw failure() }
        text.removeAll(keepingCapacity: true)
    }

    private func failure() -> EngineError {
        let reason = unsafe String(cString: strerror(errno))
        return EngineError(.failed, "\(path): cannot be written: \(reason)")
    }

    /// A cell as RFC 4180 wants it.
    private static func cell(_ text: String) -> String {
        guard text.contains(where: { [",", "\"", "\n", "\r", "\r\n"].contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
