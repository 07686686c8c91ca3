package io.github.tornadovit.cli;

import io.github.tornadovit.engine.VisionModel;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --warm-up}: blank images until code is compiled and the clock has settled. */
final class WarmUp {
  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description =
          "Run blank images for so long before anything is timed, one batch at least; default:"
              + " ${DEFAULT-VALUE}.")
  private double seconds = 3;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  WarmUp() {}

  /** Wrong usage, before a model is loaded. */
  void check() {
    if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
      throw new ParameterException(
          command.commandLine(), "--warm-up is " + seconds + ", expected 0 seconds or more");
    }
  }

  /** Passes of a batch: one at least. */
  void run(VisionModel model, int batch) {
    long start = System.nanoTime();
    model.session().warmUp(WarmUpLine.of(command.commandLine().getErr()), batch);
    while (System.nanoTime() - start < seconds * 1e9) {
      model.session().warmUp(batch);
    }
  }
}
