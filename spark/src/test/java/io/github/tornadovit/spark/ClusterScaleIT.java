package io.github.tornadovit.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.ImageFiles;
import io.github.tornadovit.engine.pipeline.ImagePipeline;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Speed and memory on a machine with nothing else to do: prints what {@code docs/spark.md} has, and
 * asserts no time.
 */
class ClusterScaleIT {
  private static final Path DEMO = Path.of("../weights/demo/images").toAbsolutePath().normalize();

  @TempDir private Path folder;

  /** Images of the shorter of two jobs: what more images take longer is what the start is not. */
  private static final int FEW = 16;

  private static final int ROUNDS = 5;

  /**
   * Images per second of a model by executors and by the engine itself, in turns: a machine's speed
   * changes by the minute. Both have the same cores to themselves, where {@code taskset} is, so
   * that nothing that one of them does beside its work goes unseen; the driver has the others.
   */
  @Test
  @EnabledIfSystemProperty(
      named = "tornadovit.sparkModel",
      matches = ".+",
      disabledReason = "minutes; -Dtornadovit.sparkModel=DIR names a model to measure")
  void speed() throws Exception {
    String model = System.getProperty("tornadovit.sparkModel");
    int images = Integer.getInteger("tornadovit.sparkImages", 64);
    List<Path> files = ImageFiles.in(DEMO).images().subList(0, images);
    // Executors, cores of each, and cores of a task if not 1.
    String[] kind = System.getProperty("tornadovit.sparkExecutors", "1x1").split("x", -1);
    int executors = Integer.parseInt(kind[0]);
    int cores = Integer.parseInt(kind[1]);
    int coresOfTask = kind.length > 2 ? Integer.parseInt(kind[2]) : 1;
    int tasks = executors * cores / coresOfTask;
    List<String> pin = pin(executors * cores);
    List<Double> ratios = new ArrayList<>();
    try (SparkCluster cluster = SparkCluster.start(folder, pin);
        EngineProcess engine = new EngineProcess(pin, model, executors * cores, files)) {
      SparkSession spark = session(cluster, executors, cores, coresOfTask);
      engine.seconds();
      print("the first job takes %.1f s", seconds(spark, model, files, tasks));
      for (int round = 0; round < ROUNDS; round++) {
        double cpu = engine.cpuSeconds();
        double byItself = engine.seconds();
        double cpuByItself = engine.cpuSeconds() - cpu;
        cpu = cpuSeconds(cluster.executors());
        double few = seconds(spark, model, files.subList(0, FEW), tasks);
        double cpuOfFew = cpuSeconds(cluster.executors()) - cpu;
        double onSpark = seconds(spark, model, files, tasks);
        double cpuOnSpark = cpuSeconds(cluster.executors()) - cpu - cpuOfFew;
        double rate = (images - FEW) / (onSpark - few);
        print(
            "engine %.3f images/s, %.1f ms of processors each; %s %.3f images/s, %.1f ms, a job's"
                + " start %.2f s",
            images / byItself,
            1000 * cpuByItself / images,
            String.join("x", kind),
            rate,
            1000 * (cpuOnSpark - cpuOfFew) / (images - FEW),
            few - FEW / rate);
        ratios.add(rate * byItself / images);
      }
      for (ProcessHandle executor : cluster.executors()) {
        print("an executor holds %d MB", residentMegabytes(executor));
      }
      spark.stop();
    }
    Collections.sort(ratios);
    print("to the engine, median of %s: %.3f x", ratios, ratios.get(ROUNDS / 2));
  }

  /** Keeps what is started by it to so many processors. */
  private static List<String> pin(int processors) {
    List<String> pin = List.of("taskset", "-c", "0-" + (processors - 1));
    try {
      Process tried = new ProcessBuilder(List.of("taskset", "-c", pin.getLast(), "true")).start();
      return tried.onExit().join().exitValue() == 0 ? pin : List.of();
    } catch (java.io.IOException absent) {
      return List.of();
    }
  }

  private static double cpuSeconds(List<ProcessHandle> processes) {
    return processes.stream()
        .mapToDouble(one -> one.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1000.0)
        .sum();
  }

  /** What {@code classify} does with files, in a JVM as an executor's. */
  private static final class EngineProcess implements AutoCloseable {
    private final Process process;

    EngineProcess(List<String> pin, String model, int threads, List<Path> files)
        throws java.io.IOException {
      List<String> command = new ArrayList<>(pin);
      command.addAll(
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx1g",
              "--add-modules=jdk.incubator.vector",
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              Engine.class.getName(),
              model,
              Integer.toString(threads)));
      files.forEach(file -> command.add(file.toString()));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Of a run over all files. */
    double seconds() throws java.io.IOException {
      process.outputWriter().append('\n').flush();
      return Double.parseDouble(process.inputReader().readLine());
    }

    double cpuSeconds() {
      return ClusterScaleIT.cpuSeconds(List.of(process.toHandle()));
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  /** Runs over its files at each line that it reads, and prints the seconds. */
  static final class Engine {
    private Engine() {}

    public static void main(String[] arguments) throws Exception {
      ModelOptions options =
          ModelOptions.defaults().withThreads(Integer.parseInt(arguments[1])).withBatch(8);
      List<Path> files = Stream.of(arguments).skip(2).map(Path::of).toList();
      try (VisionModel engine = VisionModel.load(Path.of(arguments[0]), options);
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
        while (lines.readLine() != null) {
          long start = System.nanoTime();
          ImagePipeline.classifying(engine)
              .run(files, outcome -> assertThat(outcome.error()).isNull());
          System.out.println((System.nanoTime() - start) / 1e9);
        }
      }
    }
  }

  private SparkSession session(SparkCluster cluster, int executors, int cores, int coresOfTask) {
    return SparkSession.builder()
        .master(cluster.master())
        .config("spark.jars", System.getProperty("tornadovit.sparkJar"))
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executor.memory", "1g")
        .config("spark.executor.cores", cores)
        .config("spark.cores.max", (long) executors * cores)
        .config("spark.task.cpus", coresOfTask)
        .config("spark.ui.enabled", "false")
        .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
        .getOrCreate();
  }

  private static double seconds(SparkSession spark, String model, List<Path> files, int tasks) {
    long start = System.nanoTime();
    classify(spark, model, files, tasks);
    return (System.nanoTime() - start) / 1e9;
  }

  private static void classify(SparkSession spark, String model, List<Path> files, int tasks) {
    List<String> paths = new ArrayList<>(files.stream().map(Path::toString).toList());
    Dataset<Row> images =
        spark.createDataset(paths, Encoders.STRING()).toDF("path").repartition(tasks);
    List<Row> rows =
        new VisionClassifier()
            .setModel(model)
            .setInputCol("path")
            .transform(images)
            .collectAsList();
    assertThat(rows).hasSameSizeAs(files).allMatch(row -> row.getAs("error") == null);
  }

  /** The job as it is submitted, over many files, with the memory of its executors. */
  @Test
  @EnabledIfSystemProperty(
      named = "tornadovit.sparkFiles",
      matches = "\\d+",
      disabledReason = "minutes; -Dtornadovit.sparkFiles=20000 is so many files")
  void memory() throws Exception {
    int many = Integer.getInteger("tornadovit.sparkFiles");
    List<Path> demo = ImageFiles.in(DEMO).images();
    Path photos = Files.createDirectories(folder.resolve("photos"));
    List<Path> originals = new ArrayList<>();
    for (Path image : demo) {
      originals.add(Files.copy(image, folder.resolve(image.getFileName())));
    }
    for (int i = 0; i < many; i++) {
      Files.createLink(photos.resolve(i + ".jpg"), originals.get(i % originals.size()));
    }
    Path output = folder.resolve("labels");
    try (SparkCluster cluster = SparkCluster.start(folder)) {
      CompletableFuture<Integer> job =
          CompletableFuture.supplyAsync(() -> submit(cluster, photos, output));
      List<Long> resident = new ArrayList<>();
      while (!job.isDone()) {
        TimeUnit.SECONDS.sleep(2);
        cluster.executors().stream()
            .mapToLong(ClusterScaleIT::residentMegabytes)
            .max()
            .ifPresent(resident::add);
      }
      assertThat(job.join()).withFailMessage(() -> log()).isZero();
      print("resident megabytes, every 2 s: %s", resident);
      Files.readAllLines(folder.resolve("job.log")).stream()
          .filter(line -> line.startsWith("tornado-vit:"))
          .forEach(line -> print("%s", line));
      int half = resident.size() / 2;
      long early = Collections.max(resident.subList(0, half));
      long late = Collections.max(resident.subList(half, resident.size()));
      print("largest of the first half %d MB, of the second %d MB", early, late);
      assertThat(late).isLessThan(early + early / 10);
    }
  }

  private int submit(SparkCluster cluster, Path photos, Path output) {
    try {
      return cluster.submit(
          folder.resolve("job.log"),
          "--conf",
          "spark.executor.cores=1",
          "--conf",
          "spark.ui.enabled=false",
          "--conf",
          "spark.cores.max=2",
          "--executor-memory",
          "512m",
          "--class",
          VisionJob.class.getName(),
          System.getProperty("tornadovit.sparkJar"),
          "classify",
          "--input",
          photos.toString(),
          "--output",
          output.toString());
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("job.log"));
    } catch (java.io.IOException unreadable) {
      return unreadable.toString();
    }
  }

  /** What the process holds; 0 where the system does not say, or it has ended. */
  private static long residentMegabytes(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (java.io.IOException ended) {
      return 0;
    }
  }

  private static void print(String format, Object... values) {
    System.out.println("spark: " + String.format(Locale.ROOT, format, values));
  }
}
