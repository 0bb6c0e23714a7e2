import Glibc

exit(CommandLineTool(commands: Command.table).run(Array(CommandLine.arguments.dropFirst())).rawValue)
