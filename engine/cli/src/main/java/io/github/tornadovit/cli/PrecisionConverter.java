package io.github.tornadovit.cli;

import io.github.tornadovit.base.Precision;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a precision by its {@linkplain Precision#label label}. */
final class PrecisionConverter implements ITypeConverter<Precision> {
  @Override
  public Precision convert(String text) {
    return Precision.of(text)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' is no precision, expected one of %s"
                        .formatted(text, Precision.labels())));
  }
}
