package io.github.tornadovit.spark;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The parameters of a transformer of Spark ML: lines {@code name value}, then the columns that
 * there will be. In the package of the transformers, which alone looks for models.
 */
public final class ParamsTarget implements FuzzTarget {
  private static final List<DataType> TYPES =
      List.of(DataTypes.BinaryType, DataTypes.StringType, DataTypes.DoubleType);

  @Override
  public void read(byte[] input) {
    List<String> lines = new String(input, StandardCharsets.UTF_8).lines().toList();
    String first = lines.isEmpty() ? "" : lines.getFirst();
    VisionTransformer<?> transformer =
        first.equals("classify") ? new VisionClassifier() : new VisionEmbedder();
    StructType columns = new StructType();
    for (String line : lines) {
      int space = line.indexOf(' ');
      if (space > 0) {
        String name = line.substring(0, space);
        String value = line.substring(space + 1);
        if (name.startsWith("column")) {
          columns = columns.add(value, TYPES.get(name.length() % TYPES.size()));
        } else if (transformer.hasParam(name)) {
          set(transformer, transformer.getParam(name), value);
        }
      }
    }
    checkColumns(columns, transformer.transformSchema(columns));
    if (transformer.isSet(transformer.model())) {
      place(transformer.getOrDefault(transformer.model()));
    }
  }

  @SuppressWarnings("unchecked") // Spark knows a parameter's type by its class.
  private static void set(VisionTransformer<?> transformer, Param<?> param, String value) {
    switch (param) {
      case IntParam number -> transformer.set(number, Integer.parseInt(value));
      case BooleanParam flag -> transformer.set(flag, Boolean.parseBoolean(value));
      default -> transformer.set((Param<Object>) param, value);
    }
  }

  /** All that were there stay, in order; what is added has names of its own. */
  private static void checkColumns(StructType before, StructType after) {
    List<String> names = Arrays.asList(after.fieldNames());
    int kept = before.fields().length;
    List<String> added = names.subList(kept, names.size());
    if (added.stream().anyMatch(name -> names.indexOf(name) != names.lastIndexOf(name))
        || !Arrays.equals(Arrays.copyOf(after.fields(), kept), before.fields())) {
      throw new AssertionError(before.simpleString() + " became " + after.simpleString());
    }
  }

  /** A model that is not here is what most texts name. */
  private static void place(String model) {
    try {
      ModelLocation.of(model);
    } catch (CheckpointException refused) {
      throw new IllegalArgumentException(refused.getMessage(), refused);
    }
  }
}
