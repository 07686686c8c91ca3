package io.github.tornadovit.fuzz;

import io.github.tornadovit.benchmarks.report.ReportCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;

/**
 * A file that {@code report} reads: the result of {@code --from} and {@code --compare}, or the
 * history. The command line must answer with files or with a line that says what is wrong.
 */
final class ReportTarget implements FuzzTarget {
  private static final String RESULT = "report.json";
  private static final String HISTORY = "history.jsonl";

  private final Scratch scratch = Scratch.create().with("report", RESULT);
  private final Scratch out = Scratch.create();
  private final boolean history;

  private ReportTarget(boolean history) {
    this.history = history;
  }

  static ReportTarget ofResult() {
    return new ReportTarget(false);
  }

  static ReportTarget ofHistory() {
    return new ReportTarget(true);
  }

  /** The command line's refusal of an unusable file. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String line) {
      super(line);
    }
  }

  @Override
  public void read(byte[] input) throws Exception {
    String result = scratch.file(RESULT).toString();
    if (history) {
      String lines = scratch.write(HISTORY, input).toString();
      run("--from", result, "--history", lines);
    } else {
      String other = scratch.write("input.json", input).toString();
      run("--compare", result, other);
      run("--from", other);
    }
  }

  private void run(String... arguments) throws Exception {
    StringWriter errors = new StringWriter();
    Unforeseen unforeseen = new Unforeseen(ReportCommand.commandLine());
    CommandLine command =
        unforeseen
            .command
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(errors));
    String[] all = new String[arguments.length + 2];
    all[0] = "--out";
    all[1] = out.folder().toString();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    int code = command.execute(all);
    if (unforeseen.failure != null) {
      throw unforeseen.failure;
    }
    if (code != 0) {
      String line = errors.toString().strip();
      if (code != 1 || !line.lines().allMatch(one -> one.startsWith("report: "))) {
        throw new AssertionError("exit code " + code + ", " + line);
      }
      throw new Refused(line);
    }
  }

  /** Keeps what the command line would answer with a stack trace. */
  private static final class Unforeseen {
    private final CommandLine command;
    private @Nullable Exception failure;

    Unforeseen(CommandLine command) {
      this.command = command;
      IExecutionExceptionHandler known = command.getExecutionExceptionHandler();
      command.setExecutionExceptionHandler(
          (thrown, line, parsed) -> {
            try {
              return known.handleExecutionException(thrown, line, parsed);
            } catch (Exception unhandled) {
              failure = unhandled;
              return 1;
            }
          });
    }
  }
}
