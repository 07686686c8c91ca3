package io.github.tornadovit.cli;

import java.io.PrintWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints JSON, indented for people. */
final class Json {
  private static final JsonMapper INDENTED =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Json() {}

  static void print(Object value, PrintWriter out) {
    out.println(INDENTED.writeValueAsString(value));
    out.flush();
  }
}
