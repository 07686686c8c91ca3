package io.github.tornadovit.spark;

import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.VisionModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import scala.collection.mutable.ArraySeq;

/**
 * A feature of images.
 *
 * @param embedding column of it as an array of floats; empty to leave it out
 * @param vector column of it as a vector of Spark ML; empty to leave it out
 * @param pooling label of a {@link Pooling}; empty for the model's {@linkplain Pooling#of default}
 * @param layer hidden state that is pooled, -1 for the last
 * @param normalize whether each vector is divided by its Euclidean length
 */
record FeatureAnswers(String embedding, String vector, String pooling, int layer, boolean normalize)
    implements ImageAnswers {
  private static final long serialVersionUID = 1L;

  @Override
  public List<StructField> columns() {
    List<StructField> columns = new ArrayList<>();
    if (!embedding.isEmpty()) {
      columns.add(
          DataTypes.createStructField(
              embedding, DataTypes.createArrayType(DataTypes.FloatType, false), true));
    }
    if (!vector.isEmpty()) {
      columns.add(DataTypes.createStructField(vector, SQLDataTypes.VectorType(), true));
    }
    return columns;
  }

  /**
   * The feature of a model.
   *
   * @throws IllegalArgumentException if pooling and layer cannot be meant together
   */
  Feature feature(VisionModel model) {
    Pooling named =
        pooling.isEmpty()
            ? Pooling.of(model.config())
            : Pooling.valueOf(pooling.toUpperCase(Locale.ROOT));
    return new Feature(named, layer < 0 ? null : layer, normalize);
  }

  @Override
  public int maxBatch(VisionModel model) {
    return model.session().maxBatch(feature(model).stage());
  }

  @Override
  public List<Object[]> of(VisionModel model, Pixels pixels) {
    return model.embed(pixels, feature(model)).stream().map(this::values).toList();
  }

  private Object[] values(float[] feature) {
    List<Object> values = new ArrayList<>();
    if (!embedding.isEmpty()) {
      values.add(ArraySeq.make(feature));
    }
    if (!vector.isEmpty()) {
      values.add(vector(feature));
    }
    return values.toArray();
  }

  private static Vector vector(float[] feature) {
    double[] values = new double[feature.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = feature[i];
    }
    return Vectors.dense(values);
  }
}
