import Engine
import Glibc

Engine.prepareProcess()
exit(CommandLineTool(commands: Command.table).run(Array(CommandLine.arguments.dropFirst())).rawValue)
