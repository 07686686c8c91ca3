package io.github.tornadovit.benchmarks.load;

import io.github.tornadovit.engine.image.ImageFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Loads servers in turns, by clients that each send the next image when the answer to the last one
 * is there: {@code serve} with batches and without, for instance.
 */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = "Measure servers that run, such as ./tornado-vit serve, taking turns.")
public final class LoadCommand implements Callable<Integer> {
  /** Fewer than the connections that {@code serve} takes. */
  private static final int MAX_CLIENTS = 1000;

  @Parameters(
      arity = "1..*",
      paramLabel = "URL",
      description = "To send images to: http://127.0.0.1:8080/classify")
  private List<URI> addresses = List.of();

  @Option(names = "--images", paramLabel = "FOLDER", required = true, description = "To send.")
  private Path images = Path.of("");

  @Option(names = "--clients", split = ",", description = "Default: ${DEFAULT-VALUE}.")
  private List<Integer> clients = List.of(1, 8, 64);

  @Option(names = "--rounds", description = "Turns of each server; default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(names = "--seconds", description = "Of a turn; default: ${DEFAULT-VALUE}.")
  private double seconds = 10;

  @Spec private CommandSpec command;

  private LoadCommand() {}

  static CommandLine commandLine() {
    return new CommandLine(new LoadCommand());
  }

  /** Prints a table. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (URI address : addresses) {
      require(
          address.getHost() != null && String.valueOf(address.getScheme()).matches("https?"),
          "%s is no address of a server, expected http://HOST:PORT/PATH",
          address);
    }
    for (int count : clients) {
      require(count >= 1 && count <= MAX_CLIENTS, "--clients has %s, expected 1 to 1000", count);
    }
    require(rounds >= 1, "--rounds is %s, expected 1 or more", rounds);
    require(seconds > 0 && seconds <= 3600, "--seconds is %s, expected up to 3600", seconds);
    List<byte[]> bodies = bodies();
    PrintWriter out = command.commandLine().getOut();
    out.printf(Locale.ROOT, "%d turns of %s s of each server%n", rounds, seconds);
    out.printf("%-8s %s  server%n", "clients", Turns.HEADER);
    for (int count : clients) {
      List<Turns> turns = addresses.stream().map(address -> new Turns(address, bodies)).toList();
      for (Turns one : turns) {
        one.run(count, Math.min(seconds, 1), false); // Code, too, is interpreted at first.
      }
      for (int round = 0; round < rounds; round++) {
        for (Turns one : round % 2 == 0 ? turns : turns.reversed()) {
          one.run(count, seconds, true);
        }
      }
      for (int i = 0; i < turns.size(); i++) {
        out.printf("%-8d %s  %s%n", count, turns.get(i), addresses.get(i));
        out.flush();
      }
    }
    return 0;
  }

  private List<byte[]> bodies() throws IOException {
    require(Files.isDirectory(images), "--images is %s, which is no folder", images);
    List<byte[]> bodies = new ArrayList<>();
    for (Path image : ImageFiles.in(images).images()) {
      bodies.add(Files.readAllBytes(image));
    }
    require(!bodies.isEmpty(), "--images is %s, which has no images", images);
    return bodies;
  }

  private void require(boolean condition, String problem, Object value) {
    if (!condition) {
      throw new ParameterException(command.commandLine(), problem.formatted(value));
    }
  }
}
