package io.github.tornadovit.cli;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.file.ErrorText;
import io.github.tornadovit.base.file.FileProblem;
import io.github.tornadovit.base.file.HeapProblem;
import io.github.tornadovit.base.file.NameEncoding;
import io.github.tornadovit.engine.bench.BenchException;
import io.github.tornadovit.engine.evaluation.DataSetException;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.hub.HubException;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.tornado.NativeOutput;
import io.github.tornadovit.kernels.tornado.TornadoVm;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * {@code tornado-vit COMMAND …}: exit code 0 on success, 2 on wrong usage, 141 if nobody reads on,
 * else 1.
 */
@Command(
    name = "tornado-vit",
    description =
        "Vision Transformers (ViT, BEiT, DeiT, DINOv2, CLIP, SigLIP, timm's, …) on the JVM, from Hugging Face"
            + " checkpoints.",
    mixinStandardHelpOptions = true,
    version = "tornado-vit " + Main.VERSION,
    subcommands = {
      ClassifyCommand.class,
      EmbedCommand.class,
      AttentionCommand.class,
      EvalCommand.class,
      ProbeCommand.class,
      InspectCommand.class,
      DevicesCommand.class,
      DoctorCommand.class,
      KernelsCommand.class,
      BenchCommand.class,
      DownloadCommand.class,
      ServeCommand.class
    })
public final class Main implements Callable<Integer> {
  static final String VERSION = "0.1.0";

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a failure.")
  private boolean debug;

  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs one command and exits. */
  public static void main(String[] arguments) {
    NativeOutput others = TornadoVm.ofThisJvm().output();
    OutputStream output = new StandardOutput(others.takeOver(System.err));
    // What TornadoVM's Java prints is no data either.
    System.setOut(
        others.isTaken() ? System.err : new PrintStream(output, true, StandardCharsets.UTF_8));
    PrintWriter out = new PrintWriter(output, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    reportUnreadArguments(err, arguments);
    int exitCode = run(out, err, arguments);
    others.finish();
    try {
      out.flush();
    } catch (StandardOutput.Failure failure) {
      // Said before, if the command met it.
      exitCode = exitCode == 0 ? fail(failure, err, false) : exitCode;
    }
    System.exit(exitCode);
  }

  /** Where the encoding of names is not UTF-8, Java is given U+FFFD for other letters. */
  private static void reportUnreadArguments(PrintWriter err, String... arguments) {
    boolean unread = Stream.of(arguments).anyMatch(text -> text.indexOf('\uFFFD') >= 0);
    if (unread && !NameEncoding.isUtf8()) {
      err.printf(
          "tornado-vit: letters beyond %s in arguments cannot be read: %s%n",
          NameEncoding.name(), NameEncoding.REMEDY);
    }
  }

  /** Runs one command and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    Main main = new Main();
    CommandLine line =
        new CommandLine(main)
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            // An image may be called @home.jpg.
            .setExpandAtFiles(false)
            .setExecutionStrategy(parsed -> execute(parsed, err))
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> fail(failure, err, main.debug));
    try {
      return line.execute(arguments);
    } catch (Error failure) { // picocli hands over exceptions only.
      return fail(failure, err, main.debug);
    }
  }

  /** The command or its help; what fails in printing help is no failure of a command to picocli. */
  private static int execute(ParseResult parsed, PrintWriter err) {
    try {
      return new RunLast().execute(parsed);
    } catch (StandardOutput.Failure failure) {
      return fail(failure, err, false);
    }
  }

  /** No command: the usage, and exit code 2. */
  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  /** Says a failure in one line; only those that are bugs show where they came from unasked. */
  private static int fail(Throwable failure, PrintWriter err, boolean debug) {
    if (failure instanceof StandardOutput.Failure output && output.readerHasGone()) {
      return StandardOutput.PIPE_CLOSED;
    }
    err.println("tornado-vit: " + ErrorText.visible(said(failure)));
    if (debug) {
      failure.printStackTrace(err);
    }
    return 1;
  }

  private static String said(Throwable failure) {
    boolean expected =
        failure instanceof CheckpointException
            || failure instanceof HubException
            || failure instanceof ImageException
            || failure instanceof BackendException
            || failure instanceof DataSetException
            || failure instanceof BenchException
            || failure instanceof UnsupportedOperationException
            || failure instanceof IllegalArgumentException;
    String message = failure.getMessage();
    return switch (failure) {
      case InterruptedException _ -> "interrupted";
      case IOException file -> FileProblem.message(file);
      case StandardOutput.Failure output -> Objects.requireNonNull(output.getMessage());
      case UncheckedIOException wrapped ->
          FileProblem.message(Objects.requireNonNull(wrapped.getCause()));
      case OutOfMemoryError full -> HeapProblem.reason(full);
      default ->
          expected && message != null
              ? message
              : failure + " (a bug: please report it with the output of --debug)";
    };
  }
}
