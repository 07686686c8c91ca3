package io.github.tornadovit.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.engine.evaluation.Agreement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page against the JSON, each read by a parser that knows nothing of the writer. */
class ReportPageTest {

  private static String html(Result result) {
    return Page.write(
        ReportDocument.TITLE, ReportDocument.of(result, List.of()), result, List.of());
  }

  /** The data that the page's script draws, as a browser cuts it out. */
  private static JsonNode data(String html) {
    String begin = "<script type=\"application/json\" id=\"data\">";
    int start = html.indexOf(begin) + begin.length();
    String json = html.substring(start, html.indexOf("</script>", start));
    return JsonMapper.shared().readTree(json);
  }

  /** All blocks of a kind. */
  private static List<JsonNode> blocks(JsonNode data, String kind) {
    return data.get("blocks")
        .valueStream()
        .filter(one -> one.has(kind))
        .map(one -> one.get(kind))
        .toList();
  }

  /** Everything that is to be read. */
  private static String words(JsonNode data) {
    return data.get("blocks").toString();
  }

  /** A table's rows, each from heading to text; headings that repeat get a number. */
  private static List<Map<String, String>> table(JsonNode data, String id) {
    JsonNode table =
        blocks(data, "table").stream()
            .filter(one -> one.get("id").asString().equals(id))
            .findFirst()
            .orElseThrow();
    List<Map<String, String>> rows = new ArrayList<>();
    for (JsonNode line : table.get("rows")) {
      assertThat(line).hasSameSizeAs(table.get("columns"));
      Map<String, String> row = new HashMap<>();
      for (int column = 0; column < line.size(); column++) {
        String heading = table.get("columns").get(column).asString();
        row.put(
            row.containsKey(heading) ? heading + " 2" : heading,
            line.get(column).get("text").asString());
      }
      rows.add(row);
    }
    return rows;
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
    JsonNode page = data(html(result));
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

  /** The charts are drawn from it, and who reads the page with a program finds it there. */
  @Test
  void theReportIsInThePage() {
    Result result = Synthetic.full();
    JsonNode page = data(html(result));
    assertThat(page.get("report")).isEqualTo(JsonMapper.shared().readTree(result.json()));
    assertThat(page.get("labels").get(Synthetic.GPU).asString())
        .isEqualTo("tornado-vit, GPU (device 0)");
    String template = html(result);
    for (JsonNode figure : blocks(page, "figure")) {
      assertThat(template).containsPattern("\n  " + figure.get("chart").asString() + "[(:]");
    }
    assertThat(blocks(page, "figure"))
        .extracting(figure -> figure.get("chart").asString())
        .contains("rates", "coldStart", "roofline");
  }

  @Test
  void theFirstThingOnThePageIsWhatToRunOn() {
    JsonNode headline = blocks(data(html(Synthetic.full())), "headline").getFirst();
    assertThat(headline.get("question").asString()).isEqualTo("What should I run on?");
    List<JsonNode> choices = headline.get("choices").valueStream().toList();
    assertThat(choices)
        .extracting(one -> one.get("run").asString() + ": " + one.get("figure").asString())
        .containsExactly(
            "tornado-vit, GPU (device 0): 229 images/s", "tornado-vit, GPU (device 0): 4.38 ms");
    assertThat(choices)
        .extracting(one -> one.get("command").asString())
        .containsExactly(
            "--backend tornado --device 0 --batch 1", "--backend tornado --device 0 --batch 1");
    assertThat(choices.getFirst().get("why").asString())
        .contains("times as fast as tornado-vit, CPU (10.4 images/s)");
    assertThat(MarkdownPage.write(ReportDocument.of(Synthetic.full(), List.of())))
        .contains("## What should I run on?", "**tornado-vit, GPU (device 0)**, 229 images/s");
  }

  /** Neither another engine's lead nor a fast wrong answer is hidden or recommended. */
  @Test
  void anotherEngineIsRecommendedIfItIsFasterAndWrongAnswersNever() {
    Result.Row cpu = Synthetic.row(Synthetic.CPU, Mode.FORWARD, 1, 100, 100, 100);
    Result.Row peer = Synthetic.row(Synthetic.PEER, Mode.FORWARD, 1, 80, 80, 80);
    Result.Row wrong =
        Synthetic.row(Synthetic.GPU, Mode.FORWARD, 1, new Agreement(0.5, 0.5, 0, 1), 5, 5, 5);
    String[] engines = {Synthetic.CPU, Synthetic.PEER, Synthetic.GPU};
    Result.Model model = Synthetic.model("m", List.of(cpu, peer, wrong), engines);
    JsonNode page = data(html(Synthetic.result(Synthetic.WARM, model)));
    assertThat(blocks(page, "headline").getFirst().get("choices").valueStream())
        .extracting(one -> one.get("what").asString() + ": " + one.get("run").asString())
        .containsExactly(
            "m, most images per second: ONNX Runtime (Java)",
            "m, the best of ours: tornado-vit, CPU",
            "m, shortest wait for one image: ONNX Runtime (Java)");
    assertThat(
            blocks(
                data(html(Synthetic.result(new Result.Protocol(5, 2, 0, 3, 3, 2, 5), model))),
                "headline"))
        .isEmpty();
  }

  @Test
  void everyKernelPartAndSizeOfThePageIsThatOfTheJson() throws Exception {
    Result result = Synthetic.full();
    JsonNode page = data(html(result));
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
  void aShareThatCannotBeTrueIsNotPrinted() {
    Result.Model one =
        Synthetic.model(
            "m", List.of(Synthetic.row(Synthetic.CPU, Mode.FORWARD, 1, 10, 10, 10)), Synthetic.CPU);
    // The roof is 220.5 GFLOP/s from 17.3 FLOP per byte on, and 12.75 GB/s below.
    List<Result.Kernel> kernels =
        List.of(
            new Result.Kernel("linear", "a", "host", 1, 1_000_000, 233_000_000, 1_000_000),
            new Result.Kernel("norm", "b", "host", 1, 1_000_000, 14_000_000, 14_000_000),
            new Result.Kernel("norm", "c", "host", 1, 1_000_000, 13_000_000, 13_000_000));
    Result.Model model =
        new Result.Model(
            "m",
            "",
            35_000_000_000L,
            null,
            "",
            one.engines(),
            one.rows(),
            List.of(new Result.Profile(Synthetic.CPU, 1, kernels)),
            List.of());
    JsonNode page = data(html(Synthetic.result(Synthetic.WARM, model)));
    assertThat(table(page, "model0-kernels-tornado-vit"))
        .extracting(row -> cell(row, "of the roof"))
        .containsExactly("above the peak", "faster than memory: cached", "102 %");
    // 35 GFLOP in 10 ms are 16 times what 210 GFLOP/s allow.
    assertThat(table(page, "model0-throughput"))
        .extracting(row -> cell(row, "of FMA peak"))
        .containsExactly("above the peak");
  }

  @Test
  void aSpeedUpStandsBesideBothItsRates() throws Exception {
    List<Map<String, String>> rows = table(data(html(Synthetic.full())), "model0-speed-up");
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
    Agreement wrong = new Agreement(0.5, 0.5, 0, 1);
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

    assertThat(words(data(html(Synthetic.result(Synthetic.WARM, good)))))
        .contains("20.0 times as fast");
    for (Result result :
        List.of(
            Synthetic.result(Synthetic.WARM, differs),
            Synthetic.result(Synthetic.WARM, unseen),
            Synthetic.result(cold, good))) {
      assertThat(words(data(html(result))))
          .contains("withheld")
          .doesNotContain("20.0 x", "times as fast");
      assertThat(table(data(html(result)), "model0-speed-up").getFirst())
          .containsEntry("speed-up", "-")
          .containsEntry("CPU backend images/s", "10.0")
          .containsEntry("images/s", "200");
    }
    assertThat(words(data(html(Synthetic.result(Synthetic.WARM, differs)))))
        .contains("0 of 1: answers DIFFER");
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
    assertThat(cell(table(data(html(result)), "model0-speed-up").getFirst(), "remark"))
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
    JsonNode page = data(html(result));
    assertThat(words(page))
        .contains("No GPU took part: TornadoVM was not used; this JVM was started")
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
    JsonNode page = data(html(Synthetic.result(Synthetic.WARM, nothing)));
    assertThat(words(page)).contains("the machine is off");
    assertThat(blocks(page, "headline")).isEmpty();
  }

  @Test
  void aNameFromOutsideIsTextAndNothingElse() throws Exception {
    String name = "<script>alert(1)</script>\"'&|`[x](javascript:1)\n# \u202e\u2028\u0000<!--";
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
    String html = Page.write(name, blocks, evil, history);
    String template = Page.write("", List.of(), null, List.of());
    assertThat(html.split("<", -1)).hasSameSizeAs(template.split("<", -1));
    assertThat(html).doesNotContain("alert(1)</", "<!--", "\u2028", "\u0000");
    assertThat(data(html).get("report")).isEqualTo(JsonMapper.shared().readTree(evil.json()));
    assertThat(words(data(html))).contains("<script>alert(1)</script>");
    // What the data says becomes text and nothing else.
    assertThat(template)
        .contains("textContent")
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(");
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
        .doesNotContain("<link", "<img", "url(", "@import", "src=", "fetch(")
        .contains("default-src 'none'", "prefers-color-scheme: dark", "@media print");
  }

  @Test
  void trendIsDrawnFromTwoRunsOnOfTheSameMachine() {
    Result result = Synthetic.full();
    History.Entry now = History.Entry.of(result);
    History.Entry elsewhere =
        new History.Entry("2026-01-01", "old", "another machine", now.rates());
    assertThat(text(result, List.of(elsewhere, now))).doesNotContain("\"chart\":\"trend\"");
    assertThat(text(result, List.of(elsewhere, now, now))).contains("\"chart\":\"trend\"");
  }

  private static String text(Result result, List<History.Entry> history) {
    return words(data(Page.write("", ReportDocument.of(result, history), result, history)));
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
