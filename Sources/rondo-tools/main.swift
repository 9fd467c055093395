import ClusterTools
import Glibc

exit(await ToolProgram.run(CommandLine.arguments))
