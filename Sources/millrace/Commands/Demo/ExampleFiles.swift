import Glibc

/// Where the electricity example lies.
struct ExampleFiles {
    let pipeline: String
    let data: String

    /// Looks in the folder that `MILLRACE_EXAMPLES` names, then for `examples/electricity` in the current folder and
    /// beside the program and in the folders above it (a build folder lies inside the project).
    static func find() throws(CommandFailure) -> ExampleFiles {
        var folders: [String] = []
        if let folder = ProcessEnvironment.variables["MILLRACE_EXAMPLES"] {
            folders += [folder + "/electricity", folder]
        }
        folders.append("examples/electricity")
        var folder = parent(of: executablePath)
        while let here = folder {
            folders += [here + "/examples/electricity", here + "/share/millrace/examples/electricity"]
            folder = parent(of: here)
        }
        for folder in folders {
            let files = ExampleFiles(pipeline: folder + "/pipeline.yaml", data: folder + "/elec2.csv.gz")
            if isReadable(files.pipeline), isReadable(files.data) { return files }
        }
        throw CommandFailure(
            .noInput,
            "the electricity example (pipeline.yaml and elec2.csv.gz) is not in examples/electricity here or beside "
                + "the program; name the examples' folder in MILLRACE_EXAMPLES")
    }

    private static func isReadable(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

    /// The folder that holds `path`; `nil` for a path without one, and for the root.
    private static func parent(of path: String?) -> String? {
        guard let path, let slash = path.lastIndex(of: "/"), path != "/" else { return nil }
        return slash == path.startIndex ? "" : String(path[..<slash])
    }

    private static var executablePath: String? {
        guard let resolved = unsafe realpath("/proc/self/exe", nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
