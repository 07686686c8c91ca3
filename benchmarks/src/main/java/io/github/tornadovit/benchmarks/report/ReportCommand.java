package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.base.file.WholeFile;
import io.github.tornadovit.benchmarks.model.TornadoVitEngine.Facts;
import io.github.tornadovit.benchmarks.peers.Engine;
import io.github.tornadovit.benchmarks.peers.Launcher;
import io.github.tornadovit.benchmarks.peers.MeasuringOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Measures checkpoints on everything that can run them and writes a report; or writes the report of
 * an earlier result, or compares two. {@code README.md} of this module says how to use it.
 */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Compare CPU, GPU and other engines on checkpoints, and write report.html, report.md and"
          + " report.json.",
      "With --from, write the report of an earlier result; with --compare, set two side by side."
    })
public final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CHECKPOINT", arity = "0..*", description = "Checkpoint folders.")
  private List<Path> checkpoints = new ArrayList<>();

  @Option(names = "--out", paramLabel = "DIR", description = "Where the report goes.")
  private Path out = Path.of("report");

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "A line of JSON is added per run; default: history.jsonl in the folder --out.")
  private @Nullable Path history;

  @Option(
      names = "--exported",
      paramLabel = "DIR",
      split = ",",
      description = "What export_peers.py made of each checkpoint, in their order.")
  private List<Path> exported = new ArrayList<>();

  @Option(
      names = "--engines",
      split = ",",
      paramLabel = "NAME",
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description = "Other engines: ${COMPLETION-CANDIDATES}; default: all that can run.")
  private List<Engine> engines = List.of(Engine.values());

  @Option(
      names = "--device",
      split = ",",
      paramLabel = "N",
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description = "Devices of TornadoVM by number; none: -1; default: all.")
  private List<Integer> devices = List.of();

  @Mixin private MeasuringOptions measuring = new MeasuringOptions();

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description = "Image files for the full pipeline; without, it is not measured.")
  private @Nullable Path images;

  @Option(
      names = "--tornado-flags",
      paramLabel = "FILE",
      hidden = true,
      description = "JVM flags as tornado-flags.sh prints them; the launcher says it.")
  private @Nullable Path tornadoFlags;

  @ArgGroup private @Nullable Instead instead;

  @Spec private CommandSpec spec;

  /** An action in place of a measurement. */
  private static final class Instead {
    @Option(
        names = "--from",
        paramLabel = "REPORT.json",
        description = "Write the report of this result.")
    private @Nullable Path from;

    @Option(
        names = "--compare",
        arity = "2",
        paramLabel = "REPORT.json",
        description = "Write compare.html and compare.md: what became slower or less accurate.")
    private List<Path> compare = List.of();
  }

  private ReportCommand() {}

  /** Runs; exit code 0 on success, 2 on wrong usage, 1 on any other failure. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command, to be executed by who does not want to exit. */
  public static CommandLine commandLine() {
    return Commands.line(new ReportCommand(), "report");
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path from = instead == null ? null : instead.from;
    List<Path> compare = instead == null ? List.of() : instead.compare;
    require(
        checkpoints.isEmpty() == (instead != null),
        "expected checkpoint folders, or --from or --compare and no checkpoint");
    Files.createDirectories(out);
    if (!compare.isEmpty()) {
      return compare(Result.read(compare.get(0)), Result.read(compare.get(1)));
    }
    Result result = from == null ? measure() : Result.read(from);
    WholeFile.write(out.resolve("report.json"), result.json());
    Path lines = history == null ? out.resolve("history.jsonl") : history;
    if (from == null) {
      History.append(lines, History.Entry.of(result));
    }
    List<History.Entry> runs = History.read(lines);
    write("report", ReportDocument.TITLE, ReportDocument.of(result, runs), result, runs);
    return 0;
  }

  private int compare(Result a, Result b) throws IOException {
    ResultComparison comparison = ResultComparison.of(a, b);
    List<Block> blocks = comparison.blocks();
    write("compare", "tornado-vit: two results compared", blocks, null, List.of());
    PrintWriter print = spec.commandLine().getOut();
    print.print(MarkdownPage.write(blocks));
    print.flush();
    return 0;
  }

  private void write(
      String name,
      String title,
      List<Block> blocks,
      @Nullable Result result,
      List<History.Entry> runs)
      throws IOException {
    Path html = out.resolve(name + ".html");
    WholeFile.write(html, Page.write(title, blocks, result, runs));
    WholeFile.write(out.resolve(name + ".md"), MarkdownPage.write(blocks));
    note("wrote " + html);
  }

  private Result measure() throws IOException, InterruptedException {
    measuring.check();
    require(
        exported.isEmpty() || exported.size() == checkpoints.size(),
        "--exported names %d folders for %d checkpoints"
            .formatted(exported.size(), checkpoints.size()));
    checkpoints.forEach(Facts::of); // Before hours are spent on the first of them.
    List<Launcher> launchers = new ArrayList<>();
    for (int i = 0; i < checkpoints.size(); i++) {
      launchers.add(
          measuring.launcher(
              checkpoints.get(i), exported.isEmpty() ? null : exported.get(i), tornadoFlags));
    }
    return new Run(
            Scope.EVERYTHING,
            launchers,
            engines,
            false,
            devices,
            measuring.batches(),
            Result.Protocol.of(measuring),
            images,
            tornadoFlags,
            this::note)
        .measure();
  }

  private void note(String text) {
    PrintWriter notes = spec.commandLine().getErr();
    notes.println("report: " + text);
    notes.flush();
  }

  private void require(boolean condition, String problem) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), problem);
    }
  }
}
