package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.kernel.FmaPeak;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Measures the peak in a process of its own, so that its threads are none of an engine's. Argument:
 * THREADS. Each line of standard input, a number of milliseconds, is answered with one line, the
 * peak in GFLOP/s.
 */
public final class PeakWorker {
  private PeakWorker() {}

  /** Serves. */
  public static void main(String[] arguments) throws IOException {
    try (FmaPeak peak = new FmaPeak(Integer.parseInt(arguments[0]))) {
      BufferedReader requests =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String millis;
      while ((millis = requests.readLine()) != null) {
        double gigaflops = peak.measure(Duration.ofMillis(Long.parseLong(millis)));
        System.out.println("{\"gigaflops\": " + gigaflops + "}");
      }
    }
  }
}
