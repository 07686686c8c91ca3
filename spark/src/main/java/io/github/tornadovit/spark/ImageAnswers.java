package io.github.tornadovit.spark;

import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.VisionModel;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.StructField;

/** What a forward pass says of images, as values of columns. */
interface ImageAnswers extends Serializable {
  /** The columns, in order. */
  List<StructField> columns();

  /**
   * Images of a forward pass at most.
   *
   * @throws UnsupportedOperationException if the model cannot answer
   */
  int maxBatch(VisionModel model);

  /** One array of {@link #columns} per image, in order. */
  List<Object[]> of(VisionModel model, Pixels pixels);
}
