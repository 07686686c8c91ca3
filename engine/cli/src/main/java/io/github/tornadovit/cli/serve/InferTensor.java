package io.github.tornadovit.cli.serve;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An input of an {@link InferRequest}.
 *
 * @param name of the model's input
 * @param datatype of the protocol: {@code BYTES}, {@code FP32}
 * @param shape as the caller says, not compared with the data
 * @param data row-major
 */
record InferTensor(String name, String datatype, List<Integer> shape, TensorData data) {
  private static final int MAX_RANK = 8;

  static InferTensor read(JsonBody json, BinaryTail tail) throws Refusal {
    Reader reader = new Reader();
    json.object("an input", key -> reader.field(json, key));
    return reader.tensor(tail);
  }

  /** Collects the fields, in whatever order they come. */
  private static final class Reader {
    private final TensorData data = new TensorData();
    private final List<Integer> shape = new ArrayList<>();
    private String name = "";
    private String datatype = "";
    private boolean hasData;
    private @Nullable Integer binaryBytes;

    boolean field(JsonBody json, String key) throws Refusal {
      switch (key) {
        case "name" -> name = json.text("an input's name");
        case "datatype" -> datatype = json.text("datatype");
        case "shape" ->
            json.array(
                "shape",
                () -> {
                  shape.add(json.number("an extent of a shape", 0, Integer.MAX_VALUE));
                  if (shape.size() > MAX_RANK) {
                    throw Refusal.bad("a shape has more than %d extents".formatted(MAX_RANK));
                  }
                });
        case "data" -> {
          hasData = true;
          json.tensor("data", data);
        }
        case "parameters" ->
            json.object("an input's parameters", parameter -> parameter(json, parameter));
        default -> {
          return false;
        }
      }
      return true;
    }

    private boolean parameter(JsonBody json, String key) throws Refusal {
      if (!key.equals("binary_data_size")) { // Shared memory, for instance.
        return false;
      }
      binaryBytes = json.number(key, 0, Integer.MAX_VALUE);
      return true;
    }

    InferTensor tensor(BinaryTail tail) throws Refusal {
      String input = "input '" + name + "'";
      if (hasData == (binaryBytes != null)) {
        throw Refusal.bad(input + " needs either data or binary_data_size");
      }
      if (binaryBytes != null) {
        ByteBuffer bytes = tail.take(binaryBytes, input);
        if (datatype.equals("BYTES")) {
          data.addTexts(bytes, input);
        } else if (datatype.equals("FP32")) {
          data.addNumbers(bytes, input);
        }
      }
      return new InferTensor(name, datatype, shape, data);
    }
  }
}
