package io.github.tornadovit.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.Prediction;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.ImageFiles;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.Normalizer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** The jar to submit, on a cluster of two workers. */
class ClusterIT {
  private static final Path DEMO = Path.of("../weights/demo/images").toAbsolutePath().normalize();

  private static final Path BEIT = DEMO.resolveSibling("beit");

  @TempDir private static Path folder;

  private static SparkCluster cluster;
  private static SparkSession spark;
  private static VisionModel engine;
  private static final Set<String> ACCUMULATORS = ConcurrentHashMap.newKeySet();
  private static final Set<String> REMOVED = ConcurrentHashMap.newKeySet();

  @BeforeAll
  static void start() throws Exception {
    cluster = SparkCluster.start(folder);
    Path archive = archive(folder.resolve("vit.zip"));
    spark =
        SparkSession.builder()
            .master(cluster.master())
            .config("spark.jars", System.getProperty("tornadovit.sparkJar"))
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.executor.memory", "512m")
            .config("spark.executor.cores", "1")
            .config("spark.cores.max", "2")
            .config("spark.executor.extraJavaOptions", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")
            .config("spark.ui.enabled", "false")
            // A model that comes with the job, as spark-submit --archives, and one on a file system
            // that is neither the machine's nor Spark's own.
            .config("spark.archives", archive + "#vit")
            .config("spark.hadoop.fs.viewfs.mounttable.models.link./beit", BEIT.toUri().toString())
            // How long the blocks of an executor that is gone are asked for.
            .config("spark.shuffle.io.maxRetries", "1")
            .config("spark.shuffle.io.retryWait", "100ms")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
            .getOrCreate();
    spark.sparkContext().addSparkListener(new Watch());
    engine = VisionModel.load(DemoCheckpoint.VIT, ModelOptions.defaults().withThreads(2));
  }

  private static final class Watch extends SparkListener {
    @Override
    public void onStageCompleted(SparkListenerStageCompleted stage) {
      for (Object one :
          CollectionConverters.asJava(stage.stageInfo().accumulables().values().toSeq())) {
        ACCUMULATORS.add(((AccumulableInfo) one).name().get());
      }
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
      REMOVED.add(executor.executorId());
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (spark != null) {
      spark.stop();
    }
    if (engine != null) {
      engine.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Path archive(Path zip) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
        Stream<Path> files = Files.list(DEMO.resolveSibling("vit"))) {
      for (Path file : files.toList()) {
        out.putNextEntry(new ZipEntry("folder/" + file.getFileName()));
        Files.copy(file, out);
      }
    }
    return zip;
  }

  private static Dataset<Row> files(String path) {
    return spark.read().format("binaryFile").option("recursiveFileLookup", true).load(path);
  }

  private static VisionClassifier classifier() {
    return new VisionClassifier().setModel("demo:vit").setTopK(2);
  }

  private static void assertAnswersOfTheEngine(List<Row> rows) {
    assertAnswersOfTheEngine(rows, engine);
  }

  private static void assertAnswersOfTheEngine(List<Row> rows, VisionModel engine) {
    assertThat(rows).isNotEmpty();
    for (Row row : rows) {
      Path file = Path.of(row.<String>getAs("path").replaceFirst("^file:", ""));
      Classification expected = engine.classify(file);
      assertThat(row.<String>getAs("error")).isNull();
      assertThat(row.<String>getAs("label")).isEqualTo(expected.top().label());
      assertThat(row.<Float>getAs("score")).isEqualTo(expected.top().score());
      assertThat(row.<Row>getList(row.fieldIndex("scores")))
          .map(one -> new Prediction(one.getInt(0), one.getString(1), one.getFloat(2)))
          .isEqualTo(expected.top(2));
    }
  }

  @Test
  void answersAreTheEnginesBitForBitAndOneModelServesAllTasks() throws Exception {
    Dataset<Row> images = files(DEMO.toString()).repartition(8);
    Dataset<Row> labels = classifier().transform(images);
    assertThat(labels.columns())
        .containsExactly(
            "path", "modificationTime", "length", "content", "label", "score", "scores", "error");
    List<Row> rows = labels.drop("content").collectAsList();
    assertThat(rows).hasSize(100);
    assertAnswersOfTheEngine(rows);
    assertThat(cluster.executorLogs(spark.sparkContext().applicationId()))
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(log -> assertThat(log.split("'vit' opened by", -1)).hasSizeLessThan(3))
        .anySatisfy(log -> assertThat(log).contains("'vit' opened by executor"));
    assertThat(ACCUMULATORS)
        .contains(
            "vision images", "vision errors", "vision decode seconds", "vision forward seconds");
    VisionMetrics metrics = VisionMetrics.of(spark);
    assertThat(metrics.images()).isGreaterThanOrEqualTo(100);
    assertThat(metrics.forwardSeconds()).isPositive();
  }

  @Test
  void aModelComesWithTheJob() {
    Dataset<Row> images = files(DEMO.resolve("with_mask/900000*.jpg").toString());
    assertAnswersOfTheEngine(
        classifier().setModel("vit").transform(images).drop("content").collectAsList());
  }

  /** Sessions that have not run anything, as that of an application of its own. */
  @Test
  void aModelIsSentToExecutorsThatRun() {
    String some = DEMO.resolve("with_mask/900000*.jpg").toString();
    String output = folder.resolve("sent").toString();
    try (VisionModel beit = VisionModel.load(BEIT)) {
      SparkSession.setActiveSession(spark.newSession());
      assertThat(
              VisionJob.run(
                  "classify",
                  "--model",
                  "viewfs://models/beit",
                  "--input",
                  some,
                  "--output",
                  output))
          .isZero();
      assertAnswersOfTheEngine(spark.read().parquet(output).collectAsList(), beit);
    } finally {
      SparkSession.setActiveSession(spark);
    }
    SparkSession open = spark.newSession();
    open.conf().set("spark.sql.artifact.isolation.enabled", false);
    open.sparkContext().addArchive(folder.resolve("vit.zip") + "#later");
    Dataset<Row> images = open.read().format("binaryFile").load(some);
    assertAnswersOfTheEngine(
        classifier().setModel("later").transform(images).drop("content").collectAsList());
  }

  @Test
  void imagesOfSparksOwnSourceAndPathsAreTheSameImages() {
    String some = DEMO.resolve("with_mask/900000*.jpg").toString();
    Dataset<Row> structs =
        spark.read().format("image").load(some).selectExpr("image.origin AS path", "image");
    List<Row> ofStructs =
        classifier().setInputCol("image").transform(structs).drop("image").collectAsList();
    assertAnswersOfTheEngine(ofStructs);
    List<Row> ofPaths =
        classifier().setInputCol("path").transform(files(some).select("path")).collectAsList();
    assertThat(ofPaths).hasSameSizeAs(ofStructs);
    assertAnswersOfTheEngine(ofPaths);
  }

  @Test
  void embeddingsSaveLoadAndGoOnInAPipeline() throws Exception {
    Dataset<Row> images = files(DEMO.resolve("without_mask").toString()).limit(10);
    VisionEmbedder embedder =
        new VisionEmbedder()
            .setModel("demo:vit")
            .setPooling("mean")
            .setVectorCol("features")
            .setHandleInvalid("skip");
    PipelineStage[] stages = {
      embedder, new Normalizer().setInputCol("features").setOutputCol("unit")
    };
    String saved = folder.resolve("pipeline").toString();
    new Pipeline().setStages(stages).fit(images).save(saved);
    List<Row> rows = PipelineModel.load(saved).transform(images).drop("content").collectAsList();
    assertThat(rows).hasSize(10);
    for (Row row : rows) {
      Path file = Path.of(row.<String>getAs("path").replaceFirst("^file:", ""));
      float[] expected = engine.embed(file, Pooling.MEAN);
      List<Float> embedding = row.getList(row.fieldIndex("embedding"));
      Vector features = row.getAs("features");
      assertThat(embedding).hasSize(expected.length);
      for (int i = 0; i < expected.length; i++) {
        assertThat(embedding.get(i)).isEqualTo(expected[i]);
        assertThat(features.apply(i)).isEqualTo(expected[i]);
      }
    }
    assertThat(VisionEmbedder.load(saved + "/stages/0_" + embedder.uid()).explainParams())
        .isEqualTo(embedder.explainParams());
  }

  @Test
  void aPoisonedPictureCostsItsRow() throws Exception {
    Path images = Files.createDirectories(folder.resolve("some images %20+ü"));
    byte[] good = Files.readAllBytes(DEMO.resolve("with_mask/9000003.jpg"));
    Files.write(images.resolve("good one.jpg"), good);
    Files.write(images.resolve("cut.jpg"), Arrays.copyOf(good, 700));
    Files.write(images.resolve("empty.jpg"), new byte[0]);
    Files.writeString(images.resolve("text.jpg"), "no image");
    // Spark's source leaves out empty files by itself.
    Dataset<Row> bytes = files(images.toString());
    List<@Nullable String> names = new ArrayList<>();
    for (String name : List.of("good one.jpg", "cut.jpg", "empty.jpg", "text.jpg", "missing.jpg")) {
      names.add(images.resolve(name).toString());
    }
    names.add("nowhere://x/y.jpg");
    names.add(null);
    Dataset<Row> paths = spark.createDataset(names, Encoders.STRING()).toDF("path");
    for (Dataset<Row> labels :
        List.of(classifier().transform(bytes), classifier().setInputCol("path").transform(paths))) {
      Map<String, String> errors = new HashMap<>();
      for (Row row : labels.select("path", "label", "error").collectAsList()) {
        assertThat(row.isNullAt(1)).isNotEqualTo(row.isNullAt(2));
        String path = String.valueOf(row.getString(0));
        errors.put(path.substring(path.lastIndexOf('/') + 1), String.valueOf(row.getString(2)));
      }
      assertThat(errors).containsEntry("good one.jpg", "null");
      assertThat(errors.get("text.jpg")).contains("text.jpg");
      assertThat(errors.get("cut.jpg")).contains("cut.jpg");
      if (errors.size() > 3) {
        assertThat(errors).hasSize(7);
        assertThat(errors.get("empty.jpg")).contains("empty.jpg");
        assertThat(errors.get("missing.jpg")).contains("missing.jpg").contains("does not exist");
        assertThat(errors.get("null")).contains("null");
        assertThat(errors.get("y.jpg")).contains("nowhere");
      }
    }
    assertThat(classifier().setHandleInvalid("skip").transform(bytes).count()).isEqualTo(1);
    // One bad picture: of two, which Spark reads side by side, either may fail the job.
    Dataset<Row> text = bytes.where("path not like '%cut.jpg'");
    assertThatThrownBy(() -> classifier().setHandleInvalid("error").transform(text).collectAsList())
        .hasStackTraceContaining("expected an image file");
  }

  @Test
  void aKilledExecutorsWorkIsRedone() throws Exception {
    Dataset<Row> many =
        files(DEMO.toString()).crossJoin(spark.range(2).toDF("copy")).repartition(40);
    Dataset<Row> labels = classifier().transform(many).drop("content");
    int removedBefore = REMOVED.size();
    CompletableFuture<List<Row>> running = CompletableFuture.supplyAsync(labels::collectAsList);
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (finishedOfTheLastStage() < 3 && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertThat(running).isNotDone();
    cluster.executors().getFirst().destroyForcibly();
    List<Row> rows = running.get(2, TimeUnit.MINUTES);
    assertThat(REMOVED).hasSizeGreaterThan(removedBefore);
    assertThat(rows).hasSize(200);
    Map<String, List<Row>> byPath =
        rows.stream().collect(Collectors.groupingBy(row -> row.<String>getAs("path")));
    assertThat(byPath).hasSize(100).allSatisfy((path, copies) -> assertThat(copies).hasSize(2));
    assertAnswersOfTheEngine(rows.subList(0, 40));
  }

  private static int finishedOfTheLastStage() {
    int finished = 0;
    for (int stage : spark.sparkContext().statusTracker().getActiveStageIds()) {
      var info = spark.sparkContext().statusTracker().getStageInfo(stage);
      if (info.isDefined() && info.get().numTasks() == 40) {
        finished = info.get().numCompletedTasks();
      }
    }
    return finished;
  }

  @Test
  void functionsOfSql() {
    files(DEMO.resolve("with_mask/900000*.jpg").toString()).createOrReplaceTempView("photos");
    VisionFunctions.register(spark, "classify", classifier());
    VisionFunctions.register(spark, "embed", new VisionEmbedder().setModel("demo:vit"));
    List<Row> rows =
        spark
            .sql(
                "SELECT path, c.label, c.score, c.scores, c.error FROM"
                    + " (SELECT path, classify(content) AS c FROM photos)")
            .collectAsList();
    assertAnswersOfTheEngine(rows);
    long before = VisionMetrics.of(spark).images();
    assertThat(
            spark
                .sql(
                    "SELECT path, c.label, c.score FROM (SELECT path, classify(content) AS c FROM photos)"
                        + " WHERE c.score > 0.5")
                .collectAsList())
        .hasSameSizeAs(rows);
    assertThat(VisionMetrics.of(spark).images() - before)
        .as("a condition does not have images run again")
        .isEqualTo(rows.size());
    Row one =
        spark
            .sql(
                "SELECT embed(path).embedding, embed(CAST('x' AS BINARY)).error, classify(NULL).error"
                    + " FROM photos LIMIT 1")
            .first();
    assertThat(one.getList(0)).hasSize(engine.config().hiddenSize());
    assertThat(one.getString(1)).isNotBlank();
    assertThat(one.getString(2)).contains("null");
  }

  @Test
  void aJobWithoutCodeGoesOnWhereItsOutputEnds() throws Exception {
    Path images = Files.createDirectories(folder.resolve("photos/deep"));
    List<Path> demo = ImageFiles.in(DEMO).images();
    for (Path image : demo.subList(0, 20)) {
      Files.copy(image, images.resolve(image.getFileName()));
    }
    Files.writeString(images.resolve("broken.PNG"), "no image");
    Files.write(images.resolve("empty.jpg"), new byte[0]);
    Files.writeString(images.resolve("notes.txt"), "no image, and none by name");
    String output = folder.resolve("labels").toString();
    List<String> command =
        List.of("classify", "--input", images.toString(), "--output", output, "--round", "11");
    assertThat(VisionJob.run(command.toArray(String[]::new))).isZero();
    assertThat(spark.read().parquet(output).count()).isEqualTo(22);
    Files.copy(demo.get(20), images.resolve("new.jpg"));
    long before = VisionMetrics.of(spark).images();
    assertThat(VisionJob.run(command.toArray(String[]::new))).isZero();
    assertThat(VisionMetrics.of(spark).images() - before).isEqualTo(1);
    Dataset<Row> labels = spark.read().parquet(output);
    assertThat(labels.columns()).containsExactly("path", "label", "score", "scores", "error");
    assertThat(labels.count()).isEqualTo(23);
    assertThat(labels.select("path").distinct().count()).isEqualTo(23);
    assertThat(labels.filter(col("error").isNotNull()).select("path").collectAsList())
        .extracting(row -> row.getString(0).replaceFirst(".*/", ""))
        .containsExactlyInAnyOrder("broken.PNG", "empty.jpg");
    assertAnswersOfTheEngine(labels.filter(col("error").isNull()).collectAsList());
    List<String> other = new ArrayList<>(command);
    other.addAll(List.of("--precision", "int8"));
    assertThat(VisionJob.run(other.toArray(String[]::new))).isEqualTo(1);
    assertThat(VisionJob.run("classify", "--output", output)).isEqualTo(2);
  }

  @Test
  void aJobThatFailsSaysWhyInOneLine() {
    String output = folder.resolve("failed").toString();
    for (List<String> wrong :
        List.of(
            List.of(
                "viewfs://models/none", DEMO.toString(), "viewfs://models/none: cannot be sent"),
            List.of("no-such-model", DEMO.toString(), "no-such-model: is on executor"),
            List.of("demo:vit", "nowhere://a/b", "nowhere://a/b: No FileSystem"))) {
      StringWriter err = new StringWriter();
      int exitCode =
          VisionJob.run(
              new PrintWriter(err),
              "classify",
              "--model",
              wrong.getFirst(),
              "--input",
              wrong.get(1),
              "--output",
              output + wrong.getFirst().length());
      assertThat(exitCode).isEqualTo(1);
      assertThat(err.toString()).startsWith("tornado-vit: " + wrong.getLast()).hasLineCount(1);
    }
  }

  @Test
  void aModelThatIsNotThereIsAnErrorThatSaysWhereItWasLookedFor() {
    Dataset<Row> images = files(DEMO.resolve("with_mask/9000003.jpg").toString());
    assertThatThrownBy(() -> classifier().setModel("no-such-model").transform(images).count())
        .rootCause()
        .hasMessageContaining("no-such-model")
        .hasMessageContaining("executor")
        .hasMessageContaining("--archives");
  }
}
