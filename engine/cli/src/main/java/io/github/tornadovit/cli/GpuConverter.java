package io.github.tornadovit.cli;

import io.github.tornadovit.kernels.backend.Gpu;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A name of the table, or a file of figures, to a GPU. */
final class GpuConverter implements ITypeConverter<Gpu> {
  GpuConverter() {}

  @Override
  public Gpu convert(String text) {
    try {
      return Gpu.of(text);
    } catch (IllegalArgumentException none) {
      throw new TypeConversionException(none.getMessage());
    }
  }
}
