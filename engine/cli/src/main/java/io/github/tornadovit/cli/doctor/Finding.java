package io.github.tornadovit.cli.doctor;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of a report.
 *
 * @param section that it belongs to, for example {@code java}
 * @param name of what was looked at
 * @param status what it means
 * @param value what was found
 * @param remedy what to do about it; null if nothing
 */
public record Finding(
    String section, String name, Status status, String value, @Nullable String remedy) {

  /** The severity of a finding. */
  public enum Status {
    /** As it should be. */
    OK,
    /** It works, though slower or with less than there could be. */
    WARNING,
    /** Something that was asked for does not work. */
    FAILURE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String section, String name, String value) {
    return new Finding(section, name, Status.OK, value, null);
  }

  static Finding warning(String section, String name, String value, String remedy) {
    return new Finding(section, name, Status.WARNING, value, remedy);
  }

  static Finding failure(String section, String name, String value, String remedy) {
    return new Finding(section, name, Status.FAILURE, value, remedy);
  }
}
