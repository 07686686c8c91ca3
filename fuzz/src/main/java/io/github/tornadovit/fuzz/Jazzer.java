package io.github.tornadovit.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Jazzer in a JVM of its own, with a small heap: its native library is loaded there and nowhere
 * else. Below its folder each target has {@code corpus}, which is kept, {@code findings}, and
 * {@code jazzer.log} of the last run.
 */
public final class Jazzer {
  /** A reader hangs if it takes longer, on however busy a machine; the contract is stricter. */
  private static final int MAX_SECONDS_PER_INPUT = 120;

  /** In less, a JVM compiles for longer than it gains. */
  private static final int SECONDS_THAT_PAY_COMPILERS = 10;

  private static final int MAX_INPUT_BYTES = 1 << 16;
  private static final int MAX_FINDINGS = 20;

  /** The packages whose branches guide the search: ours, and the libraries that read for us. */
  private static final List<String> GUIDED =
      List.of(
          "io.github.tornadovit.**",
          "tools.jackson.core.**",
          "de.siegmar.fastcsv.**",
          "com.twelvemonkeys.**",
          "com.sun.imageio.**");

  /**
   * Jars that readers need. Jazzer looks at each class of the class path, and Spark brings so many
   * that it would take half a minute.
   */
  private static final Pattern OF_READERS =
      Pattern.compile(
          "(tornado-vit|jazzer|jackson-.*-3|jackson-annotations|fastcsv|imageio|picocli"
              + "|common-(image|io|lang))[-.].*");

  /** What those of the module for Spark need on top. */
  private static final Pattern OF_SPARK =
      Pattern.compile("(spark|scala-library|icu4j|json4s|kryo|log4j|slf4j)[-.].*");

  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units: *(\\d+)");
  private static final Pattern COVERAGE = Pattern.compile(" cov: (\\d+) ");

  private final Path folder;
  private final Corpus corpus;
  private final int seed;

  /**
   * A fuzzer.
   *
   * @param folder of its files
   * @param seed of its random numbers; 0 for another one each time
   */
  public Jazzer(Path folder, Corpus corpus, int seed) {
    this.folder = folder.toAbsolutePath();
    this.corpus = corpus;
    this.seed = seed;
  }

  /**
   * The outcome of a run.
   *
   * @param executions inputs that were read
   * @param coverage branches that were reached
   * @param findings inputs that break the contract, with those of earlier runs that nobody removed
   * @param log what Jazzer printed
   */
  public record Outcome(
      Target target, long executions, long coverage, List<Path> findings, Path log) {}

  /** Whether Jazzer has its native part for this machine. */
  public static boolean isAvailable() {
    return Jazzer.class.getClassLoader().getResource(nativePart()) != null;
  }

  /** The resource that it would be. */
  public static String nativePart() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String kind = system.contains("win") ? "windows" : system.contains("mac") ? "macos" : "linux";
    String architecture = System.getProperty("os.arch").replace("amd64", "x86_64");
    return "com/code_intelligence/jazzer/driver/jazzer_driver_" + kind + "_" + architecture;
  }

  /** Looks for inputs that break the target's contract. */
  public Outcome search(Target target, int seconds) throws IOException, InterruptedException {
    Path place = prepare(target);
    String log =
        run(
            target,
            seconds,
            List.of(
                "--keep_going=" + MAX_FINDINGS,
                "-max_total_time=" + seconds,
                "-max_len=" + MAX_INPUT_BYTES,
                "-seed=" + seed,
                "-print_final_stats=1",
                place.resolve("corpus").toString(),
                place.resolve("seeds").toString()));
    return new Outcome(
        target,
        last(EXECUTIONS, log),
        last(COVERAGE, log),
        findings(place),
        place.resolve("jazzer.log"));
  }

  /** Looks for a smaller input that breaks the contract in the same way, and says what it did. */
  String minimize(Target target, Path finding, int seconds)
      throws IOException, InterruptedException {
    prepare(target);
    return run(
        target,
        seconds,
        List.of(
            "-minimize_crash=1",
            "-max_total_time=" + seconds,
            finding.toAbsolutePath().toString()));
  }

  private Path prepare(Target target) throws IOException {
    Path place = folder.resolve(target.id());
    for (String name : List.of("corpus", "findings", "tmp")) {
      Files.createDirectories(place.resolve(name));
    }
    corpus.copyTo(place.resolve("seeds"), target);
    return place;
  }

  private String run(Target target, int seconds, List<String> options)
      throws IOException, InterruptedException {
    Path place = folder.resolve(target.id());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (seconds < SECONDS_THAT_PAY_COMPILERS) {
      command.add("-XX:TieredStopAtLevel=1");
    }
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:+EnableDynamicAgentLoading",
            "-XX:-OmitStackTraceInFastThrow",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.awt.headless=true",
            "-Djava.io.tmpdir=" + place.resolve("tmp"),
            "-D" + Fuzzer.TARGET + "=" + target.id(),
            "-D" + Fuzzer.SEEDS + "=" + place.resolve("seeds"),
            "-cp",
            classPath(target),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + Fuzzer.class.getName(),
            "--instrumentation_includes=" + String.join(File.pathSeparator, GUIDED),
            // What computes has no say in what is read, and is too slow with every branch counted.
            "--instrumentation_excludes="
                + "io.github.tornadovit.fuzz.**:io.github.tornadovit.kernels.**",
            // It guides towards what regular expressions match, and slows them, which errors use.
            "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexRoadblocks",
            "--reproducer_path=" + place.resolve("tmp"),
            "-artifact_prefix=" + place.resolve("findings") + File.separator,
            "-timeout=" + MAX_SECONDS_PER_INPUT,
            "-report_slow_units=" + MAX_SECONDS_PER_INPUT,
            "-rss_limit_mb=2048"));
    command.addAll(options);
    Path log = place.resolve("jazzer.log");
    Process process =
        new ProcessBuilder(command)
            .directory(place.resolve("tmp").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      process.waitFor();
    } finally {
      process.destroy();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
    return Files.readString(log);
  }

  /** Of ours what the target needs, for a process that runs in another folder. */
  private static String classPath(Target target) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .filter(entry -> isNeeded(entry, target))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean isNeeded(Path entry, Target target) {
    String name = entry.getFileName().toString();
    return Files.isDirectory(entry)
        || OF_READERS.matcher(name).matches()
        || (target.isOfSpark() && OF_SPARK.matcher(name).matches());
  }

  private static List<Path> findings(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place.resolve("findings"))) {
      return files.sorted().toList();
    }
  }

  private static long last(Pattern pattern, String log) {
    Matcher matcher = pattern.matcher(log);
    long found = 0;
    while (matcher.find()) {
      found = Long.parseLong(matcher.group(1));
    }
    return found;
  }
}
