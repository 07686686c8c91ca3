package io.github.tornadovit.fuzz;

import io.github.tornadovit.fuzz.Jazzer.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command {@code fuzz/run}, which runs it in the folder of this module. */
public final class Main {
  private static final Path MODULE = Path.of("");

  /** Kept between runs, and no part of what is checked in. */
  private static final Path WORK = MODULE.resolve("work");

  private static final int MINIMIZE_SECONDS = 30;

  private Main() {}

  /**
   * {@code TARGET|all SECONDS}, {@code replay TARGET FILE} or {@code minimize TARGET FILE}; exit
   * code 0 if the contract holds, 1 if not, 2 on wrong usage.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try {
      System.exit(run(arguments, System.out) ? 0 : 1);
    } catch (IllegalArgumentException usage) {
      System.err.println("fuzz: " + usage.getMessage());
      System.exit(2);
    }
  }

  private static boolean run(String[] arguments, PrintStream out)
      throws IOException, InterruptedException {
    if (arguments.length == 3 && arguments[0].equals("replay")) {
      return replay(Target.of(arguments[1]), Path.of(arguments[2]), out);
    }
    Jazzer jazzer = new Jazzer(WORK, new Corpus(MODULE), 0);
    if (arguments.length == 3 && arguments[0].equals("minimize")) {
      out.print(jazzer.minimize(Target.of(arguments[1]), Path.of(arguments[2]), MINIMIZE_SECONDS));
      return true;
    }
    if (arguments.length != 2 || !arguments[1].matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException("expected TARGET|all SECONDS, or replay TARGET FILE");
    }
    List<Target> targets =
        arguments[0].equals("all") ? List.of(Target.values()) : List.of(Target.of(arguments[0]));
    return search(jazzer, targets, Integer.parseInt(arguments[1]), out);
  }

  private static boolean search(Jazzer jazzer, List<Target> targets, int seconds, PrintStream out)
      throws IOException, InterruptedException {
    out.println("| target | executions | per second | branches | findings |");
    out.println("|---|---:|---:|---:|---:|");
    boolean clean = true;
    for (Target target : targets) {
      Outcome outcome = jazzer.search(target, seconds);
      out.printf(
          "| %s | %,d | %,d | %,d | %d |%n",
          target.id(),
          outcome.executions(),
          outcome.executions() / seconds,
          outcome.coverage(),
          outcome.findings().size());
      out.flush();
      for (Path finding : outcome.findings()) {
        System.err.println("fuzz: run replay " + target.id() + " " + finding);
      }
      if (outcome.executions() == 0) {
        System.err.println("fuzz: " + target.id() + " ran nothing, see " + outcome.log());
      }
      clean &= outcome.findings().isEmpty() && outcome.executions() > 0;
    }
    return clean;
  }

  private static boolean replay(Target target, Path file, PrintStream out) throws IOException {
    try {
      target.open().check(Files.readAllBytes(file));
      out.println("holds");
      return true;
    } catch (Exception | Error broken) {
      broken.printStackTrace(out);
      return false;
    }
  }
}
