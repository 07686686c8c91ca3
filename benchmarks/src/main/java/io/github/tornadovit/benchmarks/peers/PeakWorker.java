package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.kernel.FmaPeak;
import io.github.tornadovit.benchmarks.kernel.MemoryPeak;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Measures the machine in a process of its own, so that its threads are none of an engine's.
 * Argument: THREADS. Each line of standard input is answered with one line, a JSON object with a
 * {@code value}: {@code fma MILLIS} with the peak of multiply-adds in GFLOP/s, {@code memory
 * MILLIS} with the rate at which memory is read in GB/s.
 */
public final class PeakWorker {
  private PeakWorker() {}

  /** Serves. */
  public static void main(String[] arguments) throws IOException {
    int threads = Integer.parseInt(arguments[0]);
    try (FmaPeak peak = new FmaPeak(threads)) {
      BufferedReader requests =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String request;
      while ((request = requests.readLine()) != null) {
        String[] words = request.split(" ", -1);
        Duration duration = Duration.ofMillis(Long.parseLong(words[1]));
        double value =
            words[0].equals("memory") ? memory(threads, duration) : peak.measure(duration);
        System.out.println("{\"value\": " + value + "}");
      }
    }
  }

  private static double memory(int threads, Duration duration) {
    try (MemoryPeak memory = new MemoryPeak(threads)) {
      return memory.measure(duration);
    }
  }
}
