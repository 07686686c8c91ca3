package io.github.tornadovit.cli.serve;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as Hugging Face's inference clients send it: an image file as it is, or {@code
 * {"inputs": "base64", "parameters": {…}}}; of {@code feature_extraction} the parameters stand
 * beside the inputs.
 *
 * @param images at least one
 * @param list whether the inputs are a list, which is answered by a list
 * @param named whether there are parameters, as only {@code image_classification} sends them
 * @param json whether it is JSON
 * @param topK null for the default
 * @param function what makes scores of logits; null for what the model was trained with
 * @param normalize whether features have length 1; null for not said
 */
record HuggingFaceRequest(
    List<Input.File> images,
    boolean list,
    boolean named,
    boolean json,
    @Nullable Integer topK,
    @Nullable String function,
    @Nullable Boolean normalize) {

  private static final class Reader {
    private final List<Input.File> images = new ArrayList<>();
    private final int most;
    private boolean list;
    private boolean named;
    private @Nullable Integer topK;
    private @Nullable String function;
    private @Nullable Boolean normalize;

    Reader(int most) {
      this.most = most;
    }

    boolean field(JsonBody json, String key) throws Refusal {
      if (json.isNull() && !key.equals("inputs")) {
        return true;
      }
      switch (key) {
        case "inputs" -> inputs(json);
        case "parameters" -> {
          named = true;
          json.object("parameters", name -> parameter(json, name));
        }
        case "normalize" -> normalize = json.flag("normalize");
        default -> {
          return false;
        }
      }
      return true;
    }

    private void inputs(JsonBody json) throws Refusal {
      if (json.isArray()) {
        list = true;
        json.array("inputs", () -> image(json));
      } else {
        image(json);
      }
    }

    private void image(JsonBody json) throws Refusal {
      if (images.size() == most) {
        throw Refusal.tooLarge("inputs has more than %d images".formatted(most));
      }
      images.add(new Input.File(json.base64("inputs"), "inputs"));
    }

    private boolean parameter(JsonBody json, String key) throws Refusal {
      if (json.isNull()) {
        return true;
      }
      switch (key) {
        case "top_k" -> topK = json.number("top_k", 1, Integer.MAX_VALUE);
        case "function_to_apply" -> function = json.text("function_to_apply");
        case "normalize" -> normalize = json.flag("normalize");
        default -> {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Reads a body.
   *
   * @param most images
   */
  static HuggingFaceRequest read(byte[] body, int most) throws Refusal {
    if (!isJson(body)) {
      List<Input.File> image = List.of(new Input.File(body, "the body"));
      return new HuggingFaceRequest(image, false, false, false, null, null, null);
    }
    Reader reader = new Reader(most);
    JsonBody.read(
        body, body.length, json -> json.object("the body", key -> reader.field(json, key)));
    if (reader.images.isEmpty()) {
      throw Refusal.bad("the body has no inputs, expected an image file in base64");
    }
    return new HuggingFaceRequest(
        reader.images,
        reader.list,
        reader.named,
        true,
        reader.topK,
        reader.function,
        reader.normalize);
  }

  /** No image file begins like an object; clients give its type as JSON, or as nothing. */
  private static boolean isJson(byte[] body) {
    for (byte value : body) {
      if (value != ' ' && value != '\n' && value != '\r' && value != '\t') {
        return value == '{';
      }
    }
    return false;
  }
}
