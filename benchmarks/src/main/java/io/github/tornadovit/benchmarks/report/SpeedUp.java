package io.github.tornadovit.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device of TornadoVM against our CPU backend, with both rates.
 *
 * @param ratio how many times as fast as the CPU backend, round by round, then the median; null if
 *     it is withheld
 * @param withheld why there is no ratio; empty if there is one
 */
record SpeedUp(
    Result.Engine device,
    Mode mode,
    int batch,
    double cpuImagesPerSecond,
    double deviceImagesPerSecond,
    @Nullable Double ratio,
    String withheld) {

  /** All pairs of a model. The forward pass alone is no mode of the CPU backend, so not here. */
  static List<SpeedUp> of(Result result, Result.Model model) {
    Optional<Result.Engine> cpu =
        model.engines().stream()
            .filter(engine -> engine.ours() && engine.processor() == Processor.CPU)
            .findFirst();
    List<SpeedUp> speedUps = new ArrayList<>();
    for (Result.Engine device : model.engines()) {
      if (device.ours() && device.processor() != Processor.CPU) {
        for (Mode mode : List.of(Mode.FORWARD, Mode.PIPELINE)) {
          for (int batch : model.batches()) {
            Optional<Result.Row> slow = cpu.flatMap(host -> model.row(host.id(), mode, batch));
            Optional<Result.Row> fast = model.row(device.id(), mode, batch);
            if (slow.isPresent() && fast.isPresent()) {
              speedUps.add(of(result, device, slow.get(), fast.get()));
            }
          }
        }
      }
    }
    return speedUps;
  }

  private static SpeedUp of(Result result, Result.Engine device, Result.Row cpu, Result.Row row) {
    String withheld = withheld(result, device, cpu, row);
    return new SpeedUp(
        device,
        row.mode(),
        row.batch(),
        cpu.imagesPerSecond(),
        row.imagesPerSecond(),
        withheld.isEmpty() ? row.ratioTo(cpu) : null,
        withheld);
  }

  private static String withheld(
      Result result, Result.Engine device, Result.Row cpu, Result.Row row) {
    if (!result.protocol().warm()) {
      return "withheld: measured without a warm-up of a second and three passes";
    }
    if (!row.agreement().equal()) {
      return "withheld: its answers differ from the CPU backend's";
    }
    Integer launches = device.launches();
    Long nanos = device.kernelNanos();
    if (launches == null || launches == 0 || nanos == null || nanos == 0) {
      return "withheld: no kernel was seen to run on the device";
    }
    if (cpu.noisy() || row.noisy()) {
      return "withheld: the spread of its rounds or the CPU backend's is above 50 %";
    }
    return "";
  }
}
