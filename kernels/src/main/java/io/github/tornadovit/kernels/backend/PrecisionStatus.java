package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.base.Precision;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whether a backend multiplies in a precision here.
 *
 * @param precision of the products
 * @param device what multiplies, with the instructions; null if nothing does
 * @param problem why nothing does, and what does; null if it does
 */
public record PrecisionStatus(
    Precision precision, @Nullable String device, @Nullable String problem) {
  /**
   * What a backend has, or why not.
   *
   * @param device of a precision that it has
   */
  static PrecisionStatus of(
      BackendChoice choice, Precision precision, Function<Precision, DeviceInfo> device) {
    try {
      Backends.requirePrecision(choice, null, precision);
      return new PrecisionStatus(precision, device.apply(precision).name(), null);
    } catch (IllegalArgumentException | BackendException missing) {
      return new PrecisionStatus(precision, null, missing.getMessage());
    }
  }

  /** For people: what multiplies, or why nothing does. */
  @Override
  public String toString() {
    return String.valueOf(device == null ? problem : device);
  }
}
