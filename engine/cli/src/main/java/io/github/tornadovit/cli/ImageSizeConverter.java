package io.github.tornadovit.cli;

import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 384} or {@code 384x512}, height first, to an image size. */
final class ImageSizeConverter implements ITypeConverter<Extent> {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(?:x(\\d{1,9}))?");

  ImageSizeConverter() {}

  @Override
  public Extent convert(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no image size, expected N or HEIGHTxWIDTH in pixels");
    }
    int height = Integer.parseInt(size.group(1));
    return new Extent(height, size.group(2) == null ? height : Integer.parseInt(size.group(2)));
  }
}
