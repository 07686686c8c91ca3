package io.github.tornadovit.cli.serve;

import org.jspecify.annotations.Nullable;

/**
 * An output that an {@link InferRequest} asks for.
 *
 * @param name of the model's output
 * @param classes this many best as texts, as Triton's classification extension has it; 0 for values
 * @param binary whether it comes behind the JSON; null where the request decides
 */
record InferOutput(String name, int classes, @Nullable Boolean binary) {

  static InferOutput read(JsonBody json) throws Refusal {
    Reader reader = new Reader();
    json.object("an output", key -> reader.field(json, key));
    return new InferOutput(reader.name, reader.classes, reader.binary);
  }

  private static final class Reader {
    private String name = "";
    private int classes;
    private @Nullable Boolean binary;

    boolean field(JsonBody json, String key) throws Refusal {
      switch (key) {
        case "name" -> name = json.text("an output's name");
        case "parameters" ->
            json.object("an output's parameters", parameter -> parameter(json, parameter));
        default -> {
          return false;
        }
      }
      return true;
    }

    private boolean parameter(JsonBody json, String key) throws Refusal {
      switch (key) {
        case "classification" -> classes = json.number(key, 0, Integer.MAX_VALUE);
        case "binary_data" -> binary = json.flag(key);
        default -> {
          return false;
        }
      }
      return true;
    }
  }
}
