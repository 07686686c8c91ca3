package io.github.tornadovit.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PeersCommandTest {
  private static final Path DEMO = Path.of("..", "weights", "demo", "vit");

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = PeersCommand.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(arguments);
  }

  /** The whole way with our engine alone, as short as can be: two processes, three passes. */
  @Test
  void measuresOursWhereThereIsNoPeer() throws Exception {
    Path json = folder.resolve("report.json");
    int code =
        run(
            "--batch=1",
            "--rounds=5",
            "--turn=0.001",
            "--warm-up=0",
            "--starts=1",
            "--threads=1",
            "--json=" + json,
            DEMO.toString());
    assertThat(err.toString()).contains("without onnxruntime: ", "without pytorch: ");
    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("Checkpoint vit", "| tornado-vit, CPU ", "| tornado-vit int8, CPU ");
    Result result = Result.read(json);
    Result.Row row = result.models().getFirst().rows().getFirst();
    assertThat(row.engine()).isEqualTo("tornado-vit");
    assertThat(row.turns()).hasSize(5);
    // The last may be bf16, which some processors have.
    Result.Row int8 =
        result.models().getFirst().rows().stream()
            .filter(other -> other.precision().equals("int8"))
            .findFirst()
            .orElseThrow();
    assertThat(int8.agreement().worstDifference()).isBetween(1e-4, 0.5);
    assertThat(int8.agreement().meanDifference()).isPositive();
    assertThat(result.models().getFirst().profiles()).isEmpty();
    // It is a report that only has no pages yet.
    assertThat(
            ReportCommand.commandLine()
                .setErr(new PrintWriter(err))
                .execute("--from=" + json, "--out=" + folder))
        .as(err.toString())
        .isZero();
    assertThat(folder.resolve("report.html")).exists();
  }

  @Test
  void aPeerThatIsNamedMustWork() {
    assertThat(run("--engines=pytorch", DEMO.toString())).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("bench peers: pytorch: no Python named; --python PYTHON");
  }

  @Test
  void wrongUsageIsTwo() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("--rounds=4", DEMO.toString())).isEqualTo(2);
    assertThat(run("--engines=tensorflow", DEMO.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("--rounds is 4, expected 5 or more")
        .contains(
            "'tensorflow', expected one of [tornado-vit, onnxruntime, djl-pytorch, pytorch, tornado-vit-int8, ");
  }

  @Test
  void aFolderWithoutACheckpointIsSaidInALine() {
    assertThat(run(folder.toString())).isEqualTo(1);
    assertThat(err.toString()).startsWith("bench peers: ").doesNotContain("\tat ");
  }
}
