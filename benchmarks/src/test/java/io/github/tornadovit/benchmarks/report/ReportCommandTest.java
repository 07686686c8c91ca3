package io.github.tornadovit.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReportCommandTest {
  private static final Path DEMO = Path.of("..", "weights", "demo", "vit");
  private static final Path IMAGES = Path.of("..", "weights", "demo", "images", "with_mask");

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = ReportCommand.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(arguments);
  }

  /** The whole way with our engine alone, as short as can be. */
  @Test
  void measuresWritesAndCompares() throws Exception {
    String[] arguments = {
      "--out=" + folder,
      "--engines=onnxruntime",
      "--batch=1",
      "--rounds=5",
      "--turn=0.001",
      "--warm-up=0",
      "--starts=1",
      "--threads=1",
      "--images=" + IMAGES,
      DEMO.toString()
    };
    assertThat(run(arguments)).as(err.toString()).isZero();
    Result result = Result.read(folder.resolve("report.json"));
    Result.Model model = result.models().getFirst();
    assertThat(model.rows())
        .extracting(Result.Row::mode)
        .containsExactly(Mode.FORWARD, Mode.PIPELINE);
    assertThat(model.rows()).allMatch(row -> row.turns().size() == 5 && row.agreement().equal());
    assertThat(model.rows().getLast().readMillis()).isPositive();
    Result.Engine engine = model.engines().getFirst();
    assertThat(engine.processor()).isEqualTo(Processor.CPU);
    assertThat(engine.launches()).isGreaterThan(20);
    assertThat(engine.coldStart())
        .extracting(Result.Phase::name)
        .containsExactly("JVM", "load", "backend", "pack", "plan", "first run");
    assertThat(model.skipped())
        .extracting(Result.Skipped::engine)
        .contains("tornado-vit on TornadoVM", "onnxruntime");
    assertThat(result.peak().gigabytesPerSecond()).isBetween(0.1, 10_000.0);
    assertThat(Files.readAllLines(folder.resolve("history.jsonl"))).hasSize(1);
    assertThat(Files.readString(folder.resolve("report.html"))).contains("Checkpoint vit");
    assertThat(Files.readString(folder.resolve("report.md"))).contains("## Checkpoint vit");

    Path again = folder.resolve("again");
    assertThat(run("--from=" + folder.resolve("report.json"), "--out=" + again)).isZero();
    assertThat(Files.readString(again.resolve("report.json")))
        .isEqualTo(Files.readString(folder.resolve("report.json")));
    assertThat(again.resolve("history.jsonl")).doesNotExist();

    String json = folder.resolve("report.json").toString();
    assertThat(run("--compare", json, json, "--out=" + again)).isZero();
    assertThat(out.toString()).contains("Nothing became slower or less accurate");
    assertThat(again.resolve("compare.html")).exists();
  }

  @Test
  void wrongUsageIsTwo() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("--rounds=4", "--out=" + folder, DEMO.toString())).isEqualTo(2);
    assertThat(run("--from=a", "--compare", "a", "b")).isEqualTo(2);
    assertThat(run("--from=a", DEMO.toString())).isEqualTo(2);
  }

  @Test
  void whatIsNoResultIsSaidInALine() throws Exception {
    Path file = Files.writeString(folder.resolve("x.json"), "{\"format\": 7}");
    assertThat(run("--from=" + file, "--out=" + folder)).isEqualTo(1);
    assertThat(run("--from=" + folder.resolve("none"), "--out=" + folder)).isEqualTo(1);
    assertThat(run("--out=" + folder, folder.toString())).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(3).allMatch(line -> line.startsWith("report: "));
  }
}
