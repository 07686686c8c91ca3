package io.github.tornadovit.spark;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A standalone cluster on the loopback interface: a master and two workers of two cores, each a
 * process of its own, on the jars of Spark that this build compiles against.
 */
final class SparkCluster implements AutoCloseable {
  /** What a cluster has not: the job brings it. */
  private static final Pattern OURS =
      Pattern.compile(
          "(tornado-vit|jackson-(core|databind)-3|imageio-|common-|fastcsv|picocli|junit|assertj"
              + "|opentest4j|apiguardian|byte-buddy|surefire).*");

  private static final Pattern ADDRESS = Pattern.compile("spark://127\\.0\\.0\\.1:\\d+");
  private static final long MINUTES = 10;

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final String master;

  private SparkCluster(Path folder, List<String> prefix) throws IOException, InterruptedException {
    this.folder = folder;
    Path jars = Files.createDirectories(folder.resolve("home/jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      String name = jar.getFileName().toString();
      if (name.endsWith(".jar") && !OURS.matcher(name).matches()) {
        Files.createSymbolicLink(jars.resolve(name), jar);
      }
    }
    Path log =
        start(
            "master",
            "master.Master",
            List.of(),
            List.of("--host", "127.0.0.1", "--port", "0"),
            List.of());
    master = await(log, ADDRESS.asPredicate());
    for (String worker : List.of("worker-0", "worker-1")) {
      start(
          worker,
          "worker.Worker",
          prefix,
          List.of("--host", "127.0.0.1", "--cores", "2", "--memory", "2g"),
          List.of("--work-dir", folder.resolve(worker).toString(), master));
    }
    await(log, line -> line.contains("Registering worker"), 2);
  }

  static SparkCluster start(Path folder) throws IOException, InterruptedException {
    return start(folder, List.of());
  }

  /** A cluster whose workers, and so their executors, are started by a command before theirs. */
  static SparkCluster start(Path folder, List<String> prefix)
      throws IOException, InterruptedException {
    return new SparkCluster(folder, prefix);
  }

  /** Where applications ask for executors. */
  String master() {
    return master;
  }

  private Path start(
      String name, String main, List<String> before, List<String> first, List<String> more)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(java("-Xmx256m", "-XX:TieredStopAtLevel=1"));
    command.add("org.apache.spark.deploy." + main);
    command.addAll(first);
    command.addAll(List.of("--webui-port", "0"));
    command.addAll(more);
    Path log = folder.resolve(name + ".log");
    processes.add(builder(command, log).start());
    return log;
  }

  /** Runs {@code spark-submit} to its end. */
  int submit(Path log, String... arguments) throws IOException, InterruptedException {
    List<String> command = java("-Xmx512m", "-XX:TieredStopAtLevel=1");
    command.add("org.apache.spark.deploy.SparkSubmit");
    command.addAll(List.of("--master", master));
    command.addAll(Arrays.asList(arguments));
    Process process = builder(command, log).start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("the job hangs: " + Files.readString(log));
    }
    return process.exitValue();
  }

  private List<String> java(String... flags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ", -1)));
    command.addAll(List.of(flags));
    command.add("-XX:+UseSerialGC");
    command.addAll(List.of("-cp", folder.resolve("home/jars") + "/*"));
    return command;
  }

  private ProcessBuilder builder(List<String> command, Path log) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", folder.resolve("home").toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    return builder.redirectErrorStream(true).redirectOutput(log.toFile());
  }

  /** The processes that run tasks. */
  List<ProcessHandle> executors() {
    return processes.stream().flatMap(Process::children).filter(ProcessHandle::isAlive).toList();
  }

  /** What each executor of an application has logged. */
  List<String> executorLogs(String application) throws IOException {
    List<String> logs = new ArrayList<>();
    for (String worker : List.of("worker-0", "worker-1")) {
      Path executors = folder.resolve(worker).resolve(application);
      if (Files.exists(executors)) {
        try (Stream<Path> all = Files.list(executors)) {
          for (Path executor : all.toList()) {
            logs.add(Files.readString(executor.resolve("stderr"), StandardCharsets.UTF_8));
          }
        }
      }
    }
    return logs;
  }

  private static String await(Path log, Predicate<String> line)
      throws IOException, InterruptedException {
    Matcher address = ADDRESS.matcher(await(log, line, 1));
    return address.find() ? address.group() : "";
  }

  private static String await(Path log, Predicate<String> line, int times)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    while (System.nanoTime() < end) {
      List<String> lines =
          Files.exists(log)
              ? Files.readAllLines(log, StandardCharsets.UTF_8).stream().filter(line).toList()
              : List.of();
      if (lines.size() >= times) {
        return lines.getLast();
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the cluster does not start: " + Files.readString(log));
  }

  /** Ends all processes, executors first. */
  @Override
  public void close() {
    executors().forEach(ProcessHandle::destroyForcibly);
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }
}
