package io.github.tornadovit.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code probe}: a linear classifier on the features of a frozen model. */
@Command(
    name = ProbeCommand.NAME,
    mixinStandardHelpOptions = true,
    description = "Train and use a linear classifier on the features of a frozen model.",
    subcommands = {ProbeTrainCommand.class, ProbeEvalCommand.class, ClassifyCommand.class})
final class ProbeCommand implements Callable<Integer> {
  static final String NAME = "probe";

  @Spec private CommandSpec spec;

  ProbeCommand() {}

  /** No subcommand: the usage, and exit code 2. */
  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "Missing command, expected train, eval or classify");
  }
}
