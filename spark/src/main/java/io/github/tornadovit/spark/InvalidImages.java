package io.github.tornadovit.spark;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What becomes of a row whose image cannot be read. */
enum InvalidImages {
  /** It stays, with nulls for answers and the reason in the error column. */
  KEEP,
  /** It is left out, and counted. */
  SKIP,
  /** The job fails. */
  ERROR;

  /** As the parameter {@code handleInvalid} names it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> labels() {
    return Stream.of(values()).map(InvalidImages::label).toList();
  }

  static InvalidImages of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
