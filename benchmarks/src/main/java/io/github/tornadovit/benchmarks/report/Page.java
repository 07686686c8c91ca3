package io.github.tornadovit.benchmarks.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The HTML page: one file that needs no other, which draws the JSON within it. {@code page.html}
 * beside this class holds style and script.
 */
final class Page {
  private static final String DATA = "/*data*/";

  private Page() {}

  /**
   * Writes it.
   *
   * @param report what the charts show, as {@code report.json} has it; null for a page without
   * @param history earlier runs, for the trend
   */
  static String write(
      String title, List<Block> blocks, @Nullable Result report, List<History.Entry> history) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("title", title);
    data.put("blocks", blocks.stream().map(block -> Map.of(block.kind(), block)).toList());
    data.put("labels", report == null ? Map.of() : labels(report));
    data.put("history", history);
    data.put("report", report);
    return template().replace(DATA, embedded(JsonMapper.shared().writeValueAsString(data)));
  }

  /** Engines by id as the tables call them. */
  private static Map<String, String> labels(Result report) {
    Map<String, String> labels = new LinkedHashMap<>();
    report.models().stream()
        .flatMap(model -> model.engines().stream())
        .forEach(engine -> labels.put(engine.id(), engine.label()));
    return labels;
  }

  /** JSON that ends no script element and begins no comment: these characters are in strings. */
  private static String embedded(String json) {
    return json.replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  private static String template() {
    try (InputStream template =
        Objects.requireNonNull(Page.class.getResourceAsStream("page.html"), "page.html")) {
      return new String(template.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
