package io.github.tornadovit.spark;

import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A value of a column of images as Spark's source {@code image} has them: a line {@code
 * height,width,nChannels,mode,origin}, of which what is no number is null, then the data, which is
 * null where there is no line's end.
 */
public final class ImageColumnTarget implements FuzzTarget {
  private static final List<String> NAMES =
      List.of("height", "width", "nChannels", "mode", "origin", "data");

  private static final StructType SCHEMA =
      new StructType(
          NAMES.stream()
              .map(name -> StructField.apply(name, BgrImage.FIELDS.get(name), true, null))
              .toArray(StructField[]::new));

  @Override
  public void read(byte[] input) {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    String[] line = new String(input, 0, end, StandardCharsets.UTF_8).split(",", 5);
    @Nullable Object[] values = new @Nullable Object[NAMES.size()];
    for (int i = 0; i < line.length; i++) {
      values[i] = i < 4 ? number(line[i]) : line[i];
    }
    values[5] = end < input.length ? Arrays.copyOfRange(input, end + 1, input.length) : null;
    Row row = new GenericRowWithSchema(values, SCHEMA);
    if (ImageInput.of(row) != ImageInput.STRUCT) {
      throw new AssertionError("an image's struct is " + ImageInput.of(row));
    }
    check(row, BgrImage.of(row, "input"));
  }

  private static @Nullable Integer number(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException none) {
      return null;
    }
  }

  /** Each pixel's red, green and blue by their places in the row. */
  private static void check(Row row, RgbImage image) {
    int channels = row.getInt(2);
    byte[] data = row.getAs("data");
    byte[] rgb = image.toByteArray();
    if (image.height() != row.getInt(0)
        || image.width() != row.getInt(1)
        || rgb.length / 3 != data.length / channels) {
      throw new AssertionError(row + " became " + image);
    }
    for (int i = 0; i < rgb.length; i++) {
      byte expected = data[i / 3 * channels + (channels == 1 ? 0 : 2 - i % 3)];
      if (rgb[i] != expected) {
        throw new AssertionError("byte %d is %d, expected %d".formatted(i, rgb[i], expected));
      }
    }
  }
}
