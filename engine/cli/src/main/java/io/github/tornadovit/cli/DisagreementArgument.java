package io.github.tornadovit.cli;

import io.github.tornadovit.engine.evaluation.PrecisionChoice;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that bounds how far a precision may be from float32. */
final class DisagreementArgument {
  @Option(
      names = "--max-disagreement",
      paramLabel = "FRACTION",
      description =
          "Of the images, the part that may get another class than in f32, for a precision to be"
              + " taken; default: ${DEFAULT-VALUE}.")
  private double part = PrecisionChoice.USUAL_DISAGREEMENT;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  DisagreementArgument() {}

  /** From 0 to 1; something else is wrong usage. */
  double part() {
    try {
      PrecisionChoice.requirePart(part);
      return part;
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(command.commandLine(), outOfRange.getMessage(), outOfRange);
    }
  }
}
