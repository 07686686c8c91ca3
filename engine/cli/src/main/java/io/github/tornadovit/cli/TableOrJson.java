package io.github.tornadovit.cli;

import picocli.CommandLine.Option;

/** The option {@code --format} of the commands that print a table or JSON. */
final class TableOrJson {
  enum Format {
    TABLE,
    JSON
  }

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private Format format = Format.TABLE;

  Format chosen() {
    return format;
  }
}
