package io.github.tornadovit.cli.serve;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of the Open Inference Protocol v2 over HTTP, {@code inference_request} of its
 * specification, with Triton's extensions for binary tensors and classification.
 *
 * @param id that the answer repeats; null for none
 * @param inputs at least one
 * @param outputs those asked for; empty for the model's defaults
 * @param binary whether outputs that do not say it come as binary tensors
 */
record InferRequest(
    @Nullable String id, List<InferTensor> inputs, List<InferOutput> outputs, boolean binary) {
  private static final int MAX_TENSORS = 16;

  /**
   * Reads a body.
   *
   * @param jsonBytes the header {@code Inference-Header-Content-Length}: where the JSON ends and
   *     binary tensors begin; null if all is JSON
   */
  static InferRequest read(byte[] body, @Nullable String jsonBytes) throws Refusal {
    int length = jsonBytes == null ? body.length : length(jsonBytes, body.length);
    BinaryTail tail = new BinaryTail(body, length);
    Reader reader = new Reader(tail);
    JsonBody.read(body, length, json -> json.object("the body", key -> reader.field(json, key)));
    if (reader.inputs.isEmpty()) {
      throw Refusal.bad("the body has no inputs");
    }
    tail.requireEmpty();
    return new InferRequest(reader.id, reader.inputs, reader.outputs, reader.binary);
  }

  private static int length(String header, int most) throws Refusal {
    try {
      int length = Integer.parseInt(header.strip());
      if (length >= 0 && length <= most) {
        return length;
      }
    } catch (NumberFormatException _) {
      // As wrong as one that is out of range.
    }
    throw Refusal.bad(
        "Inference-Header-Content-Length is '%s', expected 0 to the %d bytes of the body"
            .formatted(header, most));
  }

  private static final class Reader {
    private final BinaryTail tail;
    private final List<InferTensor> inputs = new ArrayList<>();
    private final List<InferOutput> outputs = new ArrayList<>();
    private @Nullable String id;
    private boolean binary;

    Reader(BinaryTail tail) {
      this.tail = tail;
    }

    boolean field(JsonBody json, String key) throws Refusal {
      switch (key) {
        case "id" -> id = json.text("id");
        case "inputs" -> json.array("inputs", () -> add(inputs, InferTensor.read(json, tail)));
        case "outputs" -> json.array("outputs", () -> add(outputs, InferOutput.read(json)));
        case "parameters" -> json.object("parameters", name -> parameter(json, name));
        default -> {
          return false;
        }
      }
      return true;
    }

    /**
     * Others are for sequences and schedulers, which there are none of; the protocol lets them be.
     */
    private boolean parameter(JsonBody json, String key) throws Refusal {
      if (key.equals("binary_data_output")) {
        binary = json.flag(key);
      } else {
        json.skip();
      }
      return true;
    }

    private static <T> void add(List<T> list, T element) throws Refusal {
      if (list.size() == MAX_TENSORS) {
        throw Refusal.bad("more than %d tensors".formatted(MAX_TENSORS));
      }
      list.add(element);
    }
  }
}
