/**
 * Images on Apache Spark: {@link io.github.tornadovit.spark.VisionClassifier} and {@link
 * io.github.tornadovit.spark.VisionEmbedder} for pipelines of Spark ML, {@link
 * io.github.tornadovit.spark.VisionFunctions} for SQL, and {@code VisionJob}, which needs no code.
 *
 * <p>An executor opens a model once, whatever the number of its tasks, and closes it when it ends.
 */
@NullMarked
package io.github.tornadovit.spark;

import org.jspecify.annotations.NullMarked;
