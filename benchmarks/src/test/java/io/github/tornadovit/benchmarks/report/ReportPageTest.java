package io.github.tornadovit.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.benchmarks.model.Agreement;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page against the JSON, each read by a parser that knows nothing of the writer. */
class ReportPageTest {

  private static String html(Result result) {
    return HtmlPage.write(ReportDocument.TITLE, ReportDocument.of(result, List.of()));
  }

  /** The page is well-formed, so a parser of XML reads it. */
  private static Document parse(String html) throws Exception {
    assertThat(html).startsWith("<!DOCTYPE html>");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(
            new InputSource(new StringReader(html.substring("<!DOCTYPE html>".length()).strip())));
  }

  /** A table's rows, each from heading to text; headings that repeat get a number. */
  private static List<Map<String, String>> table(Document page, String id) {
    NodeList tables = page.getElementsByTagName("table");
    for (int i = 0; i < tables.getLength(); i++) {
      Element table = (Element) tables.item(i);
      if (table.getAttribute("id").equals(id)) {
        List<String> headings = texts(table, "th");
        List<Map<String, String>> rows = new ArrayList<>();
        NodeList lines = table.getElementsByTagName("tr");
        for (int line = 1; line < lines.getLength(); line++) {
          List<String> cells = texts((Element) lines.item(line), "td");
          assertThat(cells).hasSameSizeAs(headings);
          Map<String, String> row = new HashMap<>();
          for (int column = 0; column < cells.size(); column++) {
            String heading = headings.get(column);
            row.put(row.containsKey(heading) ? heading + " 2" : heading, cells.get(column));
          }
          rows.add(row);
        }
        return rows;
      }
    }
    throw new AssertionError("no table " + id);
  }

  private static List<String> texts(Element parent, String tag) {
    NodeList elements = parent.getElementsByTagName(tag);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < elements.getLength(); i++) {
      texts.add(elements.item(i).getTextContent());
    }
    return texts;
  }

  private static String cell(Map<String, String> row, String column) {
    return Objects.requireNonNull(row.get(column), column);
  }

  private static double number(Map<String, String> row, String column) {
    return Double.parseDouble(cell(row, column).replaceAll("[^0-9.eE+-]", ""));
  }

  private static void same(Map<String, String> row, String column, double expected) {
    // What is shown is rounded to three digits, or to a tenth of a percent.
    assertThat(number(row, column))
        .as("%s of %s", column, row)
        .isCloseTo(expected, within(Math.max(0.006 * Math.abs(expected), 0.0006)));
  }

  private static double median(JsonNode turns, String field) {
    double[] values = new double[turns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = turns.get(i).get(field).asDouble();
    }
    Arrays.sort(values);
    return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
  }

  private static JsonNode find(JsonNode list, Map<String, String> row, String engine, String mode) {
    for (JsonNode one : list) {
      if (one.get("engine").asString().equals(engine)
          && one.get("mode").asString().equals(mode)
          && one.get("batch").asString().equals(cell(row, "batch"))) {
        return one;
      }
    }
    throw new AssertionError("no row of " + engine + " for " + row);
  }

  private static String id(String label) {
    return switch (label) {
      case "tornado-vit, CPU" -> Synthetic.CPU;
      case "tornado-vit, GPU (device 0)" -> Synthetic.GPU;
      case "tornado-vit, OpenCL device on the CPU (device 1)" -> Synthetic.POCL;
      case "ONNX Runtime (Java)" -> Synthetic.PEER;
      default -> throw new AssertionError(label);
    };
  }

  @Test
  void everyRateOfThePageIsThatOfTheJson() throws Exception {
    Result result = Synthetic.full();
    Document page = parse(html(result));
    JsonNode json = JsonMapper.shared().readTree(result.json());
    JsonNode model = json.get("models").get(0);
    List<Map<String, String>> rows = table(page, "model0-throughput");
    assertThat(rows).hasSize(8);
    for (Map<String, String> row : rows) {
      JsonNode of = find(model.get("rows"), row, id(cell(row, "engine")), "FORWARD");
      double millis = median(of.get("turns"), "millis");
      double images = 1000 * of.get("batch").asInt() / millis;
      same(row, "ms per batch", millis);
      same(row, "images/s", images);
      same(row, "of published", images / 97.685);
      same(row, "max logit difference", of.get("agreement").get("worstDifference").asDouble());
      assertThat(cell(row, "same best class"))
          .isEqualTo(cell(row, "batch") + " of " + cell(row, "batch"));
      if (id(cell(row, "engine")).equals(Synthetic.GPU)) {
        assertThat(cell(row, "of FMA peak")).isEqualTo("not measured");
      }
    }
  }

  @Test
  void everyKernelPartAndSizeOfThePageIsThatOfTheJson() throws Exception {
    Result result = Synthetic.full();
    Document page = parse(html(result));
    JsonNode model = JsonMapper.shared().readTree(result.json()).get("models").get(0);
    JsonNode kernels = model.get("profiles").get(0).get("kernels");
    List<Map<String, String>> rows = table(page, "model0-kernels-tornado-vit");
    assertThat(rows).hasSize(kernels.size());
    for (int i = 0; i < rows.size(); i++) {
      double seconds = kernels.get(i).get("nanos").asDouble() * 1e-9;
      double flops = kernels.get(i).get("flops").asDouble();
      double bytes = kernels.get(i).get("bytes").asDouble();
      same(rows.get(i), "ms", 1000 * seconds);
      same(rows.get(i), "launches", kernels.get(i).get("launches").asDouble());
      same(rows.get(i), "MFLOP each", flops * 1e-6 / kernels.get(i).get("launches").asInt());
      same(rows.get(i), "GFLOP/s", flops / seconds * 1e-9);
      same(rows.get(i), "GB/s", bytes / seconds * 1e-9);
      same(rows.get(i), "FLOP per byte", flops / bytes);
      if (flops > 0) {
        double roof = Math.min(220.5, 12.75 * flops / bytes);
        assertThat(number(rows.get(i), "of the roof"))
            .isCloseTo(100 * flops / seconds * 1e-9 / roof, within(0.51));
      }
    }
    assertThat(table(page, "model0-kernels-tornado-vit-device-0"))
        .allMatch(row -> cell(row, "of the roof").equals("peak not measured"));
    for (Map<String, String> row : table(page, "model0-memory")) {
      assertThat(row).containsEntry("max RSS", "700");
      assertThat(cell(row, "on the device"))
          .isEqualTo(cell(row, "engine").contains("device") ? "345.0" : "none");
    }
    assertThat(table(page, "model0-cold-start"))
        .filteredOn(row -> cell(row, "engine").equals("tornado-vit, CPU"))
        .extracting(row -> cell(row, "part") + " " + cell(row, "ms"))
        .containsExactly("all 1235", "JVM 235", "load 1000");
  }

  @Test
  void aSpeedUpStandsBesideBothItsRates() throws Exception {
    List<Map<String, String>> rows = table(parse(html(Synthetic.full())), "model0-speed-up");
    assertThat(rows).hasSize(6);
    for (Map<String, String> row : rows) {
      assertThat(number(row, "speed-up"))
          .isCloseTo(
              number(row, "images/s") / number(row, "CPU backend images/s"),
              within(0.1 * number(row, "speed-up")));
      assertThat(cell(row, "device")).doesNotContain("GPU (device 1)");
    }
  }

  @Test
  void speedUpsOfWrongAnswersColdRunsAndKernelsThatNobodySawAreWithheld() throws Exception {
    Agreement wrong = new Agreement(0.5, 0, 1);
    Result.Row cpu = Synthetic.row(Synthetic.CPU, Mode.FORWARD, 1, 100, 100, 100, 100, 100);
    Result.Row gpu = Synthetic.row(Synthetic.GPU, Mode.FORWARD, 1, 5, 5, 5, 5, 5);
    Result.Row bad = Synthetic.row(Synthetic.GPU, Mode.FORWARD, 1, wrong, 5, 5, 5, 5, 5);
    Result.Model good = Synthetic.model("m", List.of(cpu, gpu), Synthetic.CPU, Synthetic.GPU);
    Result.Model differs = Synthetic.model("m", List.of(cpu, bad), Synthetic.CPU, Synthetic.GPU);
    Result.Model unseen =
        new Result.Model(
            "m",
            "",
            1,
            null,
            "",
            List.of(Synthetic.engine(Synthetic.CPU), withoutKernels()),
            List.of(cpu, gpu),
            List.of(),
            List.of());
    Result.Protocol cold = new Result.Protocol(5, 2, 0, 3, 3, 2, 5);

    assertThat(html(Synthetic.result(Synthetic.WARM, good))).contains("20.0 times as fast");
    for (Result result :
        List.of(
            Synthetic.result(Synthetic.WARM, differs),
            Synthetic.result(Synthetic.WARM, unseen),
            Synthetic.result(cold, good))) {
      assertThat(html(result)).contains("withheld").doesNotContain("20.0 x", "times as fast");
      assertThat(table(parse(html(result)), "model0-speed-up").getFirst())
          .containsEntry("speed-up", "-")
          .containsEntry("CPU backend images/s", "10.0")
          .containsEntry("images/s", "200");
    }
    assertThat(html(Synthetic.result(Synthetic.WARM, differs)))
        .contains("0 of 1: answers DIFFER", "(answers differ)");
  }

  private static Result.Engine withoutKernels() {
    Result.Engine seen = Synthetic.engine(Synthetic.GPU);
    return new Result.Engine(
        seen.id(),
        seen.name(),
        seen.version(),
        true,
        seen.processor(),
        seen.device(),
        0,
        0L,
        1,
        List.of());
  }

  @Test
  void aRatioOfRoundsThatSpreadByMoreThanHalfTheirMedianIsWithheld() throws Exception {
    Result.Row cpu = Synthetic.row(Synthetic.CPU, Mode.FORWARD, 1, 100, 100, 100, 100, 100);
    Result.Row gpu = Synthetic.row(Synthetic.GPU, Mode.FORWARD, 1, 5, 5, 5, 5, 12);
    Result.Model model = Synthetic.model("m", List.of(cpu, gpu), Synthetic.CPU, Synthetic.GPU);
    Result result = Synthetic.result(Synthetic.WARM, model);
    assertThat(cell(table(parse(html(result)), "model0-speed-up").getFirst(), "remark"))
        .contains("above 50 %");
  }

  @Test
  void oneCheckpointOnTheCpuAloneMakesAPage() throws Exception {
    Result.Model alone =
        new Result.Model(
            "alone",
            "VIT",
            1_000_000,
            null,
            "none",
            List.of(Synthetic.engine(Synthetic.CPU)),
            List.of(Synthetic.row(Synthetic.CPU, Mode.FORWARD, 1, 10, 11, 12, 11, 10)),
            List.of(),
            List.of());
    Result full = Synthetic.result(Synthetic.WARM, alone);
    Result result =
        new Result(
            1,
            full.date(),
            full.commit(),
            full.machine(),
            Map.of(),
            full.protocol(),
            full.peak(),
            List.of(),
            "this JVM was started without TornadoVM",
            List.of(alone));
    Document page = parse(html(result));
    assertThat(page.getDocumentElement().getTextContent())
        .contains("No GPU took part: TornadoVM cannot be used here; this JVM was started")
        .contains("no other engine took part")
        .contains("there is no copy to a device")
        .contains("No rate is published for a model of this size")
        .doesNotContain("Speed-up over");
  }

  @Test
  void nothingMeasuredAtAllMakesAPage() throws Exception {
    Result.Model nothing =
        new Result.Model(
            "nothing",
            "VIT",
            1,
            null,
            "",
            List.of(),
            List.of(),
            List.of(),
            List.of(new Result.Skipped("tornado-vit", "everything", "the machine is off")));
    assertThat(
            parse(html(Synthetic.result(Synthetic.WARM, nothing)))
                .getDocumentElement()
                .getTextContent())
        .contains("the machine is off");
  }

  @Test
  void aNameFromOutsideIsTextAndNothingElse() throws Exception {
    String name = "<script>alert(1)</script>\"'&|`[x](javascript:1)\n# \u202e\u0000";
    Result full = Synthetic.full();
    Result.Model model = full.models().getFirst();
    Result evil =
        Synthetic.result(
            Synthetic.WARM,
            new Result.Model(
                name,
                name,
                1,
                new Result.Published(name, 1),
                name,
                List.of(
                    new Result.Engine(
                        Synthetic.CPU,
                        name,
                        name,
                        true,
                        Processor.CPU,
                        name,
                        1,
                        1L,
                        1,
                        List.of(
                            new Result.Phase(name, 1, name), new Result.Phase("b", 900, name)))),
                model.rows().stream().filter(row -> row.engine().equals(Synthetic.CPU)).toList(),
                List.of(
                    new Result.Profile(
                        Synthetic.CPU,
                        8,
                        List.of(new Result.Kernel(name, name, name, 1, 9, 9, 9)))),
                List.of(new Result.Skipped(name, name, name))));
    List<History.Entry> history = List.of(History.Entry.of(evil), History.Entry.of(evil));
    List<Block> blocks = ReportDocument.of(evil, history);
    String html = HtmlPage.write(ReportDocument.TITLE, blocks);
    Document page = parse(html);
    assertThat(page.getElementsByTagName("script").getLength()).isZero();
    assertThat(html).contains("&lt;script&gt;").doesNotContain("\u202e", "\u0000");
    String markdown = MarkdownPage.write(blocks);
    assertThat(markdown)
        .doesNotContain("<script>", "\n# \u202e")
        .doesNotContainPattern("[^\\\\]\\]\\(");
    assertThat(markdown.lines().filter(line -> line.startsWith("| ")))
        .allMatch(line -> line.endsWith(" |"));
  }

  @Test
  void thePageNeedsNothingFromOutside() {
    assertThat(html(Synthetic.full()))
        .doesNotContain("<link", "<script", "<img", "url(", "@import", "src=")
        .contains("prefers-color-scheme: dark", "@media print");
  }

  @Test
  void trendIsDrawnFromTwoRunsOnOfTheSameMachine() {
    Result result = Synthetic.full();
    History.Entry now = History.Entry.of(result);
    History.Entry elsewhere =
        new History.Entry("2026-01-01", "old", "another machine", now.rates());
    assertThat(text(result, List.of(elsewhere, now))).doesNotContain("Trend of");
    assertThat(text(result, List.of(elsewhere, now, now))).contains("Trend of vit-base");
  }

  private static String text(Result result, List<History.Entry> history) {
    return HtmlPage.write("", ReportDocument.of(result, history));
  }

  @Test
  void jsonComesBackAsItWas() throws Exception {
    Result result = Synthetic.full();
    Path file = Files.createTempFile("result", ".json");
    try {
      Files.writeString(file, result.json());
      assertThat(Result.read(file).json()).isEqualTo(result.json());
    } finally {
      Files.delete(file);
    }
  }
}
