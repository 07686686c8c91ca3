package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.file.FileProblem;
import io.github.tornadovit.benchmarks.peers.Engine;
import io.github.tornadovit.benchmarks.peers.PeerException;
import io.github.tornadovit.engine.bench.BenchException;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine;

/** Code shared by the commands that measure in turns. */
final class Commands {
  private Commands() {}

  /** A command that answers what a user can mend with a line, and anything else as it is. */
  static CommandLine line(Object command, String name) {
    return new CommandLine(command)
        .registerConverter(Engine.class, Commands::engine)
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> {
              if (failure instanceof PeerException
                  || failure instanceof BenchException
                  || failure instanceof CheckpointException
                  || failure instanceof IOException
                  || failure instanceof IllegalArgumentException) {
                line.getErr().println(name + ": " + message(failure));
                return line.getCommandSpec().exitCodeOnExecutionException();
              }
              throw failure;
            });
  }

  private static String message(Exception failure) {
    return failure instanceof IOException file
        ? FileProblem.message(file)
        : String.valueOf(failure.getMessage());
  }

  private static Engine engine(String option) {
    return Engine.of(option)
        .orElseThrow(
            () ->
                new CommandLine.TypeConversionException(
                    "'%s', expected one of %s".formatted(option, List.of(Engine.values()))));
  }
}
