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
   */
  static String send(String model, SparkSession session) {
    if (!model.contains("://") || model.startsWith("file://")) {
      return model;
    }
    session.sparkContext().addFile(model, true);
    return new Path(model).getName();
  }
}
