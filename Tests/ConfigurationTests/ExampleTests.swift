// Goal: the pipeline files that the project ships are good, for every command. Method: each is read as it stands.
import Configuration
import Testing

@Suite struct ExampleTests {
    @Test(
        arguments: ["approval", "electricity", "friedman", "phishing", "sea", "shuttle"],
        [Pipeline.Mode.run, .embedded, .eval])
    func `An example is a good pipeline`(_ name: String, _ mode: Pipeline.Mode) throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(root)/examples/\(name)/pipeline.yaml"
        let pipeline = try Pipeline.load(path: path, mode: mode, environment: [:])
        #expect(pipeline.name == name)
        #expect(!pipeline.models.isEmpty)
    }
}
