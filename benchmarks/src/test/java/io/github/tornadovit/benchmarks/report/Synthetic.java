package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.benchmarks.peers.Turn;
import io.github.tornadovit.engine.evaluation.Agreement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Results that nobody measured. */
final class Synthetic {
  static final String CPU = "tornado-vit";
  static final String GPU = "tornado-vit:device-0";
  static final String POCL = "tornado-vit:device-1";
  static final String PEER = "onnxruntime";
  static final Result.Protocol WARM = new Result.Protocol(5, 2, 5, 3, 3, 2, 5);
  static final Result.Published PUBLISHED = new Result.Published("a card", 97.685);

  private Synthetic() {}

  static Result.Row row(String engine, Mode mode, int batch, double... millis) {
    return row(engine, mode, batch, new Agreement(1.25e-6, 2.5e-7, batch, batch), millis);
  }

  static Result.Row row(
      String engine, Mode mode, int batch, Agreement agreement, double... millis) {
    List<Turn> turns = new ArrayList<>();
    for (int round = 0; round < millis.length; round++) {
      turns.add(new Turn(round, millis[round], 3, 200 + 10 * round, 0.01 * round));
    }
    return new Result.Row(
        engine,
        mode,
        batch,
        agreement,
        mode == Mode.PIPELINE ? 0.25 * millis[0] : null,
        700L << 20,
        engine.contains("device") ? 345L << 20 : null,
        turns);
  }

  static Result.Engine engine(String id) {
    boolean ours = id.startsWith("tornado-vit");
    Processor processor =
        id.equals(GPU) ? Processor.GPU : id.equals(POCL) ? Processor.OPENCL_ON_CPU : Processor.CPU;
    return new Result.Engine(
        id,
        ours ? "tornado-vit" : "ONNX Runtime (Java)",
        "1.29.0",
        ours,
        processor,
        ours ? "device of " + id : "CPU",
        ours ? 13 : null,
        ours ? 23_456_789L : null,
        1234.5,
        ours
            ? List.of(
                new Result.Phase("JVM", 234.5, "the rest"), new Result.Phase("load", 1000, ""))
            : List.of());
  }

  static Result.Profile profile(String engine) {
    return new Result.Profile(
        engine,
        8,
        List.of(
            new Result.Kernel(
                "linear", "hidden", "host", 12, 20_000_000, 3_000_000_000L, 40_000_000),
            new Result.Kernel("layer_norm", "normed", "host", 24, 3_400_000, 8_000_000, 30_000_000),
            new Result.Kernel("copy", "tokens", "host", 1, 56_789, 0, 3_000)));
  }

  static Result.Model model(String name, List<Result.Row> rows, String... engines) {
    List<Result.Engine> ran = new ArrayList<>();
    List<Result.Profile> profiles = new ArrayList<>();
    for (String engine : engines) {
      ran.add(engine(engine));
      if (engine.startsWith("tornado-vit")) {
        profiles.add(profile(engine));
      }
    }
    return new Result.Model(
        name,
        "VIT, 12 blocks",
        35_000_000_000L,
        PUBLISHED,
        "100 files of 12.3 KB on average",
        ran,
        rows,
        profiles,
        List.of(new Result.Skipped("djl-pytorch", "everything", "no exported files named")));
  }

  static Result result(Result.Protocol protocol, Result.Model... models) {
    return new Result(
        Result.FORMAT,
        "2026-11-22T10:00:00Z",
        "abc1234",
        "a machine, 2 processors",
        Map.of("threads", "2"),
        protocol,
        new Result.Peak(220.5, 12.75),
        List.of(
            new Result.Device(0, "Tesla T4", Processor.GPU, "NVIDIA CUDA", "ptx", 40, 15L << 30),
            new Result.Device(
                1, "pthread-x", Processor.OPENCL_ON_CPU, "Portable", "opencl", 2, 8L << 30)),
        "",
        List.of(models));
  }

  /** A GPU, PoCL, the CPU and a peer, two batch sizes, all modes. */
  static Result full() {
    List<Result.Row> rows = new ArrayList<>();
    for (int batch : new int[] {1, 8}) {
      rows.add(row(CPU, Mode.FORWARD, batch, 90 * batch, 95 * batch, 100 * batch, 97.5 * batch));
      rows.add(row(GPU, Mode.FORWARD, batch, 4 * batch, 5 * batch, 4.5 * batch, 4.25 * batch));
      rows.add(row(POCL, Mode.FORWARD, batch, 400 * batch, 500 * batch, 450 * batch, 425 * batch));
      rows.add(row(PEER, Mode.FORWARD, batch, 110 * batch, 112 * batch, 130 * batch, 99 * batch));
      rows.add(row(GPU, Mode.FORWARD_ONLY, batch, 3 * batch, 3.5 * batch, 3.25 * batch, 3 * batch));
      rows.add(row(CPU, Mode.PIPELINE, batch, 110 * batch, 115 * batch, 111 * batch, 113 * batch));
      rows.add(row(GPU, Mode.PIPELINE, batch, 14 * batch, 15 * batch, 14.5 * batch, 14 * batch));
    }
    return result(WARM, model("vit-base", rows, CPU, GPU, POCL, PEER));
  }
}
