package io.github.tornadovit.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Jazzer's entry point: runs the target that the property {@value #TARGET} names. */
public final class Fuzzer {
  static final String TARGET = "tornadovit.fuzz";
  static final String SEEDS = "tornadovit.fuzz.seeds";

  private static Target.@Nullable Checked target;

  private Fuzzer() {}

  /** Called once. Reads the seeds: classes that are instrumented take long to load. */
  public static void fuzzerInitialize() throws Exception {
    target = Target.of(System.getProperty(TARGET, "")).open();
    try (Stream<Path> seeds = Files.list(Path.of(System.getProperty(SEEDS, "")))) {
      for (Path seed : seeds.sorted().toList()) {
        target.check(Files.readAllBytes(seed));
      }
    }
  }

  /** Called for each input; whatever it throws is a finding. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    if (target == null) {
      throw new IllegalStateException("fuzzerInitialize was not called");
    }
    target.check(input);
  }
}
