package io.github.tornadovit.benchmarks.load;

import io.github.tornadovit.engine.image.ImageFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Loads servers in turns, by clients that each send the next image when the answer to the last one
 * is there: {@code serve} with batches and without, for instance.
 */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = "Measure servers that run, such as ./tornado-vit serve, taking turns.")
public final class LoadCommand implements Callable<Integer> {
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
  private int seconds = 10;

  private LoadCommand() {}

  /** Prints a table. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new LoadCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<byte[]> bodies = new ArrayList<>();
    for (Path image : ImageFiles.in(images).images()) {
      bodies.add(Files.readAllBytes(image));
    }
    System.out.printf("%d turns of %d s of each server%n", rounds, seconds);
    System.out.printf("%-8s %s  server%n", "clients", Turns.HEADER);
    for (int count : clients) {
      List<Turns> turns = addresses.stream().map(address -> new Turns(address, bodies)).toList();
      for (Turns one : turns) {
        one.run(count, 1, false); // Code, too, is interpreted at first.
      }
      for (int round = 0; round < rounds; round++) {
        for (Turns one : round % 2 == 0 ? turns : turns.reversed()) {
          one.run(count, seconds, true);
        }
      }
      for (int i = 0; i < turns.size(); i++) {
        System.out.printf("%-8d %s  %s%n", count, turns.get(i), addresses.get(i));
      }
    }
    return 0;
  }
}
