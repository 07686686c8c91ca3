package io.github.tornadovit.spark;

import io.github.tornadovit.engine.ImageProcessor;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.image.ImageException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** How a value of a column is an image: the bytes of a file, a path, or pixels. */
enum ImageInput implements Serializable {
  /** A whole image file, the {@code content} of Spark's source {@code binaryFile}. */
  CONTENT,
  /** Where the file is, as Hadoop's file systems name it. */
  PATH,
  /** What Spark's source {@code image} makes of a file. */
  STRUCT;

  private static final String EXPECTED =
      "expected binary (the bytes of a file, as of the source binaryFile), string (its path), or the"
          + " struct of the source image";

  /**
   * What the images of a column are.
   *
   * @throws IllegalArgumentException if the column cannot hold any
   */
  static ImageInput of(StructType schema, String column) {
    if (!Arrays.asList(schema.fieldNames()).contains(column)) {
      throw new IllegalArgumentException(
          "there is no column '%s' of images among %s; set inputCol"
              .formatted(column, Arrays.toString(schema.fieldNames())));
    }
    DataType type = schema.apply(column).dataType();
    return switch (type) {
      case DataType binary when binary.equals(DataTypes.BinaryType) -> CONTENT;
      case DataType string when string.equals(DataTypes.StringType) -> PATH;
      case StructType struct when isImage(struct) -> STRUCT;
      default ->
          throw new IllegalArgumentException(
              "column '%s' is %s, %s".formatted(column, type.simpleString(), EXPECTED));
    };
  }

  private static boolean isImage(StructType struct) {
    return Arrays.stream(struct.fields())
        .collect(Collectors.toMap(StructField::name, StructField::dataType))
        .entrySet()
        .containsAll(BgrImage.FIELDS.entrySet());
  }

  /**
   * What the images of values are that come without a schema.
   *
   * @throws IllegalArgumentException if it cannot be one
   */
  static ImageInput of(Object value) {
    return switch (value) {
      case byte[] content -> CONTENT;
      case String path -> PATH;
      case Row row when row.schema() != null && isImage(row.schema()) -> STRUCT;
      default ->
          throw new IllegalArgumentException(
              "an image is a %s, %s".formatted(value.getClass().getName(), EXPECTED));
    };
  }

  /**
   * The pixels of a value.
   *
   * @param name for messages, where the value does not say it
   * @throws ImageException if it is no image that can be read, or null
   */
  Pixels pixels(@Nullable Object value, String name, ImageProcessor processor, ImageStore store) {
    if (value == null) {
      throw new ImageException(name, "is null, expected an image");
    }
    return switch (this) {
      case CONTENT -> processor.pixels((byte[]) value, name);
      case PATH -> store.pixels((String) value, processor);
      case STRUCT -> processor.pixels(BgrImage.of((Row) value, name));
    };
  }
}
