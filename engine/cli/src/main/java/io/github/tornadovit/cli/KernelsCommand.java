package io.github.tornadovit.cli;

import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.kernels.backend.KernelTime;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kernels}: where the time of a forward pass goes, or what code it runs. */
@Command(
    name = "kernels",
    mixinStandardHelpOptions = true,
    description = {
      "Print the kernels of a forward pass of blank images: launches, grid, time and rate.",
      "With --print-kernels, write their source instead: they are compiled and launched, but not"
          + " checked."
    })
final class KernelsCommand implements Callable<Integer> {
  @Mixin private ModelArguments model = new ModelArguments();

  @Mixin private WarmUp warmUp = new WarmUp();

  @Mixin private TableOrJson format = new TableOrJson();

  @Spec private CommandSpec spec;

  KernelsCommand() {}

  @Override
  public Integer call() {
    warmUp.check();
    PrintWriter out = spec.commandLine().getOut();
    try (VisionModel loaded = model.load(spec.commandLine().getErr())) {
      if (!model.printsKernels()) {
        warmUp.run(loaded, loaded.session().maxBatch());
        List<KernelTime> times = loaded.session().profile(loaded.session().maxBatch());
        switch (format.chosen()) {
          case TABLE -> KernelReport.table(times, out);
          case JSON -> KernelReport.json(times, out);
        }
      }
    }
    return 0;
  }
}
