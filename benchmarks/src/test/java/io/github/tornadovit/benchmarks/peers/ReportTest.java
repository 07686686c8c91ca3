package io.github.tornadovit.benchmarks.peers;

import static io.github.tornadovit.benchmarks.peers.ComparisonTest.series;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
  private static final long FLOPS = 5_000_000_000L;

  private static Report report(Series... series) {
    List<Double> firstLabels = List.of(1234.0, 5678.0, 9.0).subList(0, series.length);
    return new Report(
        "vit", FLOPS, Map.of("threads", "2"), Report.rows(List.of(series), firstLabels, FLOPS));
  }

  @Test
  void ratiosAreToTheFastestEngineThatIsNotOurs() {
    Report report =
        report(
            series("ours", 1, 10, 10, 10),
            series("slow", 1, 40, 40, 40),
            series("fast", 1, 5, 20, 20));
    assertThat(report.rows())
        .extracting(Report.Row::ratioToBestPeer)
        .containsExactly(2.0, 0.5, 1.0);
  }

  @Test
  void withoutAPeerThereIsNoRatio() {
    Report report = report(series("ours", 1, 10, 10, 10));
    assertThat(report.rows().getFirst().ratioToBestPeer()).isNull();
    assertThat(report.table()).contains(" - ");
    JsonNode row = JsonMapper.shared().readTree(report.json()).get("rows").get(0);
    assertThat(row.get("ratioToBestPeer").isNull()).isTrue();
  }

  @Test
  void tableIsAlignedUnderItsHeadings() {
    String table =
        report(series("ours", 8, 10, 10, 10), series("a longer name", 8, 1500, 1500, 1500)).table();
    assertThat(table)
        .isEqualTo(
            """
            model: vit
            threads: 2

            batch  engine         ms/batch  images/s  vs best peer     of FMA peak  peak GFLOP/s  max RSS MiB  first label s  others' CPU  worst logit
                8  ours               10.0    800.00       150.00x  above the peak          2000            5           1.23          2 %      1.0e-06
                8  a longer name    1500.0      5.33         1.00x             1 %          2000            5           5.68          2 %      1.0e-06
            """);
  }

  @Test
  void jsonHoldsEveryTurn() {
    JsonNode json = JsonMapper.shared().readTree(report(series("ours", 1, 10, 20, 30)).json());
    assertThat(json.get("model").asString()).isEqualTo("vit");
    assertThat(json.get("flopsPerImage").asLong()).isEqualTo(FLOPS);
    assertThat(json.get("conditions").get("threads").asString()).isEqualTo("2");
    JsonNode row = json.get("rows").get(0);
    assertThat(row.get("millisPerBatch").asDouble()).isEqualTo(20);
    assertThat(row.get("imagesPerSecond").asDouble()).isEqualTo(50);
    assertThat(row.get("maxResidentBytes").asLong()).isEqualTo(5L << 20);
    assertThat(row.get("firstLabelMillis").asDouble()).isEqualTo(1234);
    assertThat(row.get("turns")).hasSize(3);
    assertThat(row.get("turns").get(2).get("peakGigaflops").asDouble()).isEqualTo(3000);
  }
}
