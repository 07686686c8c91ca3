package io.github.tornadovit.engine.evaluation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The metrics that Hugging Face's {@code Trainer.evaluate} gives, as it defines, rounds and prints
 * them ({@code speed_metrics}, {@code metrics_format} and {@code log_metrics} of transformers).
 *
 * @param accuracy images whose largest logit, the first of several, is their label's, over images
 * @param loss mean cross entropy over images, in nats
 * @param runtimeSeconds wall time of decoding, preprocessing, forward passes and metrics, without
 *     loading the model
 * @param samples images, at least 1
 * @param steps forward passes: {@code ceil(samples / batch)}
 */
public record TrainerMetrics(
    double accuracy, double loss, double runtimeSeconds, int samples, int steps) {

  /** Images per second of {@link #runtimeSeconds}. */
  public double samplesPerSecond() {
    return samples / runtimeSeconds;
  }

  /** Forward passes per second of {@link #runtimeSeconds}. */
  public double stepsPerSecond() {
    return steps / runtimeSeconds;
  }

  /**
   * The five metrics by their names, {@code eval_accuracy} to {@code eval_steps_per_second}, in
   * alphabetical order: the runtime rounded to four decimals, the rates to three.
   */
  public Map<String, Double> toMap() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("eval_accuracy", accuracy);
    metrics.put("eval_loss", loss);
    metrics.put("eval_runtime", rounded(runtimeSeconds, 4).doubleValue());
    metrics.put("eval_samples_per_second", rounded(samplesPerSecond(), 3).doubleValue());
    metrics.put("eval_steps_per_second", rounded(stepsPerSecond(), 3).doubleValue());
    return metrics;
  }

  /** The lines that the Trainer prints: a title, then a line per metric. */
  public List<String> toLines() {
    return lines(toMap());
  }

  /** The lines for metrics that are rounded already. */
  static List<String> lines(Map<String, Double> metrics) {
    Map<String, String> texts = new TreeMap<>();
    metrics.forEach(
        (key, value) -> texts.put(key, key.endsWith("_runtime") ? time(value) : number(value)));
    int keyWidth = texts.keySet().stream().mapToInt(String::length).max().orElse(1);
    int valueWidth = texts.values().stream().mapToInt(String::length).max().orElse(1);
    List<String> lines = new ArrayList<>(List.of("***** eval metrics *****"));
    texts.forEach(
        (key, text) ->
            lines.add(
                "  %s%s = %s%s"
                    .formatted(
                        key,
                        " ".repeat(keyWidth - key.length()),
                        " ".repeat(valueWidth - text.length()),
                        text)));
    return List.copyOf(lines);
  }

  /**
   * {@code h:mm:ss.cc}, after days if there are any; hundredths truncated. In double, as Python
   * does it: 0.29 seconds are 0.28.
   */
  public static String time(double seconds) {
    long whole = (long) seconds;
    long days = whole / 86_400;
    return String.format(
        Locale.ROOT,
        "%s%d:%02d:%02d.%02d",
        days == 0 ? "" : days == 1 ? "1 day, " : days + " days, ",
        whole / 3600 % 24,
        whole / 60 % 60,
        whole % 60,
        (int) ((seconds - whole) * 100));
  }

  /** Rounded to four decimals and as short as it can be, with one decimal at least. */
  public static String number(double value) {
    BigDecimal shortest = rounded(value, 4).stripTrailingZeros();
    return (shortest.scale() < 1 ? shortest.setScale(1) : shortest).toPlainString();
  }

  /** As Python rounds: the exact value of the double, ties to even. */
  private static BigDecimal rounded(double value, int decimals) {
    return new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN);
  }
}
