package io.github.tornadovit.spark;

import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.image.RgbImage;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/**
 * The struct of Spark's source {@code image}: 8-bit rows as OpenCV has them, one channel (grey),
 * three (blue, green, red) or four (and alpha, which is dropped, as when a file is decoded).
 */
final class BgrImage {
  /** The fields that are read; {@code mode} says what {@code nChannels} does. */
  static final Map<String, DataType> FIELDS =
      Map.of(
          "origin", DataTypes.StringType,
          "height", DataTypes.IntegerType,
          "width", DataTypes.IntegerType,
          "nChannels", DataTypes.IntegerType,
          "mode", DataTypes.IntegerType,
          "data", DataTypes.BinaryType);

  /** OpenCV's depth, the lowest three bits of a mode, of unsigned bytes. */
  private static final int DEPTH_BITS = 7;

  private BgrImage() {}

  /**
   * The picture.
   *
   * @param name for messages where the struct has no origin
   * @throws ImageException if it is none, as where the source could not decode a file
   */
  static RgbImage of(Row image, String name) {
    String origin = image.getAs("origin");
    String called = origin == null || origin.isEmpty() ? name : origin;
    int height = number(image, "height", called);
    int width = number(image, "width", called);
    int channels = number(image, "nChannels", called);
    int mode = number(image, "mode", called);
    byte[] data = image.getAs("data");
    if (height < 1 || width < 1 || data == null) {
      throw new ImageException(
          called,
          "was not decoded by the source 'image' (%dx%d); read it as 'binaryFile', which says why"
              .formatted(width, height));
    }
    if ((channels != 1 && channels != 3 && channels != 4) || (mode & DEPTH_BITS) != 0) {
      throw new ImageException(
          called,
          "has %d channels and OpenCV's mode %d, expected 1, 3 or 4 of unsigned bytes"
              .formatted(channels, mode));
    }
    long expected = (long) height * width * channels;
    if (data.length != expected) {
      throw new ImageException(
          called,
          "has %d bytes, expected %d: %d rows of %d pixels of %d channels"
              .formatted(data.length, expected, height, width, channels));
    }
    if (expected / channels * 3 > Integer.MAX_VALUE) {
      throw new ImageException(called, "has %dx%d pixels, too many".formatted(width, height));
    }
    return RgbImage.of(width, height, rgb(data, channels));
  }

  private static byte[] rgb(byte[] data, int channels) {
    byte[] rgb = new byte[data.length / channels * 3];
    for (int from = 0, to = 0; from < data.length; from += channels, to += 3) {
      rgb[to] = data[channels == 1 ? from : from + 2];
      rgb[to + 1] = data[channels == 1 ? from : from + 1];
      rgb[to + 2] = data[from];
    }
    return rgb;
  }

  private static int number(Row image, String field, String name) {
    @Nullable Integer value = image.getAs(field);
    if (value == null) {
      throw new ImageException(name, "has no " + field);
    }
    return value;
  }
}
