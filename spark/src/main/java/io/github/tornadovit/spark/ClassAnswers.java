package io.github.tornadovit.spark;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.Prediction;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import scala.collection.mutable.ArraySeq;

/**
 * The best classes of images.
 *
 * @param label column of the best class; empty to leave it out, as the others
 * @param score column of its score
 * @param scores column of the {@code topK} best
 * @param topK at least 1
 */
record ClassAnswers(String label, String score, String scores, int topK) implements ImageAnswers {
  private static final long serialVersionUID = 1L;

  static final DataType SCORES =
      DataTypes.createArrayType(
          DataTypes.createStructType(
              List.of(
                  DataTypes.createStructField("id", DataTypes.IntegerType, false),
                  DataTypes.createStructField("label", DataTypes.StringType, false),
                  DataTypes.createStructField("score", DataTypes.FloatType, false))),
          false);

  @Override
  public List<StructField> columns() {
    List<StructField> columns = new ArrayList<>();
    add(columns, label, DataTypes.StringType);
    add(columns, score, DataTypes.FloatType);
    add(columns, scores, SCORES);
    return columns;
  }

  private static void add(List<StructField> columns, String name, DataType type) {
    if (!name.isEmpty()) {
      columns.add(DataTypes.createStructField(name, type, true));
    }
  }

  @Override
  public int maxBatch(VisionModel model) {
    model.session().require(Stage.LOGITS);
    return model.session().maxBatch();
  }

  @Override
  public List<Object[]> of(VisionModel model, Pixels pixels) {
    return model.classify(pixels).stream().map(this::values).toList();
  }

  private Object[] values(Classification classes) {
    List<Object> values = new ArrayList<>();
    if (!label.isEmpty()) {
      values.add(classes.top().label());
    }
    if (!score.isEmpty()) {
      values.add(classes.top().score());
    }
    if (!scores.isEmpty()) {
      Row[] best = classes.top(topK).stream().map(ClassAnswers::row).toArray(Row[]::new);
      values.add(ArraySeq.make(best));
    }
    return values.toArray();
  }

  private static Row row(Prediction one) {
    return RowFactory.create(one.id(), one.label(), one.score());
  }
}
