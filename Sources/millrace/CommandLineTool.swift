import Glibc

/// The program: a request parsed by the command table, run, and turned into an exit code.
struct CommandLineTool {
    let commands: [Command]

    /// Runs `words` (without the program's name). Standard output carries results only.
    func run(_ words: [String]) -> ExitCode {
        // A reader that goes away (`millrace help | head`, a closed log pipe, a TLS peer) is an error of one write,
        // never the end of the service.
        signal(SIGPIPE, SIG_IGN)
        // Some parents start their children with signals blocked; every thread takes this mask over.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
        do throws(CommandFailure) {
            switch try Parser(commands: commands).parse(words) {
            case .help(nil): StandardOutput.write(Help(commands: commands).overview)
            case .help(let command?): StandardOutput.write(Help(commands: commands).page(of: command))
            case .page(let text): StandardOutput.write(text)
            case .version: StandardOutput.write("millrace \(millraceVersion)\n")
            case .run(let command, let arguments): return try command.run(arguments)
            }
            return .success
        } catch {
            StandardError.write("millrace: \(error.message)\n")
            return error.code
        }
    }
}
