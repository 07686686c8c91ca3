package io.github.tornadovit.spark;

import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What a transformer sends to the executors: rows of a partition in, the same rows with answers
 * out.
 *
 * @param input index of the column of images
 * @param name index of a column that names them in messages, -1 for none
 * @param keepsError whether there is a column of errors, the last
 * @param hadoop file systems for images that are paths
 */
record PartitionRun(
    ModelSpec spec,
    ImageAnswers answers,
    ImageInput kind,
    int input,
    int name,
    InvalidImages invalid,
    boolean keepsError,
    VisionMetrics metrics,
    Broadcast<SerializableConfiguration> hadoop)
    implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    // An empty partition opens no model.
    return rows.hasNext() ? new AnsweredRows(this, ExecutorModels.of(spec), rows) : rows;
  }
}
