package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.kernel.ArithmeticPeak;
import io.github.tornadovit.benchmarks.kernel.MemoryPeak;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures the machine in a process of its own, so that its threads are none of an engine's.
 * Argument: THREADS. Each line of standard input is answered with one line, a JSON object. {@code
 * peak PRECISION MILLIS} has as {@code value} the peak of what {@code f32}, {@code bf16} or {@code
 * int8} multiplies, {@code memory MILLIS} the rate at which memory is read in GB/s; {@code all
 * MILLIS} has every peak that there is by its name. Peaks are 10^9 operations per second.
 */
public final class PeakWorker {
  private PeakWorker() {}

  /** Serves. */
  public static void main(String[] arguments) throws IOException {
    int threads = Integer.parseInt(arguments[0]);
    Map<String, ArithmeticPeak> peaks = new HashMap<>();
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String request;
    while ((request = requests.readLine()) != null) {
      String[] words = request.split(" ", -1);
      Duration duration = Duration.ofMillis(Long.parseLong(words[words.length - 1]));
      Map<String, Double> answer =
          switch (words[0]) {
            case "memory" -> Map.of("value", memory(threads, duration));
            case "all" -> ArithmeticPeak.all(threads, duration);
            default ->
                Map.of(
                    "value",
                    peaks
                        .computeIfAbsent(
                            words[1], precision -> ArithmeticPeak.of(threads, precision))
                        .measure(duration));
          };
      System.out.println(JsonMapper.shared().writeValueAsString(answer));
    }
    peaks.values().forEach(ArithmeticPeak::close);
  }

  private static double memory(int threads, Duration duration) {
    try (MemoryPeak memory = new MemoryPeak(threads)) {
      return memory.measure(duration);
    }
  }
}
