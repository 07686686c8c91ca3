package io.github.tornadovit.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The images of a job, in rounds whose answers are committed one after the other. The driver knows
 * paths; the executors read the files.
 */
final class JobRounds {
  private static final long ROUND_PER_CORE = 2000;
  private static final int TASKS_PER_CORE = 4;

  private final SparkSession session;
  private final VisionTransformer<?> transformer;
  private final JobOutput output;
  private final long round;

  /**
   * Rounds that have not begun.
   *
   * @param round images of one; 0 for a number by the cores of the cluster
   */
  JobRounds(SparkSession session, VisionTransformer<?> transformer, JobOutput output, long round) {
    this.session = session;
    this.transformer = transformer;
    this.output = output;
    this.round = round;
  }

  /** Answers all images that the output lacks. */
  JobSummary run(List<String> images) {
    long start = System.nanoTime();
    VisionMetrics metrics = VisionMetrics.of(session);
    long errorsBefore = metrics.errors();
    double decodeBefore = metrics.decodeSeconds();
    double forwardBefore = metrics.forwardSeconds();
    Dataset<Row> lacking = output.lacks(paths(images)).persist();
    try {
      long now = lacking.count();
      runRounds(lacking, now);
      return new JobSummary(
          images.size(),
          now,
          metrics.errors() - errorsBefore,
          (System.nanoTime() - start) / 1e9,
          metrics.decodeSeconds() - decodeBefore,
          metrics.forwardSeconds() - forwardBefore);
    } finally {
      lacking.unpersist();
    }
  }

  private void runRounds(Dataset<Row> lacking, long images) {
    int cores = session.sparkContext().defaultParallelism();
    long most = round == 0 ? ROUND_PER_CORE * cores : round;
    long rounds = Math.ceilDiv(images, most);
    int tasks = (int) Math.min(Math.min(images, most), (long) TASKS_PER_CORE * cores);
    for (long i = 0; i < rounds; i++) {
      Dataset<Row> some =
          lacking.filter(pmod(xxhash64(col(JobOutput.PATH)), lit(rounds)).equalTo(lit(i)));
      output.add(transformer.transform(some.repartition(tasks)));
    }
  }

  private Dataset<Row> paths(List<String> images) {
    int parts = Math.max(1, Math.min(images.size(), session.sparkContext().defaultParallelism()));
    JavaRDD<String> all =
        JavaSparkContext.fromSparkContext(session.sparkContext()).parallelize(images, parts);
    return session.createDataset(all.rdd(), Encoders.STRING()).toDF(JobOutput.PATH);
  }
}
