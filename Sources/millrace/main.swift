import Engine
import Glibc

Engine.chooseHeaps()
exit(CommandLineTool(commands: Command.table).run(Array(CommandLine.arguments.dropFirst())).rawValue)
