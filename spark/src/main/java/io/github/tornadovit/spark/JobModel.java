package io.github.tornadovit.spark;

import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** A model that lies on a file system of the cluster. */
final class JobModel {
  private JobModel() {}

  /**
   * Has Spark send a folder to the executors, if the model is the URI of one.
   *
   * @return how the executors name the model
   * @throws IllegalArgumentException if there is no such file system or folder
   */
  static String send(String model, SparkSession session) {
    if (!model.contains("://") || model.startsWith("file://")) {
      return model;
    }
    try {
      session.sparkContext().addFile(model, true);
    } catch (Exception failure) { // Scala declares none.
      throw new IllegalArgumentException(
          "%s: cannot be sent to the executors: %s".formatted(model, failure.getMessage()),
          failure);
    }
    return new Path(model).getName();
  }
}
