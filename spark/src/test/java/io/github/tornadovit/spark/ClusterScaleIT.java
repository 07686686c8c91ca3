package io.github.tornadovit.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.ImageFiles;
import io.github.tornadovit.engine.pipeline.ImagePipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

  private static final int ROUNDS = 3;

  /**
   * Images per second of a model by executors and by the engine itself on as many cores, in turns:
   * a machine's speed changes by the minute.
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
    String[] kind = System.getProperty("tornadovit.sparkExecutors", "2x1").split("x", -1);
    int executors = Integer.parseInt(kind[0]);
    int cores = Integer.parseInt(kind[1]);
    int coresOfTask = kind.length > 2 ? Integer.parseInt(kind[2]) : 1;
    int tasks = executors * cores / coresOfTask;
    ModelOptions options = ModelOptions.defaults().withThreads(executors * cores);
    List<Double> ratios = new ArrayList<>();
    try (SparkCluster cluster = SparkCluster.start(folder);
        VisionModel engine = VisionModel.load(Path.of(model), options)) {
      SparkSession spark = session(cluster, executors, cores, coresOfTask);
      ofTheEngine(engine, files.subList(0, FEW));
      print("the first job takes %.1f s", seconds(spark, model, files.subList(0, FEW), tasks));
      for (int round = 0; round < ROUNDS; round++) {
        double byItself = files.size() / ofTheEngine(engine, files);
        double few = seconds(spark, model, files.subList(0, FEW), tasks);
        double all = seconds(spark, model, files, tasks);
        double onSpark = (files.size() - FEW) / (all - few);
        print(
            "engine %.3f images/s; %s %.3f images/s, a job's start %.1f s",
            byItself, String.join("x", kind), onSpark, few - FEW / onSpark);
        ratios.add(onSpark / byItself);
      }
      for (ProcessHandle executor : cluster.executors()) {
        print("an executor holds %d MB", residentMegabytes(executor));
      }
      spark.stop();
    }
    Collections.sort(ratios);
    print("to the engine, median of %d: %.3f x", ROUNDS, ratios.get(ROUNDS / 2));
  }

  private static double ofTheEngine(VisionModel engine, List<Path> files) throws Exception {
    long start = System.nanoTime();
    ImagePipeline.classifying(engine).run(files, outcome -> assertThat(outcome.error()).isNull());
    return (System.nanoTime() - start) / 1e9;
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
