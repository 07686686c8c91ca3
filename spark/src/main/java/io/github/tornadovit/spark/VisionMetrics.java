package io.github.tornadovit.spark;

import java.io.Serializable;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * What an application has done to images: accumulators, which Spark's UI shows on the page of each
 * stage by the names {@code vision images}, {@code vision errors}, {@code vision decode seconds},
 * {@code vision wait seconds} and {@code vision forward seconds}.
 *
 * <p>As of all accumulators in transformations: what Spark computes twice, after a failure or
 * because nobody cached it, counts twice.
 */
public final class VisionMetrics implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Map<SparkContext, VisionMetrics> OF_CONTEXTS = new WeakHashMap<>();

  private final LongAccumulator images;
  private final LongAccumulator errors;
  private final DoubleAccumulator decodeSeconds;
  private final DoubleAccumulator waitSeconds;
  private final DoubleAccumulator forwardSeconds;

  private VisionMetrics(SparkContext context) {
    images = context.longAccumulator("vision images");
    errors = context.longAccumulator("vision errors");
    decodeSeconds = context.doubleAccumulator("vision decode seconds");
    waitSeconds = context.doubleAccumulator("vision wait seconds");
    forwardSeconds = context.doubleAccumulator("vision forward seconds");
  }

  /** Those of a session's application, for its driver to read. */
  public static VisionMetrics of(SparkSession session) {
    synchronized (OF_CONTEXTS) {
      return OF_CONTEXTS.computeIfAbsent(session.sparkContext(), VisionMetrics::new);
    }
  }

  /** Images that were answered or refused. */
  public long images() {
    return images.value();
  }

  /** Images of those that could not be read. */
  public long errors() {
    return errors.value();
  }

  /** Seconds of tasks that went into reading, decoding and preprocessing. */
  public double decodeSeconds() {
    return decodeSeconds.value();
  }

  /** Seconds of tasks that waited for their turn, while the model ran the images of others. */
  public double waitSeconds() {
    return waitSeconds.value();
  }

  /** Seconds of forward passes, each on all cores of an executor. */
  public double forwardSeconds() {
    return forwardSeconds.value();
  }

  void addImage(boolean readable, long decodeNanos) {
    images.add(1L);
    errors.add(readable ? 0L : 1L);
    decodeSeconds.add(decodeNanos / 1e9);
  }

  void addPass(long nanos, long waitNanos) {
    forwardSeconds.add(nanos / 1e9);
    waitSeconds.add(waitNanos / 1e9);
  }
}
